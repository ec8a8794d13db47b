"""A weight without a name of its own: saving in the `.h5` format raises."""

from __future__ import annotations

from keras_layer_lint.confirm.hooks import Hooks
from keras_layer_lint.confirm.oracles.saving import model_with, save_and_load
from keras_layer_lint.confirm.oracles.trial import NotSeen, Trial
from keras_layer_lint.confirm.probe import Claim
from keras_layer_lint.confirm.subject import brief


def _old_format(trial: Trial, claim: Claim) -> str:
    """Saving in the `.h5` format raises."""
    model = model_with(trial, trial.fresh(repaired=True))
    phase, error, _ = save_and_load(trial, model, ".h5")
    if error is None or phase != "saving":
        raise NotSeen("saved without an error")
    return f"saving as .h5: {brief(error)}"


HOOKS = Hooks(observe=_old_format)
