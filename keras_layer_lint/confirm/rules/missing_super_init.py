"""`__init__` of a loss or metric does not initialise its base."""

from __future__ import annotations

from keras_layer_lint.confirm.hooks import Hooks
from keras_layer_lint.confirm.oracles import fitting
from keras_layer_lint.confirm.oracles.trial import NotRun, NotSeen, Trial
from keras_layer_lint.confirm.probe import Claim
from keras_layer_lint.confirm.subject import brief


def is_of_no_layer(trial: Trial, claim: Claim) -> bool:
    """Whether the class is a loss or metric, which Keras calls in `fit`."""
    keras = trial.framework.keras
    return issubclass(trial.fresh().cls, keras.losses.Loss | keras.metrics.Metric)


def lacks_its_name(trial: Trial, claim: Claim) -> str:
    """Keras asks the object for what its base keeps, and there is none."""
    fitted = fitting.fitting_of(trial.framework, trial.fresh())
    if fitted is None:
        raise NotRun("no model can be fitted with it")
    try:
        fitted.run()
    except AttributeError as error:
        if trial.subject.line_of(error) is not None:
            raise NotRun(f"its own code raised: {brief(error)}") from error
        return brief(error)
    raise NotSeen("Keras fits a model with it")


HOOKS = Hooks(observe=lacks_its_name, applies=is_of_no_layer)
