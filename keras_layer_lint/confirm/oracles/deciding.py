"""Deciding on one finding by what a run of its own shows."""

from __future__ import annotations

from dataclasses import dataclass, replace

from keras_layer_lint.confirm.edits import whole
from keras_layer_lint.confirm.hooks import Observe
from keras_layer_lint.confirm.oracles.reaching import passes_by, reaching
from keras_layer_lint.confirm.oracles.trial import NotRun, NotSeen, Trial
from keras_layer_lint.confirm.probe import Claim
from keras_layer_lint.confirm.subject import brief
from keras_layer_lint.diagnostic import Status

_RUN_BY_A_CALL = {"__init__", "build", "call"}


@dataclass(frozen=True, slots=True)
class _Outcome:
    status: Status
    why: str
    is_about_the_line: bool = True
    """Other arguments may give another outcome; where it is False, the observation itself could not be made."""


def decide(trial: Trial, claim: Claim, observe: Observe, *, refutes_uncalled: bool = False) -> None:
    """Confirm a finding with what was seen; refute it where nothing of the kind was; leave open what was not run.

    A layer that cannot be called refutes a finding only where `refutes_uncalled`. What is seen while the line waits for
    an argument is not of the line: then it is observed again, with other arguments, with which a call gets there.
    """
    trial.begin(claim.oracle, [claim])
    outcome = _observed(trial, claim, observe, refutes_uncalled)
    if outcome.is_about_the_line and (lines := _passed_by(trial, claim)):
        outcome = _observed_there(trial, claim, observe, lines) or _Outcome(
            "inconclusive", f"a call with the arguments that klint chose does not get to line {claim.line}"
        )
    match outcome.status:
        case "confirmed":
            trial.confirm(claim, outcome.why, claim.line)
        case "refuted":
            trial.refute(claim, outcome.why)
        case "inconclusive":
            trial.leave_open(claim, outcome.why)


def _observed(trial: Trial, claim: Claim, observe: Observe, refutes_uncalled: bool = False) -> _Outcome:
    try:
        return _Outcome("confirmed", observe(trial, claim))
    except NotSeen as error:
        if trial.broken and not refutes_uncalled:
            return _Outcome("inconclusive", trial.broken, is_about_the_line=False)
        return _Outcome("refuted", str(error))
    except NotRun as error:
        return _Outcome("inconclusive", str(error))
    except MemoryError:
        raise
    except Exception as error:  # other findings are still to be decided
        return _Outcome(
            "inconclusive", f"it could not be run for `{claim.oracle}`: {brief(error)}", is_about_the_line=False
        )


def _observed_there(trial: Trial, claim: Claim, observe: Observe, lines: set[int]) -> _Outcome | None:
    """What is seen with other arguments, with which a call gets to the lines; None where it gets there with none."""
    planned = trial.plan
    changed = next(reaching(trial, planned, lines), None)
    if changed is None:
        return None
    trial.plan = changed
    trial.show(changed)
    try:
        return _observed(trial, claim, observe)
    finally:
        trial.plan = replace(planned, cls=trial.plan.cls)


def _passed_by(trial: Trial, claim: Claim) -> set[int]:
    """The lines of the claim's statement, if it stands in what a call runs, and the call passes it by."""
    source = trial.subject.source
    statement, around = source.statement(claim.line), source.functions(claim.line)
    if statement is None or hasattr(statement, "body") or not around or not around <= _RUN_BY_A_CALL:
        return set()
    lines = set(whole(statement))
    return lines if passes_by(trial, trial.shown or trial.plan, lines) else set()
