"""Deciding on one finding by what a run of its own shows."""

from __future__ import annotations

import ast
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from keras_layer_lint.confirm.hooks import Observe
from keras_layer_lint.confirm.oracles.reaching import lines_run, reaching
from keras_layer_lint.confirm.oracles.trial import NotRun, NotSeen, Trial
from keras_layer_lint.confirm.probe import Claim
from keras_layer_lint.confirm.subject import brief

if TYPE_CHECKING:
    from keras_layer_lint.confirm.planning.plan import Plan

_NOT_REACHED = "a call with the arguments that klint chose does not get to line"
_RUN_BY_A_CALL = ("__init__", "build", "call")


def decide(trial: Trial, claim: Claim, observe: Observe, *, refutes_uncalled: bool = False) -> None:
    """Confirm a finding with what was seen; refute it where nothing of the kind was; leave open what was not run.

    A layer that cannot be called refutes a finding only where `refutes_uncalled`. Where a call as planned passes the
    line by, it is observed with other arguments, with which the call gets there.
    """
    trial.begin(claim.oracle, [claim])
    planned = trial.plan
    try:
        statement = _statement_at(Path(trial.subject.path), claim.line)
        if statement is not None and _is_passed_by(trial, statement):
            trial.plan = next(reaching(trial, planned, _lines(statement)), planned)
        seen = observe(trial, claim)
        if statement is not None and _is_passed_by(trial, statement):
            trial.leave_open(claim, f"{_NOT_REACHED} {claim.line}: {seen}")
        else:
            _show(trial, planned)
            trial.confirm(claim, seen, claim.line)
    except NotSeen as error:
        if trial.broken and not refutes_uncalled:
            trial.leave_open(claim, trial.broken)
        elif statement is not None and _is_passed_by(trial, statement):
            trial.leave_open(claim, f"{_NOT_REACHED} {claim.line}")
        else:
            _show(trial, planned)
            trial.refute(claim, str(error))
    except NotRun as error:
        trial.leave_open(claim, str(error))
    except MemoryError:
        raise
    except Exception as error:  # other findings are still to be decided
        trial.leave_open(claim, f"it could not be run for `{claim.oracle}`: {brief(error)}")
    finally:
        if trial.plan.arguments != planned.arguments:
            trial.plan = replace(planned, cls=trial.plan.cls)


def _show(trial: Trial, planned: Plan) -> None:
    """The verdict is about other arguments than those that were planned, unless the observation has said which."""
    if trial.shown is None and trial.plan.arguments != planned.arguments:
        trial.show(trial.plan)


def _is_passed_by(trial: Trial, statement: ast.stmt) -> bool:
    """Whether a call, which runs the method, passes a statement of it by: then what is seen is not of it."""
    lines = lines_run(trial, trial.shown or trial.plan)
    return bool(lines) and lines.isdisjoint(_lines(statement))


def _lines(statement: ast.stmt) -> set[int]:
    return set(range(statement.lineno, (statement.end_lineno or statement.lineno) + 1))


def _statement_at(path: Path, line: int) -> ast.stmt | None:
    """The simple statement at a line of a method that a call runs; None where another stands there."""
    inner: ast.stmt | None = None
    method = ""
    for node in ast.walk(ast.parse(path.read_bytes())):  # what is around comes first
        if isinstance(node, ast.stmt) and node.lineno <= line <= (node.end_lineno or node.lineno):
            inner = node
            method = node.name if isinstance(node, ast.FunctionDef) else method
    return None if inner is None or hasattr(inner, "body") or method not in _RUN_BY_A_CALL else inner
