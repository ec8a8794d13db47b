"""A list that `build` takes for several shapes: the layer is saved and loaded with one input, of two axes too."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from keras_layer_lint.confirm.hooks import Hooks
from keras_layer_lint.confirm.oracles.saving import loses_weights
from keras_layer_lint.confirm.oracles.trial import NotRun, NotSeen, Trial
from keras_layer_lint.confirm.planning.inputs import leaves
from keras_layer_lint.confirm.probe import Claim
from keras_layer_lint.confirm.subject import brief

if TYPE_CHECKING:
    from keras_layer_lint.confirm.planning.plan import Plan


def _is_taken_apart(trial: Trial, claim: Claim) -> str:
    """Loading raises, or what is loaded computes something else."""
    found: Exception = NotRun("the layer takes no single input")
    for plan in _plans(trial.fresh(repaired=True)):
        try:
            return loses_weights(trial, plan)
        except NotSeen as error:  # noqa: PERF203
            found = error
        except Exception as error:
            found = NotRun(f"called on {plan.inputs}: {brief(error)}")
    raise found


def _plans(plan: Plan) -> Iterator[Plan]:
    """With one input: the first, and the first with its last axis only beside the batch."""
    first = next(leaves(plan.given.positional), None)
    if first is None:
        return
    yield replace(plan, given=plan.given.with_first(first))
    if first.rank > 2:
        yield replace(plan, given=plan.given.with_first(replace(first, shape=(first.shape[0], first.shape[-1]))))


HOOKS = Hooks(observe=_is_taken_apart)
