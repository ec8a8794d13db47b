"""`graph`: tracing the layer raises at the line; or, traced, it computes something else than in eager mode."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from keras_layer_lint.confirm.edits import Edit, header
from keras_layer_lint.confirm.framework import Values
from keras_layer_lint.confirm.oracles import running
from keras_layer_lint.confirm.oracles.blame import blamed
from keras_layer_lint.confirm.oracles.trial import Trial
from keras_layer_lint.confirm.probe import Claim
from keras_layer_lint.confirm.subject import brief

if TYPE_CHECKING:
    from keras_layer_lint.confirm.planning.plan import Plan

NAME = "graph"
_FAILS_WHEN_TRACED = frozenset(
    {"KLL101", "KLL102", "KLL103", "KLL104", "KLL111", "KLL112", "KLL113", "KLL121", "KLL124"}
)
"""What does not fail when traced has not failed; other codes may fail later, in a second trace or in training."""
_IN_EAGER_MODE = (TypeError, AttributeError, NotImplementedError, RuntimeError, NameError)
"""What a fault raises in eager mode, too; other errors are those of a plan that does not fit."""

Stage = tuple[str, Callable[["Plan"], object]]


def run(trial: Trial, claims: Sequence[Claim]) -> None:
    """Trace; where a line fails, confirm its finding, put what it computed in eager mode in its place, and go on."""
    edits: dict[Claim, Edit] = {}
    plan = trial.plan
    seen: list[str] = []
    while True:
        fault = _first_fault(trial, plan, edits, claims)
        if fault is None:
            break
        mode, error = fault
        claim = blamed(trial.framework, trial.subject, _order(trial, claims, edits), error)
        line = trial.subject.line_of(error)
        if claim is None:
            where = "" if line is None else f"line {line}, "
            seen.append(f"{where}{mode}: {brief(error)}")
            trial.fail(NAME, f"{mode}: {brief(error)}", line)
            break
        if claim in claims and (mode != "eager" or isinstance(error, _IN_EAGER_MODE)):
            trial.confirm(claim, brief(error), line)
        elif claim in claims:
            seen.append(f"line {line} fails in eager mode: {brief(error)}")
        edited = _neutralised(trial, edits, claim)
        if edited is None:
            seen.append(f"masked by {claim.code} on line {claim.line}, for which nothing can stand in")
            break
        plan = edited
    _settle(trial, claims, edits, plan, seen)


def _order(trial: Trial, claims: Sequence[Claim], edits: dict[Claim, Edit]) -> list[Claim]:
    """Open findings of this oracle first, then the others, last what is stood in for already."""
    return sorted(
        (claim for claim in trial.probe.claims if edits.get(claim) != "dropped"),
        key=lambda claim: (claim in edits, claim not in claims, claim in trial.decided),
    )


def _neutralised(trial: Trial, edits: dict[Claim, Edit], claim: Claim) -> Plan | None:
    """The plan with one more finding out of the way: something stands in for it, or its statement is dropped."""
    ways: tuple[Edit, ...] = ("dropped",) if claim in edits else ("stand-in", "dropped")
    for way in ways:
        before = edits.pop(claim, None)
        edits[claim] = way
        made = trial.edited(edits)
        if made is not None:
            plan, trial.steps = made
            return plan
        del edits[claim]
        if before is not None:
            edits[claim] = before
    return None


def _first_fault(
    trial: Trial, plan: Plan, edits: dict[Claim, Edit], claims: Sequence[Claim]
) -> tuple[str, Exception] | None:
    for mode, stage in _stages(trial, plan, claims):
        try:
            with trial.watched():
                stage(plan)
        except Exception as error:
            return mode, error
    return None


def _stages(trial: Trial, plan: Plan, claims: Sequence[Claim]) -> Iterator[Stage]:
    """Each way of running the layer, the eager one first: what stands in for a line records there."""
    framework = trial.framework
    if trial.steps is not None:
        trial.steps.forget()
    yield "eager", running.eager
    yield "functional model, unknown batch size", running.symbolic
    yield "traced function", lambda plan: running.traced(framework, plan)
    if running.takes(plan.cls.call, "training") and "training" not in plan.given.named:
        for training in (True, False):
            yield (
                f"traced function, training={training}",
                lambda plan, flag=training: running.traced(framework, plan, training=flag),
            )
    if any(claim.code not in _FAILS_WHEN_TRACED for claim in trial.undecided(claims)) or trial.probe.everything:
        yield "traced again", lambda plan: _twice(trial, plan)
        yield "in a subclassed model", lambda plan: running.in_a_model(framework, plan)
        yield "training", lambda plan: running.train(framework, plan)


def _twice(trial: Trial, plan: Plan) -> None:
    layer = plan.make()
    running.symbolic(plan, layer)
    running.symbolic(plan, layer)


def _settle(trial: Trial, claims: Sequence[Claim], edits: dict[Claim, Edit], plan: Plan, seen: list[str]) -> None:
    """Decide on what did not fail: other values when traced, nothing of the kind, or not seen."""
    remaining = trial.undecided(claims)
    if not remaining:
        return
    for claim in remaining:
        differs = "" if seen else _differs(trial, edits, plan, claim)
        if differs:
            trial.confirm(claim, differs, claim.line)
        elif seen:
            trial.leave_open(claim, f"not decided: {'; '.join(seen)}")
        elif trial.reached.isdisjoint(lines_of(trial, claim)):
            trial.leave_open(claim, "the line was not reached")
        else:
            trial.refute(claim, "traced without an error, with the values of eager mode")


def lines_of(trial: Trial, claim: Claim) -> set[int]:
    """The lines of a finding and of the statement it stands in."""
    statement = trial.subject.source.statement(claim.line)
    own = set(range(claim.line, claim.end_line + 1))
    return own if statement is None else own | set(header(statement))


def _differs(trial: Trial, edits: dict[Claim, Edit], plan: Plan, claim: Claim) -> str:
    """The two values where tracing changes what is computed, and does not once something stands in for the line."""
    found = _two_values(trial, plan)
    if not found:
        return ""
    made = trial.edited({**edits, claim: "stand-in"})
    if made is not None:
        without, steps = made
        trial.steps = steps
        try:
            if _two_values(trial, without):
                return ""
        except Exception:
            return ""
    return found


def _two_values(trial: Trial, plan: Plan) -> str:
    framework = trial.framework
    layer = plan.make()
    if trial.steps is not None:
        trial.steps.forget()
    eager = framework.values(running.eager(plan, layer))
    try:
        unknown = running.traced(framework, plan, layer, None) if framework.tf is not None else None
        args, kwargs = plan.call_inputs()
        outputs = (
            running.traced(framework, plan, layer) if unknown is None else _called(framework, unknown, args, kwargs)
        )
        traced = framework.values(outputs)
    except Exception as error:
        return f"traced it runs into {brief(error)}"
    if framework.same(eager, traced):
        return ""
    return f"other values when traced: {_first(traced)} for {_first(eager)}"


def _called(framework: Any, function: Any, args: Any, kwargs: Any) -> Any:
    tensors = [leaf for leaf in framework.tree.flatten([args, kwargs]) if framework.is_tensor(leaf)]
    return function(*tensors)


def _first(values: Values) -> str:
    return str(values[0].ravel()[:3].tolist()) if values else "nothing"
