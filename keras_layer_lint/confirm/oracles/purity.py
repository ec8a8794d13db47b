"""`purity`: the line runs at each call in eager mode, and at none once the layer is traced."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any

from keras_layer_lint.confirm.edits import Edit
from keras_layer_lint.confirm.oracles import fitting, graph, running
from keras_layer_lint.confirm.oracles.blame import blamed
from keras_layer_lint.confirm.oracles.counting import Counting
from keras_layer_lint.confirm.oracles.deciding import decide
from keras_layer_lint.confirm.oracles.reaching import reaching
from keras_layer_lint.confirm.oracles.trial import NotRun, NotSeen, Trial
from keras_layer_lint.confirm.probe import Claim
from keras_layer_lint.confirm.subject import brief
from keras_layer_lint.rule import ErrorPlace

if TYPE_CHECKING:
    from keras_layer_lint.confirm.planning.plan import Plan

_TRIES = 8
"""For a line that not every call reaches."""
_LATER = 3


def run(trial: Trial, claims: Sequence[Claim]) -> None:
    """Errors are for tracing to show; the others are counted."""
    raising = [claim for claim in claims if claim.gravity == "error"]
    if raising:
        graph.trace(trial, raising)
    for claim in claims:
        if claim not in raising:
            decide(trial, claim, _runs_once)


class _AnotherFault(Exception):
    """The layer fails, and not at the line that is watched."""

    def __init__(self, error: Exception, seen: str) -> None:
        self.error = error
        self.seen = seen
        """What was counted before it failed; empty where the line was not reached while tracing."""


def _runs_once(trial: Trial, claim: Claim) -> str:
    """Watch the line, with the findings out of the way that keep the layer from being traced."""
    out_of_the_way: dict[Claim, Edit] = {}
    as_it_stands: _AnotherFault | None = None
    while True:
        made = _watched(trial, claim, out_of_the_way)
        if made is None:
            raise NotRun("the line cannot be watched")
        try:
            return _seen(trial, claim, *made)
        except _AnotherFault as fault:
            as_it_stands = as_it_stands or fault
            others = [other for other in trial.probe.claims if other != claim and other not in out_of_the_way]
            found = blamed(trial.framework, trial.subject, others, fault.error)
            if found is None or _watched(trial, claim, {**out_of_the_way, found: "stand-in"}) is None:
                return _before_another_fault(trial, as_it_stands, fault)
            out_of_the_way[found] = "stand-in"


def _before_another_fault(trial: Trial, as_it_stands: _AnotherFault, last: _AnotherFault) -> str:
    """What was seen of the line where the layer cannot be traced: as it stands, or with findings out of the way."""
    line = trial.subject.line_of(as_it_stands.error)
    fails = f"{'it' if line is None else f'line {line}'} fails: {brief(as_it_stands.error)}"
    if as_it_stands.seen:
        return f"{as_it_stands.seen}; then {fails}"
    if last.seen:
        return last.seen
    raise NotRun(f"called again or traced, {fails}")


def _watched(trial: Trial, claim: Claim, out_of_the_way: Mapping[Claim, Edit]) -> tuple[Plan, Counting] | None:
    """The layer with its line counted, and the counter."""
    as_arrays = {number for number, other in enumerate(out_of_the_way, 1) if other.may_fail_at(ErrorPlace.READ)}
    steps = Counting(trial.framework, as_arrays)
    ways: tuple[Edit, ...] = ("told", "statement", "stand-in")
    made = (trial.edited({claim: way, **out_of_the_way}, steps) for way in ways)
    return next(((found[0], steps) for found in made if found is not None), None)


def _seen(trial: Trial, claim: Claim, plan: Plan, steps: Counting) -> str:
    is_called = not fitting.is_fitted(trial.framework, plan.cls)
    for watched in chain([plan], reaching(trial, plan, set(range(claim.line, claim.end_line + 1)))):
        trial.show(watched)
        for more in running.ways(watched) if is_called else ():
            if seen := _counted(trial, claim, watched, steps, more):
                return seen
    trial.show(plan)
    if seen := _counted_in_fit(trial, plan, steps):
        return seen
    raise NotRun("the line was not reached")


def _counted_in_fit(trial: Trial, plan: Plan, steps: Counting) -> str:
    """As `_counted`, in what `fit` runs beside `call`."""
    fitted = fitting.fitting_of(trial.framework, plan)
    if fitted is None:
        return ""
    counts = []
    for eager in (True, False):
        steps.forget()
        fitted.run(eager=eager, epochs=_TRIES)
        counts.append(steps.runs)
    in_eager_mode, traced = counts
    if in_eager_mode < _TRIES or not traced:
        return ""
    if traced >= _TRIES:
        raise NotSeen("the line ran again in the traced step")
    return f"ran {in_eager_mode} times in {_TRIES} eager steps of `fit`; traced, {_times(traced)}"


def _counted(trial: Trial, claim: Claim, plan: Plan, steps: Counting, more: dict[str, Any]) -> str:
    """What was counted; empty where the line did not run."""
    framework = trial.framework
    layer = plan.make()
    steps.forget()
    try:
        eager = [running.eager(plan, layer, **more) for _ in range(_TRIES)]
    except Exception as error:
        raise _AnotherFault(error, "") from error
    in_eager_mode = steps.runs
    if in_eager_mode < 2:
        return ""
    while_tracing = 0
    function: Any = None
    for _ in range(_TRIES):
        layer = plan.make()
        function = running.function(framework, plan, layer, **more)
        steps.runs = 0
        try:
            first = function()
        except Exception as error:
            if _blame(trial, claim, error) != claim:
                seen = f"ran {in_eager_mode} times in {_TRIES} eager calls; traced, {_times(steps.runs)}"
                raise _AnotherFault(error, seen if steps.runs else "") from error
            return f"traced: {brief(error)}"
        while_tracing = steps.runs
        if while_tracing:
            break
    if not while_tracing:
        return ""
    later = [function() for _ in range(_LATER)]
    if steps.runs != while_tracing and framework.tf is None:
        raise NotSeen("the line ran again in the traced layer")
    seen = f"ran {in_eager_mode} times in {_TRIES} eager calls; traced, {_times(while_tracing)} for {_LATER + 1} calls"
    if claim_values := _values(framework, eager, [first, *later]):
        seen += claim_values
    return _traced_again(trial, claim, plan, layer) or seen


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number} times"


def _blame(trial: Trial, claim: Claim, error: Exception) -> Claim | None:
    """The finding that an error of tracing belongs to, the one at hand first."""
    others = [other for other in trial.probe.claims if other != claim]
    return blamed(trial.framework, trial.subject, [claim, *others], error)


def _traced_again(trial: Trial, claim: Claim, plan: Plan, layer: Any) -> str:
    """The error of another trace, which the one before did not raise: it runs into what the line left there."""
    try:
        if trial.framework.tf is None:
            running.traced(trial.framework, plan, layer)  # JAX finds what is left only when it compiles
        else:
            running.symbolic(plan, layer)
    except Exception as error:
        if _blame(trial, claim, error) in (claim, None):
            return f"another trace: {brief(error)}"
    return ""


def _values(framework: Any, eager: list[Any], traced: list[Any]) -> str:
    """The first number of each call, where calls differ in eager mode and not once traced."""
    one, two = ([_number(framework, outputs) for outputs in calls[:2]] for calls in (eager, traced))
    if None in one or None in two or one[0] == one[1] or two[0] != two[1]:
        return ""
    return f"; two eager calls give {one[0]:.6g} and {one[1]:.6g}, two traced ones {two[0]:.6g} and {two[1]:.6g}"


def _number(framework: Any, outputs: Any) -> float | None:
    values = framework.values(outputs)
    if not values or not values[0].size or values[0].dtype.kind not in "fiu":
        return None
    return float(values[0].ravel()[0])
