"""`build`: constructing, building, calling or saving the layer raises at the line, or leaves it without its weights."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING, Any

from keras_layer_lint.confirm.edits import Edit, lines_of
from keras_layer_lint.confirm.hooks import hooks_of, own_observation
from keras_layer_lint.confirm.oracles import running
from keras_layer_lint.confirm.oracles.blame import blamed, is_raised_at
from keras_layer_lint.confirm.oracles.deciding import decide
from keras_layer_lint.confirm.oracles.reaching import reaching
from keras_layer_lint.confirm.oracles.trial import NotRun, NotSeen, Trial
from keras_layer_lint.confirm.probe import Claim
from keras_layer_lint.confirm.subject import LinesRun, brief

if TYPE_CHECKING:
    from keras_layer_lint.confirm.planning.plan import Plan

_NEXT: dict[Edit | None, Edit] = {None: "stand-in", "stand-in": "statement", "statement": "dropped"}


def run(trial: Trial, claims: Sequence[Claim]) -> None:
    """Each finding on its own."""
    for claim in claims:
        observe = own_observation(trial, claim) or lifecycle
        decide(trial, claim, observe, refutes_uncalled=hooks_of(claim).refutes_uncalled)


@dataclass(frozen=True, slots=True)
class Variant:
    """How a rule departs from what constructing, calling, tracing and training a layer says of a line."""

    prepare: Callable[[Trial, Claim, Plan], None] | None = None
    """Changes the class before it is run."""
    explains: Callable[[Trial, Claim, Plan, Exception], bool] | None = None
    """Whether an error is the one that a claim speaks of, in place of `speaks_of`."""
    silent: Callable[[Trial, Plan], str] | None = None
    """What is seen where nothing raises."""


_USUAL = Variant()


def lifecycle(trial: Trial, claim: Claim, variant: Variant = _USUAL) -> str:
    """Constructing, calling, tracing, training or saving the layer raises at the line.

    What fails elsewhere first gets something to stand in for it. Where the line is that of a `def`, Keras raises
    elsewhere: then not once the base class is initialised.
    """
    explains = variant.explains or speaks_of
    seen: list[str] = []
    edits: dict[Claim, Edit] = {}
    own = set(range(claim.line, claim.end_line + 1))
    reached: set[int] = set()
    arguments: str | None = None
    """Others than the plan's, with which the line is reached."""
    while True:
        made = trial.edited(edits) if edits else (trial.fresh(), None)
        if made is None:
            break
        plan = made[0] if arguments is None else replace(made[0], arguments=arguments)
        if variant.prepare is not None:
            variant.prepare(trial, claim, plan)
        with LinesRun(trial.subject.path) as lines:
            errors = errors_of(trial, plan)
        reached |= lines
        if (error := next((each for each in errors if explains(trial, claim, plan, each)), None)) is not None:
            trial.repairs[claim] = "dropped"
            return brief(error)
        others = [claim_ for error in errors if (claim_ := _other(trial, claim, edits, error)) is not None]
        is_stuck = not others and arguments is None and own.isdisjoint(reached)
        unreached = set(lines_of(trial.probe.claims)) - reached  # another finding may stand on the way to the line
        if is_stuck and (other_plan := next(chain(*(reaching(trial, plan, to) for to in (own, unreached))), None)):
            arguments = other_plan.arguments
            trial.show(other_plan)
            continue
        if not errors and own.isdisjoint(reached):
            raise NotRun("the line was not reached")
        if not errors and not edits:
            if variant.silent is not None:
                return variant.silent(trial, plan)
            raise NotSeen("constructed, called, traced and trained without an error")
        seen += map(brief, errors)
        if not others:
            break
        for other in dict.fromkeys(others):
            edits[other] = _NEXT[edits.get(other)]
    raise NotRun("; ".join(dict.fromkeys(seen)) or "nothing can stand in for another fault")


def _other(trial: Trial, claim: Claim, edits: dict[Claim, Edit], error: Exception) -> Claim | None:
    others = [other for other in trial.probe.claims if other != claim and edits.get(other) != "dropped"]
    return blamed(trial.framework, trial.subject, others, error)


def speaks_of(trial: Trial, claim: Claim, plan: Plan, error: Exception) -> bool:
    """Whether an error is raised at the line, or, at an `__init__`, only until the base class is initialised."""
    statement = trial.subject.source.statement(claim.line)
    if not isinstance(statement, ast.FunctionDef):
        return statement is not None and claim.names(error) and is_raised_at(trial.subject, claim, error)
    could_be_made = _can_be_made(plan)
    with initialised(trial, plan):
        if not could_be_made and not plan.given.tensors():
            return _can_be_made(plan)  # what it is called on is not known
        return not errors_of(trial, plan)


def _can_be_made(plan: Plan) -> bool:
    try:
        plan.make()
    except Exception:
        return False
    return True


@contextmanager
def initialised(trial: Trial, plan: Plan) -> Iterator[None]:
    """Within, the base class is initialised before anything else is done in the constructor."""
    had_own = "__init__" in vars(plan.cls)
    original = plan.cls.__init__
    keras = trial.framework.keras
    base = keras.Model if issubclass(plan.cls, keras.Model) else keras.layers.Layer
    plan.cls.__init__ = _initialised(base, original)
    try:
        yield
    finally:
        if had_own:
            plan.cls.__init__ = original
        else:
            del plan.cls.__init__


def _initialised(base: Any, original: Callable[..., None]) -> Callable[..., None]:
    def init(self: Any, *arguments: Any, **keywords: Any) -> None:
        base.__init__(self)
        original(self, *arguments, **keywords)
        vars(self).pop("_name_scope", None)  # `tf.Module.__init__` alone puts it where Keras 2 has a method

    init.__signature__ = inspect.signature(original)  # type: ignore[attr-defined]
    return init


def errors_of(trial: Trial, plan: Plan) -> list[Exception]:
    """The errors of everything that is done with a layer, each done on its own."""
    framework, cls = trial.framework, plan.cls

    def methods() -> None:
        layer = plan.make()
        running.eager(plan, layer)
        layer.get_config()
        for name, method in vars(cls).items():
            if inspect.isfunction(method) and list(inspect.signature(method).parameters) == ["self"] and name[0] != "_":
                method(layer)

    def fits() -> None:
        if issubclass(cls, framework.keras.Model):
            model = plan.make()
            model.compile("sgd", "mse")
            outputs = framework.values(running.eager(plan, model))
            model.train_on_batch(running.model_inputs(framework, plan)[0], outputs[0])

    errors: list[Exception] = []
    for stage in (methods, lambda: running.symbolic(plan), fits):
        try:
            stage()
        except Exception as error:  # noqa: PERF203
            errors.append(error)
    return errors
