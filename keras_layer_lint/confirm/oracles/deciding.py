"""Deciding on one finding by what a run of its own shows."""

from __future__ import annotations

from keras_layer_lint.confirm.edits import whole
from keras_layer_lint.confirm.hooks import Observe
from keras_layer_lint.confirm.oracles.reaching import lines_run
from keras_layer_lint.confirm.oracles.trial import NotRun, NotSeen, Trial
from keras_layer_lint.confirm.probe import Claim
from keras_layer_lint.confirm.subject import brief

_RUN_BY_A_CALL = {"__init__", "build", "call"}


def decide(trial: Trial, claim: Claim, observe: Observe, *, refutes_uncalled: bool = False) -> None:
    """Confirm a finding with what was seen; refute it where nothing of the kind was; leave open what was not run.

    A layer that cannot be called refutes a finding only where `refutes_uncalled`.
    """
    trial.begin(claim.oracle, [claim])
    try:
        trial.confirm(claim, observe(trial, claim), claim.line)
    except NotSeen as error:
        if trial.broken and not refutes_uncalled:
            trial.leave_open(claim, trial.broken)
        elif _is_passed_by(trial, claim):
            trial.leave_open(claim, f"a call with the arguments that klint chose does not get to line {claim.line}")
        else:
            trial.refute(claim, str(error))
    except NotRun as error:
        trial.leave_open(claim, str(error))
    except MemoryError:
        raise
    except Exception as error:  # other findings are still to be decided
        trial.leave_open(claim, f"it could not be run for `{claim.oracle}`: {brief(error)}")


def _is_passed_by(trial: Trial, claim: Claim) -> bool:
    """Whether the line stands in what a call runs, and the call passes it by: then nothing was seen of it."""
    source = trial.subject.source
    statement, around = source.statement(claim.line), source.functions(claim.line)
    if statement is None or hasattr(statement, "body") or not around or not around <= _RUN_BY_A_CALL:
        return False
    lines = lines_run(trial, trial.shown or trial.plan)  # other arguments than planned may have got there
    return bool(lines) and lines.isdisjoint(whole(statement))
