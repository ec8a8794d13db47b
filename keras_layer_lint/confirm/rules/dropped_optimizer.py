"""A model that is compiled with an optimizer, and has another."""

from __future__ import annotations

import inspect

from keras_layer_lint.confirm.hooks import Hooks
from keras_layer_lint.confirm.oracles.trial import NotRun, NotSeen, Trial
from keras_layer_lint.confirm.probe import Claim

_OPTIMIZER, _LOSS = "optimizer", "mse"


def _has_another(trial: Trial, claim: Claim) -> str:
    """What `compile` was given is not the optimizer of the model."""
    model = trial.fresh(repaired=True).make()
    given = trial.framework.keras.optimizers.SGD()
    parameters = inspect.signature(model.compile).parameters.values()
    needed = [
        each.name for each in parameters if each.default is each.empty and each.kind is each.POSITIONAL_OR_KEYWORD
    ]
    arguments = {name: _LOSS if "loss" in name else None for name in needed if name != _OPTIMIZER}
    try:
        model.compile(optimizer=given, **arguments)
    except Exception as error:
        raise NotRun(f"`compile` raises {type(error).__name__}: {error}") from error
    if model.optimizer is given:
        raise NotSeen("the model has the optimizer that `compile` was given")
    return f"`compile` was given SGD, and the model trains with {type(model.optimizer).__name__}"


HOOKS = Hooks(observe=_has_another)
