"""The shape of a weight depends on the batch size: building the layer in a model fails at the line.

Where it fails before it gets there, as `int(input_shape[0])` does, the layer is built on batches of two sizes: the
weights that are made on the line differ in shape.
"""

from __future__ import annotations

from contextlib import suppress
from itertools import chain
from typing import TYPE_CHECKING

from keras_layer_lint.confirm.hooks import Hooks
from keras_layer_lint.confirm.oracles.build import lifecycle
from keras_layer_lint.confirm.oracles.made_on import given_on, variables_in
from keras_layer_lint.confirm.oracles.reaching import with_another_argument
from keras_layer_lint.confirm.oracles.trial import NotRun, Trial
from keras_layer_lint.confirm.probe import Claim
from keras_layer_lint.confirm.time_limit import with_an_end

if TYPE_CHECKING:
    from keras_layer_lint.confirm.planning.plan import Plan

_BATCHES = (2, 3)


def depends_on_batch(trial: Trial, claim: Claim) -> str:
    """The layer fails to be built for a batch of any size, or makes other weights for each."""
    try:
        return lifecycle(trial, claim)
    except NotRun as error:
        plan = trial.fresh()
        own = set(range(claim.line, claim.end_line + 1))
        for other in chain([plan], with_another_argument(trial, plan)):
            first, second = (_shapes(trial, own, other, batch) for batch in _BATCHES)
            differing = [pair for pair in zip(first, second, strict=False) if pair[0] != pair[1]]
            if differing and len(first) == len(second):
                trial.show(other)
                one, two = differing[0]
                return f"built on a batch of {_BATCHES[0]}, its shape is {one}; on one of {_BATCHES[1]}, {two}"
        raise error


def _shapes(trial: Trial, own: set[int], plan: Plan, batch: int) -> list[tuple[int, ...]]:
    """The shapes of the weights that are made on some lines where the layer is called on a batch of a size."""
    with given_on(trial.subject.path, own) as given, suppress(Exception), with_an_end():  # `call` may well fail
        args, kwargs = plan.call_inputs(batch)
        plan.make()(*args, **kwargs)
    return [tuple(map(int, variable.shape)) for variable in variables_in(trial.framework, given)]


HOOKS = Hooks(observe=depends_on_batch)
