"""`build`: constructing, building, calling or saving the layer raises at the line, or leaves it without its weights."""

from __future__ import annotations

import ast
import functools
import inspect
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING, Any

from keras_layer_lint.confirm.edits import Edit, header, lines_of
from keras_layer_lint.confirm.oracles import running
from keras_layer_lint.confirm.oracles.blame import blamed
from keras_layer_lint.confirm.oracles.reaching import reaching
from keras_layer_lint.confirm.oracles.saving import loses_weights
from keras_layer_lint.confirm.oracles.tracking import held
from keras_layer_lint.confirm.oracles.trial import NotRun, Trial, Unproved, decide
from keras_layer_lint.confirm.probe import Claim
from keras_layer_lint.confirm.subject import LinesRun, brief

if TYPE_CHECKING:
    from keras_layer_lint.confirm.planning.plan import Plan

_NEXT: dict[Edit | None, Edit] = {None: "stand-in", "stand-in": "statement", "statement": "dropped"}


def run(trial: Trial, claims: Sequence[Claim]) -> None:
    """Each finding on its own."""
    special: dict[str, Callable[[Trial, Claim], str]] = {
        "KLL201": weights_before_input,
        "KLL202": missing_super_build,
    }
    for claim in claims:
        decide(trial, claim, special.get(claim.code, lifecycle), needs_call=claim.code != "KLL201")


def weights_before_input(trial: Trial, claim: Claim) -> str:
    """KLL201: constructing the layer runs the line and leaves it with weights."""
    plan = trial.fresh()
    own = set(range(claim.line, claim.end_line + 1))
    layer, lines = _constructed(trial, claim, plan)
    if own.isdisjoint(lines) and (other := next(reaching(trial, plan, own), None)) is not None:
        trial.show(other)
        layer, lines = _constructed(trial, claim, other)
    if isinstance(layer, str):
        return layer
    weights = held(trial.framework, list(vars(layer).values()))
    if own.isdisjoint(lines):
        raise NotRun("the line was not reached")
    if not weights:
        raise Unproved("has no weight when constructed")
    names = ", ".join(str(getattr(weight, "name", "?")) for weight in weights[:4])
    return f"constructed, before any input, it has {len(weights)} weight{'s' * (len(weights) > 1)}: {names}"


def _constructed(trial: Trial, claim: Claim, plan: Plan) -> tuple[Any, set[int]]:
    """The layer, and the lines that constructing it ran; an error where that is what the line is marked for, too."""
    with LinesRun(trial.subject.path) as lines:
        try:
            return plan.make(), lines
        except Exception as error:
            marked = any(other.line == claim.line and other.severity == "error" for other in trial.probe.claims)
            if marked and blamed(trial.framework, trial.subject, [claim], error) == claim:
                return f"constructed: {brief(error)}", lines
            raise NotRun(f"could not be constructed: {brief(error)}") from error


def missing_super_build(trial: Trial, claim: Claim) -> str:
    """KLL202: as it stands, and with `super().build(...)` put in."""
    plan = trial.fresh()
    cls = plan.cls
    if "build" not in vars(cls):
        raise NotRun("the class has no build of its own")
    original = vars(cls)["build"]

    takes_shape = len(inspect.signature(original).parameters) > 1

    def build(self: Any, input_shape: Any) -> None:
        super(cls, self).build(input_shape)
        original(self, *([input_shape] if takes_shape else []))

    if claim.severity == "error":
        try:
            running.eager(plan)
        except Exception as error:
            cls.build = build
            try:
                running.eager(plan)
            except Exception as still:
                raise NotRun(f"the first call raises with super().build, too: {brief(still)}") from error
            return f"first call: {brief(error)}; fine with super().build"
        raise Unproved("the first call raises nothing")
    if claim.severity == "warning":
        kept = _keeps_weights(trial, plan)
        cls.build = build
        if not _keeps_weights(trial, plan):
            raise NotRun("loses its weights with super().build, too")
        if kept:
            raise Unproved("keeps the weights that were set")
        return "built by hand, the first call replaced its weights; not with super().build"
    return _not_reached(trial, plan)


def _not_reached(trial: Trial, plan: Plan) -> str:
    """The layer works, and the `build` of its base was not called."""
    reached = []
    base = next(base for base in plan.cls.__mro__[1:] if "build" in vars(base))
    base_build = base.build

    @functools.wraps(base_build)  # Keras 3 looks at its signature
    def recorded(self: Any, *shapes: Any, **named: Any) -> None:
        reached.append(self)
        base_build(self, *shapes, **named)

    base.build = recorded
    try:
        running.eager(plan, layer := plan.make())
    finally:
        base.build = base_build
    if any(item is layer for item in reached):
        raise Unproved(f"{base.__name__}.build was reached")
    return f"works, and {base.__name__}.build was not reached"


def _keeps_weights(trial: Trial, plan: Plan) -> bool:
    layer = plan.make()
    args, _ = plan.symbolic(None)
    shape = getattr(args[0], "shape", None) if args else None
    if shape is None:
        raise NotRun("what the layer takes is not one tensor")
    layer.build(tuple(shape))
    marked = [weight * 0 + 7 for weight in layer.get_weights()]
    if not marked:
        raise NotRun("it has no weights once built")
    layer.set_weights(marked)
    running.eager(plan, layer)
    after = layer.get_weights()  # and those that sublayers have made since
    return all(any(trial.framework.same([weight], [other]) for other in after) for weight in marked)


def lifecycle(trial: Trial, claim: Claim) -> str:
    """Constructing, calling, tracing, training or saving the layer raises at the line.

    What fails elsewhere first gets something to stand in for it. Where the line is that of a `def`, Keras raises
    elsewhere: then with the arguments it names in the error, or not once the base class is initialised.
    """
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
        if claim.code == "KLL211":
            _drop_other_definitions(trial, claim, plan.cls)
        with LinesRun(trial.subject.path) as lines:
            errors = _life(trial, plan)
        reached |= lines
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
            if claim.code == "KLL212":  # silent, then
                return loses_weights(trial, plan)
            raise Unproved("constructed, called, traced and trained without an error")
        for error in errors:
            if _explains(trial, claim, plan, error):
                trial.repairs[claim] = "dropped"
                return brief(error)
            seen.append(brief(error))
        if not others:
            break
        for other in dict.fromkeys(others):
            edits[other] = _NEXT[edits.get(other)]
    raise NotRun("; ".join(dict.fromkeys(seen)) or "nothing can stand in for another fault")


def _other(trial: Trial, claim: Claim, edits: dict[Claim, Edit], error: Exception) -> Claim | None:
    others = [other for other in trial.probe.claims if other != claim and edits.get(other) != "dropped"]
    return blamed(trial.framework, trial.subject, others, error)


def _drop_other_definitions(trial: Trial, claim: Claim, cls: Any) -> None:
    for other in trial.probe.claims:
        statement = trial.subject.source.statement(other.line)
        if other != claim and isinstance(statement, ast.FunctionDef) and statement.name in vars(cls):
            delattr(cls, statement.name)


def _explains(trial: Trial, claim: Claim, plan: Plan, error: Exception) -> bool:
    statement = trial.subject.source.statement(claim.line)
    if not isinstance(statement, ast.FunctionDef):
        line = trial.subject.line_of(error)
        if line is not None and statement is not None and line in header(statement):
            return True
        if claim.code != "KLL212":
            return False
        # What the line breaks may show only later, and not if the line is dropped.
        made = trial.edited({claim: "dropped"})
        return made is not None and not _life(trial, made[0])
    if claim.code == "KLL211":
        return any(name in str(error) for name in re.findall(r"\w+_shape", claim.message)) or (
            isinstance(error, TypeError) and f"{statement.name}()" in str(error)
        )
    original = plan.cls.__init__
    plan.cls.__init__ = _initialised(trial.framework.keras.layers.Layer, original)
    repaired = not _life(trial, plan)
    plan.cls.__init__ = original
    return repaired


def _initialised(layer_class: Any, original: Callable[..., None]) -> Callable[..., None]:
    def init(self: Any, *arguments: Any, **keywords: Any) -> None:
        layer_class.__init__(self)
        original(self, *arguments, **keywords)

    init.__signature__ = inspect.signature(original)  # type: ignore[attr-defined]
    return init


def _life(trial: Trial, plan: Plan) -> list[Exception]:
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
