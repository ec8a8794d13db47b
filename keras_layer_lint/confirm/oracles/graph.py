"""`graph`: tracing the layer raises at the line; or, traced, it computes something else than in eager mode."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from keras_layer_lint.confirm.edits import Edit, header
from keras_layer_lint.confirm.framework import Values
from keras_layer_lint.confirm.oracles import running
from keras_layer_lint.confirm.oracles.blame import blamed
from keras_layer_lint.confirm.oracles.seeds import seeds
from keras_layer_lint.confirm.oracles.trial import Trial, decide
from keras_layer_lint.confirm.planning.inputs import Inputs, Tensor
from keras_layer_lint.confirm.probe import Claim
from keras_layer_lint.confirm.steps import Steps
from keras_layer_lint.confirm.subject import LinesRun, brief
from keras_layer_lint.confirm.time_limit import DoesNotEnd, with_an_end

if TYPE_CHECKING:
    from keras_layer_lint.confirm.planning.plan import Plan

NAME = "graph"
_FAILS_WHEN_TRACED = frozenset(
    {"KLL101", "KLL102", "KLL103", "KLL104", "KLL111", "KLL112", "KLL113", "KLL121", "KLL124"}
)
"""What does not fail when traced has not failed; other codes may fail later, in a second trace or in training."""
_IN_EAGER_MODE = (TypeError, AttributeError, NotImplementedError, RuntimeError, NameError)
"""What a fault raises in eager mode, too; other errors are those of a plan that does not fit."""

_ALWAYS_RAISES = frozenset({"KLL115", "KLL131", "KLL132", "KLL144", "KLL145", "KLL147"})
"""What may raise anything in eager mode, too."""
_OF_VALUES = frozenset({"InvalidArgumentError", "MemoryError", "ResourceExhaustedError"})
"""Errors of an operation that was given values that do not fit."""

_SEQUENCE = (5, 4, 8)

Stage = tuple[str, Callable[["Plan"], object]]


def run(trial: Trial, claims: Sequence[Claim]) -> None:
    """Trace; where a line fails, confirm its finding, put what it computed in eager mode in its place, and go on."""
    raising = trial.framework.tf is None  # on JAX what KLL115 speaks of cannot be traced
    tracing = [claim for claim in claims if claim.code != "KLL115" or claim.severity == "error" or raising]
    for claim in claims:
        if claim not in tracing:
            decide(trial, claim, seeds)
    for group in (
        [claim for claim in tracing if claim.code != "KLL144"],
        [claim for claim in tracing if claim.code == "KLL144"],
    ):
        if group:
            trace(trial, group)


def trace(trial: Trial, claims: Sequence[Claim]) -> None:
    """Decide on findings by tracing, with other inputs where those of the plan do not show it."""
    edits: dict[Claim, Edit] = {}
    said: dict[Claim, str] = {}
    refuted: dict[Claim, str] = {}
    trial.fresh()
    for number, plan in enumerate(variants(trial, claims)):
        if not trial.undecided(claims) and (number or not trial.probe.everything):
            break
        tracing = Tracing(trial, plan, claims, edits)
        tracing.run()
        tracing.settle(said, refuted)
    trial.repairs |= edits
    if trial.framework.generation == "3" and trial.framework.tf is not None:
        for claim in trial.undecided(claims):
            if claim.code == "KLL121":
                _converted(trial, claim)
    for claim in trial.undecided(claims):
        if claim in refuted:
            trial.refute(claim, refuted[claim])
        else:
            trial.leave_open(claim, said.get(claim, "the line was not reached"))


def variants(trial: Trial, claims: Sequence[Claim]) -> Iterator[Plan]:
    """The plan, then with a mask, with one example, with larger values: what a line may wait for."""
    plan = trial.plan
    if any(claim.code == "KLL144" for claim in claims):
        plan = replace(plan, given=_list_without_mask(plan.given))
    yield plan
    for given in _other_inputs(trial, plan):
        if given == plan.given:
            continue
        changed = replace(plan, given=given)
        try:
            running.eager(changed)
        except Exception as error:
            if blamed(trial.framework, trial.subject, trial.probe.claims, error, traced=False) is None:
                continue
        yield changed


def _other_inputs(trial: Trial, plan: Plan) -> Iterator[Inputs]:
    given = plan.given
    if running.takes(plan.cls.call, "mask") and "mask" not in given.named:
        yield given.map(_masked)
        yield given.map(lambda tensor: _masked(replace(tensor, shape=_SEQUENCE) if len(tensor.shape) < 3 else tensor))
    size = given.batch
    yield given.map(
        lambda tensor: replace(tensor, shape=(1, *tensor.shape[1:]) if tensor.shape[:1] == (size,) else tensor.shape)
    )
    yield given.map(lambda tensor: replace(tensor, below=9.0) if "float" in tensor.dtype else tensor)


def _list_without_mask(given: Inputs) -> Inputs:
    """What KLL144 speaks of: a list of inputs, and no mask that the caller gives."""
    first = given.positional[0] if given.positional else None
    inputs = [first, first] if isinstance(first, Tensor) else first
    return Inputs((inputs,), {name: value for name, value in given.named.items() if name != "mask"})


def _masked(tensor: Tensor) -> Tensor:
    able = "float" in tensor.dtype and not tensor.kind and len(tensor.shape) > 1
    return replace(tensor, kind="masked") if able else tensor


class Tracing:
    """One plan traced again and again, with more and more findings out of the way."""

    def __init__(self, trial: Trial, plan: Plan, claims: Sequence[Claim], edits: dict[Claim, Edit]) -> None:
        self.trial = trial
        self.claims = claims
        self.edits = edits
        """Shared by all plans: what is decided stays out of the way."""
        self.plan = plan
        self.seen: list[str] = []
        self.reached: set[int] = set()

    def run(self) -> None:
        """Until nothing fails any more, or what fails cannot be put out of the way."""
        trial = self.trial
        if self.edits and not self._reload():
            self.seen.append("not all faults can be put out of the way at once")
            return
        while (fault := self._first_fault()) is not None:
            mode, error = fault
            line = trial.subject.line_of(error)
            claim = blamed(trial.framework, trial.subject, self._order(), error, traced=mode != "eager")
            if claim is None or self._lacks_what_was_dropped(error):
                where = "" if line is None else f"line {line}, "
                self.seen.append(f"{where}{mode}: {brief(error)}")
                trial.fail(NAME, f"{mode}: {brief(error)}", line)
                return
            if claim in self.claims and (mode != "eager" or _is_fault(claim, error)):
                trial.confirm(claim, brief(error), line)
            elif claim in self.claims and (told := self._when_traced(claim)):
                trial.confirm(claim, f"{told}; in eager mode {brief(error)}", line)
            elif claim in self.claims:
                self.seen.append(f"line {line} fails in eager mode: {brief(error)}")
            if not self._neutralise(claim):
                self.seen.append(f"masked by {claim.code} on line {claim.line}, for which nothing can stand in")
                return

    def _lacks_what_was_dropped(self, error: Exception) -> bool:
        return isinstance(error, NameError) and "dropped" in self.edits.values()

    def _when_traced(self, claim: Claim) -> str:
        """The error of tracing at a line that fails in eager mode in its own way."""
        try:
            running.symbolic(self.plan)
        except Exception as error:
            if blamed(self.trial.framework, self.trial.subject, [claim], error) == claim:
                return brief(error)
        return ""

    def settle(self, said: dict[Claim, str], refuted: dict[Claim, str]) -> None:
        """Decide on what did not fail: other values when traced, nothing of the kind, or not seen."""
        for claim in self.trial.undecided(self.claims):
            differs = "" if self.seen else self._differs(claim)
            if differs:
                self.trial.confirm(claim, differs, claim.line)
            elif self.seen:
                said.setdefault(claim, "; ".join(self.seen))
            elif not self.reached.isdisjoint(lines_of(self.trial, claim)):
                refuted.setdefault(claim, "traced without an error, with the values of eager mode")

    def _order(self) -> list[Claim]:
        """Open findings of this oracle first, then the others, last what is stood in for already."""
        trial = self.trial
        return sorted(
            (claim for claim in trial.probe.claims if self.edits.get(claim) != "dropped"),
            key=lambda claim: (claim in self.edits, claim not in self.claims, claim in trial.decided),
        )

    def _neutralise(self, claim: Claim) -> bool:
        """Put one more finding out of the way: something stands in for it, or its statement is dropped."""
        ways: tuple[Edit, ...] = ("stand-in", "statement", "dropped")
        before = self.edits.get(claim)
        for way in ways[ways.index(before) + 1 :] if before is not None else ways:
            self.edits[claim] = way
            if self._reload():
                return True
        self.edits.pop(claim, None)
        return False

    def _reload(self) -> bool:
        made = self.trial.edited(self.edits)
        if made is None:
            return False
        self.plan = replace(made[0], given=self.plan.given)
        self.trial.steps = made[1]
        return True

    def _first_fault(self) -> tuple[str, Exception] | None:
        endless: tuple[str, Exception] | None = None
        for mode, stage in self._stages():
            if endless is not None and stage is not running.symbolic:
                continue  # traced, too, it may run for ever
            with LinesRun(self.trial.subject.path) as lines:
                try:
                    with with_an_end():
                        stage(self.plan)
                except DoesNotEnd as error:
                    endless = endless or (mode, error)
                except Exception as error:
                    return mode, error
                finally:
                    self.reached |= lines
        return endless

    def _stages(self) -> Iterator[Stage]:
        """Each way of running the layer, an eager one first: what stands in for a line records there."""
        framework = self.trial.framework
        yield "eager", self._eager
        yield "functional model, unknown batch size", running.symbolic
        yield "traced function", self._traced
        if running.takes(self.plan.cls.call, "training") and "training" not in self.plan.given.named:
            for flag in (True, False):
                yield "eager", partial(self._eager, training=flag)
                yield f"traced function, training={flag}", partial(self._traced, training=flag)
        open_claims = self.trial.undecided(self.claims)
        if any(claim.code not in _FAILS_WHEN_TRACED for claim in open_claims) or self.trial.probe.everything:
            yield "eager", self._eager
            yield "traced again", _twice
            yield "in a subclassed model", lambda plan: running.in_a_model(framework, plan)
            yield "training", lambda plan: running.train(framework, plan)

    def _traced(self, plan: Plan, **more: Any) -> None:
        running.traced(self.trial.framework, plan, **more)

    def _eager(self, plan: Plan, **more: Any) -> None:
        if self.trial.steps is not None:
            self.trial.steps.forget()
        running.eager(plan, **more)

    def _differs(self, claim: Claim) -> str:
        """The two values where tracing changes what is computed, and not once something stands in for the line."""
        found = self._two_values(self.plan)
        if not found or claim.code == "KLL121":
            return found
        made = self.trial.edited({**self.edits, claim: "stand-in"})
        if made is not None:
            self.trial.steps = made[1]
            try:
                if self._two_values(replace(made[0], given=self.plan.given)):
                    return ""
            except Exception:
                return ""
        return found

    def _two_values(self, plan: Plan) -> str:
        framework = self.trial.framework
        layer = plan.make()
        if self.trial.steps is not None:
            self.trial.steps.forget()
        eager = framework.values(running.eager(plan, layer))
        if not framework.same(eager, framework.values(running.eager(plan, layer))):
            return ""  # random
        if self.trial.steps is not None:
            self.trial.steps.forget()
            running.eager(plan, layer)
        try:
            traced = framework.values(running.traced(framework, plan, layer, unknown_batch=True))
        except Exception as error:
            return f"traced it runs into {brief(error)}"
        if framework.same(eager, traced):
            return ""
        return f"other values when traced: {_first(traced)} for {_first(eager)}"


def _is_fault(claim: Claim, error: Exception) -> bool:
    """Whether an error of eager mode is what the finding speaks of, and not that of a plan that does not fit."""
    of_values = type(error).__name__ in _OF_VALUES
    if isinstance(error, _IN_EAGER_MODE) or (claim.code in _ALWAYS_RAISES and not of_values):
        return True
    return any(cls.__name__ in claim.message for cls in type(error).__mro__)


def _converted(trial: Trial, claim: Claim) -> None:
    """KLL121 in Keras 3: the loop is the first fault; in a function that AutoGraph converts the list is the next."""
    edits: dict[Claim, Edit] = {}
    while True:
        made = trial.edited(edits) if edits else (trial.fresh(), Steps(trial.framework))
        if made is None:
            return
        plan, trial.steps = made
        plan.cls.call = trial.framework.tf.function(plan.cls.call)
        others = [other for other in trial.probe.claims if other not in edits]
        try:
            running.symbolic(plan)
            running.traced(trial.framework, plan)
        except Exception as error:
            found = blamed(trial.framework, trial.subject, [claim, *others], error)
            if found == claim:
                trial.confirm(
                    claim, f"with the loop converted by AutoGraph: {brief(error)}", trial.subject.line_of(error)
                )
            if found is None or found == claim:
                return
            edits[found] = "stand-in"
            continue
        return


def _twice(plan: Plan) -> None:
    layer = plan.make()
    running.symbolic(plan, layer)
    running.symbolic(plan, layer)


def lines_of(trial: Trial, claim: Claim) -> set[int]:
    """The lines of a finding and of the statement it stands in."""
    statement = trial.subject.source.statement(claim.line)
    own = set(range(claim.line, claim.end_line + 1))
    return own if statement is None else own | set(header(statement))


def _first(values: Values) -> str:
    return str(values[0].ravel()[:3].tolist()) if values else "nothing"
