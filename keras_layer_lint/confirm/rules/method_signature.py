"""A method cannot be called with what Keras hands to it."""

from __future__ import annotations

import ast

from keras_layer_lint.confirm.hooks import Hooks
from keras_layer_lint.confirm.oracles import fitting, running
from keras_layer_lint.confirm.oracles.trial import NotRun, NotSeen, Trial
from keras_layer_lint.confirm.probe import Claim
from keras_layer_lint.confirm.subject import brief


def is_refused(trial: Trial, claim: Claim) -> str:
    """Keras calls the method by itself, and Python refuses the arguments."""
    definition = trial.subject.source.statement(claim.line)
    if not isinstance(definition, ast.FunctionDef):
        raise NotRun("no method begins there")
    try:
        _call(trial, definition.name)
    except TypeError as error:
        if f"{definition.name}()" in str(error) or "positional argument" in str(error):
            return brief(error)
        raise NotSeen(f"it raised something else: {brief(error)}") from error
    raise NotSeen(f"Keras calls `{definition.name}` with what it takes")


def _call(trial: Trial, method: str) -> None:
    """Have Keras call the method: in `fit`, as a cell, or with the layer."""
    framework, plan = trial.framework, trial.fresh()
    if method == "get_initial_state":
        framework.keras.layers.RNN(plan.make())(framework.np.ones((2, 3, 4), "float32"))
        return
    if method == "call" and not fitting.is_fitted(framework, plan.cls):
        running.eager(plan)
        return
    fitted = fitting.fitting_of(framework, plan) or fitting.of_model(framework, plan)
    if fitted is None:
        raise NotRun("no model can be fitted with it")
    fitted.run()


HOOKS = Hooks(observe=is_refused)
