"""Deciding on one finding by what a run of its own shows."""

from __future__ import annotations

import ast
from pathlib import Path

from keras_layer_lint.confirm.hooks import Observe
from keras_layer_lint.confirm.oracles.reaching import lines_run
from keras_layer_lint.confirm.oracles.trial import NotRun, NotSeen, Trial
from keras_layer_lint.confirm.probe import Claim
from keras_layer_lint.confirm.subject import brief

_RUN_BY_A_CALL = ("__init__", "build", "call")


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
    statement = _statement_at(Path(trial.subject.path), claim.line)
    if statement is None or (lines := lines_run(trial, trial.plan)) == set():
        return False
    return lines.isdisjoint(range(statement.lineno, (statement.end_lineno or statement.lineno) + 1))


def _statement_at(path: Path, line: int) -> ast.stmt | None:
    """The simple statement at a line of a method that a call runs; None where another stands there."""
    inner: ast.stmt | None = None
    method = ""
    for node in ast.walk(ast.parse(path.read_bytes())):  # what is around comes first
        if isinstance(node, ast.stmt) and node.lineno <= line <= (node.end_lineno or node.lineno):
            inner = node
            method = node.name if isinstance(node, ast.FunctionDef) else method
    return None if inner is None or hasattr(inner, "body") or method not in _RUN_BY_A_CALL else inner
