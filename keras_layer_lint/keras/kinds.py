"""What kind of class a name of Keras, or of a package that builds on it, stands for."""

from __future__ import annotations

import re
from enum import Enum


class ClassKind(Enum):
    """What a class is to Keras."""

    LAYER = "layer"
    MODEL = "model"
    LOSS = "loss"
    METRIC = "metric"
    INITIALIZER = "initializer"
    REGULARIZER = "regularizer"
    CONSTRAINT = "constraint"
    SCHEDULE = "schedule"
    CALLBACK = "callback"
    OPTIMIZER = "optimizer"
    FUNCTION = "function"
    """No class: a function that puts a functional model together, seen as a class whose only method it is."""
    LOSS_FUNCTION = "loss function"
    """The same of a function that `compile` gets as a loss or metric."""
    LAMBDA_FUNCTION = "lambda function"
    """The same of the function of a `Lambda`, which it calls with its inputs."""
    ACTIVATION = "activation"
    """The same of an activation, which a layer calls with what it has computed."""
    OTHER = "other"
    """Another class of Keras, such as a data set for `fit`."""


FUNCTIONS = frozenset({ClassKind.FUNCTION, ClassKind.LOSS_FUNCTION, ClassKind.LAMBDA_FUNCTION, ClassKind.ACTIVATION})

_KINDS = {
    "keras.layers": ClassKind.LAYER,
    "keras.losses": ClassKind.LOSS,
    "keras.metrics": ClassKind.METRIC,
    "keras.initializers": ClassKind.INITIALIZER,
    "keras.regularizers": ClassKind.REGULARIZER,
    "keras.constraints": ClassKind.CONSTRAINT,
    "keras.callbacks": ClassKind.CALLBACK,
    "keras.optimizers": ClassKind.OPTIMIZER,
    "keras.optimizers.schedules": ClassKind.SCHEDULE,
    "keras.utils": ClassKind.OTHER,
    # Classes of TensorFlow 1 and of other packages that derive from these kinds.
    "tensorflow.layers": ClassKind.LAYER,
    "tensorflow.nn.rnn_cell": ClassKind.LAYER,
    "deepctr.layers": ClassKind.LAYER,
    "keras_contrib.layers": ClassKind.LAYER,
    "keras_cv.layers": ClassKind.LAYER,
    "keras_cv.losses": ClassKind.LOSS,
    "keras_cv.models": ClassKind.MODEL,
    "keras_hub.layers": ClassKind.LAYER,
    "keras_hub.metrics": ClassKind.METRIC,
    "keras_hub.models": ClassKind.MODEL,
    "keras_hub.tokenizers": ClassKind.LAYER,
    "keras_nlp.layers": ClassKind.LAYER,
    "keras_nlp.metrics": ClassKind.METRIC,
    "keras_nlp.models": ClassKind.MODEL,
    "keras_nlp.tokenizers": ClassKind.LAYER,
    "official.nlp.modeling.layers": ClassKind.LAYER,
    "official.nlp.modeling.models": ClassKind.MODEL,
    "official.nlp.modeling.networks": ClassKind.MODEL,
    "official.vision.modeling.layers": ClassKind.LAYER,
    "spektral.layers": ClassKind.LAYER,
    "tensorflow_addons.layers": ClassKind.LAYER,
    "tensorflow_addons.losses": ClassKind.LOSS,
    "tensorflow_addons.metrics": ClassKind.METRIC,
    "tensorflow_addons.optimizers": ClassKind.OPTIMIZER,
    "tensorflow_addons.rnn": ClassKind.LAYER,
    "tensorflow_models.nlp.layers": ClassKind.LAYER,
    "tensorflow_models.nlp.models": ClassKind.MODEL,
    "tensorflow_models.nlp.networks": ClassKind.MODEL,
    "tensorflow_models.vision.layers": ClassKind.LAYER,
    "tensorflow_probability.layers": ClassKind.LAYER,
    "tensorflow_recommenders.layers": ClassKind.LAYER,
    "tensorflow_recommenders.metrics": ClassKind.METRIC,
    "tensorflow_recommenders.models": ClassKind.MODEL,
    "tensorflow_recommenders.tasks": ClassKind.LAYER,
}
_KNOWN_CLASSES = {
    "keras.Model": ClassKind.MODEL,
    "keras.Sequential": ClassKind.MODEL,
    "keras.Functional": ClassKind.MODEL,
    "keras.layers.InputSpec": None,
    "keras.optimizers.schedules": None,
    "keras.Variable": ClassKind.OTHER,
    "tensorflow_hub.KerasLayer": ClassKind.LAYER,
    "tensorflow_recommenders.Model": ClassKind.MODEL,
    "tensorflow_model_optimization.quantization.keras.QuantizeWrapper": ClassKind.LAYER,
    "tensorflow_model_optimization.quantization.keras.QuantizeWrapperV2": ClassKind.LAYER,
    "transformers.TFPreTrainedModel": ClassKind.MODEL,
    "transformers.modeling_tf_utils.TFPreTrainedModel": ClassKind.MODEL,
}
ROOT_CLASSES = frozenset(
    """keras.layers.Layer keras.Model keras.Sequential keras.Functional keras.losses.Loss keras.metrics.Metric
    keras.callbacks.Callback keras.optimizers.Optimizer keras.initializers.Initializer keras.regularizers.Regularizer
    keras.constraints.Constraint keras.optimizers.schedules.LearningRateSchedule""".split()
)
"""The classes that users derive from. Where Keras itself is read, they are not looked at, what derives from them is."""

_NOT_A_MODEL = re.compile(r"Tokenizer|Preprocessor|Converter|Generator\Z")


def kind_of_known(name: str) -> ClassKind | None:
    """Tell what a class of Keras, or of a package that builds on it, is by canonical name; None for any other."""
    if name in _KNOWN_CLASSES:
        return _KNOWN_CLASSES[name]
    module, _, last = name.rpartition(".")
    if not last[:1].isupper():
        return None
    kind = _KINDS.get(module)
    if kind is None and module.startswith(("keras_hub.", "keras_nlp.", "keras_cv.", "official.", "tensorflow_addons.")):
        # A private path to the same class, such as keras_hub.src.layers.modeling.x.X.
        parts = [part for part in module.split(".") if part != "src"]
        for length in range(len(parts) - 1, 1, -1):
            kind = _KINDS.get(".".join(parts[:length]))
            if kind is not None:
                break
    if kind is ClassKind.MODEL and _NOT_A_MODEL.search(last):
        return ClassKind.LAYER
    return kind
