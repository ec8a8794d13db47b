"""A list of copies that is empty, for there was nothing to copy yet."""

from __future__ import annotations

from keras_layer_lint.confirm.hooks import Hooks
from keras_layer_lint.confirm.oracles import running
from keras_layer_lint.confirm.oracles.trial import NotRun, NotSeen, Trial
from keras_layer_lint.confirm.probe import Claim


def _is_empty(trial: Trial, claim: Claim) -> str:
    """The list is empty, and the layer has trainable variables once it is called."""
    plan = trial.fresh(repaired=True)
    layer = plan.make()
    copies = getattr(layer, claim.expects.attribute, None)
    if copies is None:
        raise NotRun("the attribute is not there")
    if len(copies):
        raise NotSeen(f"there are {len(copies)} copies")
    running.eager(plan, layer)
    if not layer.trainable_variables:
        raise NotRun("there is no variable either, once it is called")
    return f"no copy, of {len(layer.trainable_variables)} variables that are there once it is called"


HOOKS = Hooks(observe=_is_empty)
