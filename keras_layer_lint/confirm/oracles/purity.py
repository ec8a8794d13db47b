"""`purity`: the line runs at each call in eager mode, and at none once the layer is traced."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any

from keras_layer_lint.confirm.oracles import fitting, graph, running
from keras_layer_lint.confirm.oracles.counting import Counting
from keras_layer_lint.confirm.oracles.reaching import reaching
from keras_layer_lint.confirm.oracles.trial import NotRun, NotSeen, Trial, decide
from keras_layer_lint.confirm.probe import Claim
from keras_layer_lint.confirm.subject import brief

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


def _runs_once(trial: Trial, claim: Claim) -> str:
    steps = Counting(trial.framework)
    made = trial.edited({claim: "statement"}, steps) or trial.edited({claim: "stand-in"}, steps)
    if made is None:
        raise NotRun("the line cannot be watched")
    plan, _ = made
    is_called = not fitting.is_fitted(trial.framework, plan.cls)
    for watched in chain([plan], reaching(trial, plan, set(range(claim.line, claim.end_line + 1)))):
        trial.show(watched)
        for more in running.ways(watched) if is_called else ():
            if seen := _counted(trial, watched, steps, more):
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
        counts.append(steps.runs[0])
    in_eager_mode, traced = counts
    if in_eager_mode < _TRIES or not traced:
        return ""
    if traced >= _TRIES:
        raise NotSeen("the line ran again in the traced step")
    return f"ran {in_eager_mode} times in {_TRIES} eager steps of `fit`; traced, {traced} times"


def _counted(trial: Trial, plan: Plan, steps: Counting, more: dict[str, Any]) -> str:
    """What was counted; empty where the line did not run."""
    framework = trial.framework
    layer = plan.make()
    steps.forget()
    eager = [running.eager(plan, layer, **more) for _ in range(_TRIES)]
    in_eager_mode = steps.runs[0]
    if in_eager_mode < 2:
        return ""
    while_tracing = 0
    function: Any = None
    for _ in range(_TRIES):
        layer = plan.make()
        function = running.function(framework, plan, layer, **more)
        steps.forget()
        try:
            first = function()
            while_tracing = steps.runs[0]
            if while_tracing:
                break
        except Exception as error:
            return f"traced: {brief(error)}"
    if not while_tracing:
        return ""
    try:
        later = [function() for _ in range(_LATER)]
        if steps.runs[0] != while_tracing and framework.tf is None:
            raise NotSeen("the line ran again in the traced layer")
        if framework.tf is None:
            running.traced(framework, plan, layer)  # JAX finds what the trace before has left only when it compiles
        else:
            running.symbolic(plan, layer)
    except NotSeen:
        raise
    except Exception as error:
        return f"another trace: {brief(error)}"
    seen = f"ran {in_eager_mode} times in {_TRIES} eager calls; traced, {while_tracing} times for {_LATER + 1} calls"
    if claim_values := _values(framework, eager, [first, *later]):
        seen += claim_values
    return seen


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
