"""Other inputs and other arguments, for what a finding may wait for: a mask, one example, a flag that is off."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from keras_layer_lint.confirm.edits import header
from keras_layer_lint.confirm.hooks import hooks_of
from keras_layer_lint.confirm.oracles import running
from keras_layer_lint.confirm.oracles.blame import blamed
from keras_layer_lint.confirm.oracles.reaching import reaching
from keras_layer_lint.confirm.oracles.trial import Trial
from keras_layer_lint.confirm.planning.inputs import Inputs, Tensor
from keras_layer_lint.confirm.probe import Claim

if TYPE_CHECKING:
    from keras_layer_lint.confirm.planning.plan import Plan

_SEQUENCE = (5, 4, 8)
_SECONDS = 10.0
"""Seconds for other arguments."""


def variants(trial: Trial, claims: Sequence[Claim]) -> Iterator[Plan]:
    """The plan, then with a mask, with one example, with larger values: what a line may wait for.

    Findings that speak of inputs of their own are decided by these: none is called on others.
    """
    plan = trial.plan
    if (inputs := next((hooks_of(claim).inputs for claim in claims), None)) is not None:
        yield replace(plan, given=inputs(plan.given))
        return
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


def with_other_arguments(trial: Trial, open_still: Callable[[], list[Claim]]) -> Iterator[Plan]:
    """For lines that nothing has got to so far, and for those where nothing was seen: a rate may be zero."""
    begun = time.process_time()
    own = set[int]().union(*(lines_of(trial, claim) for claim in open_still() if hooks_of(claim).inputs is None))
    if not own:
        return
    for plan in reaching(trial, trial.plan, own):
        yield plan
        if time.process_time() - begun > _SECONDS:
            return


def _other_inputs(trial: Trial, plan: Plan) -> Iterator[Inputs]:
    given = plan.given
    if running.takes(getattr(plan.cls, "call", None), "mask") and "mask" not in given.named:
        yield given.map(_masked)
        yield given.map(lambda tensor: _masked(replace(tensor, shape=_SEQUENCE) if len(tensor.shape) < 3 else tensor))
    size = given.batch
    yield given.map(
        lambda tensor: replace(tensor, shape=(1, *tensor.shape[1:]) if tensor.shape[:1] == (size,) else tensor.shape)
    )
    yield given.map(lambda tensor: replace(tensor, below=9.0) if "float" in tensor.dtype else tensor)


def _masked(tensor: Tensor) -> Tensor:
    able = "float" in tensor.dtype and not tensor.kind and len(tensor.shape) > 1
    return replace(tensor, kind="masked") if able else tensor


def lines_of(trial: Trial, claim: Claim) -> set[int]:
    """The lines of a finding and of the statement it stands in."""
    statement = trial.subject.source.statement(claim.line)
    own = set(range(claim.line, claim.end_line + 1))
    return own if statement is None else own | set(header(statement))
