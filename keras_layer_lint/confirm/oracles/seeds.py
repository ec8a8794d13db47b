"""KLL115: a trace of the layer draws from a state that is not the layer's, or the numbers of one seed again."""

from __future__ import annotations

import re

from keras_layer_lint.confirm.framework import Values
from keras_layer_lint.confirm.oracles import running
from keras_layer_lint.confirm.oracles.trial import Trial, Unproved
from keras_layer_lint.confirm.probe import Claim


def seeds(trial: Trial, claim: Claim) -> str:
    """What two calls of the traced layer give."""
    first, second = _draws(trial)
    same = trial.framework.same(first, second)
    if (seed := re.search(r"has the seed (\d+)", claim.message)) is None:
        if same:
            raise Unproved("two calls give the same values")
        return "two calls give different values, and the variables of the layer stay as they are"
    if not same:
        raise Unproved("two calls give different values")
    return f"two calls give the same values, those of the seed {seed[1]}: {first[0].ravel()[:3].tolist()}"


def _draws(trial: Trial) -> tuple[Values, Values]:
    """The outputs of two calls, in training where the layer takes that; it must keep no state."""
    framework, plan = trial.framework, trial.fresh()
    layer = plan.make()
    told = {"training": True} if running.takes(plan.cls.call, "training") else {}
    running.eager(plan, layer)
    call = running.function(framework, plan, layer, **told)
    before = framework.values([variable.value for variable in layer.variables])
    first, second = framework.values(call()), framework.values(call())
    if not framework.same(before, framework.values([variable.value for variable in layer.variables])):
        raise Unproved("the layer keeps a state that changes with each call")
    return first, second
