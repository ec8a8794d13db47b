"""A loss gives no gradient to the weights."""

from __future__ import annotations

from keras_layer_lint.confirm.hooks import Hooks
from keras_layer_lint.confirm.oracles import fitting
from keras_layer_lint.confirm.oracles.trial import NotRun, NotSeen, Trial
from keras_layer_lint.confirm.probe import Claim
from keras_layer_lint.confirm.subject import brief


def has_no_gradient(trial: Trial, claim: Claim) -> str:
    """`fit` raises, for no weight of a model with that loss gets a gradient."""
    fitted = fitting.fitting_of(trial.framework, trial.fresh())
    if fitted is None:
        raise NotRun("no model can be fitted with it")
    try:
        fitted.run()
    except ValueError as error:
        if "No gradients provided" in str(error):
            return brief(error)
        raise NotSeen(f"it raised something else: {brief(error)}") from error
    raise NotSeen("a step of `fit` changes the weights")


HOOKS = Hooks(observe=has_no_gradient)
