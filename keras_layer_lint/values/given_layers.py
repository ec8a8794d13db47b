"""Attributes that hold a model which `__init__` was given, where the module makes that model."""

from __future__ import annotations

from keras_layer_lint.model.given_models import layers_given
from keras_layer_lint.model.layer import LayerClass
from keras_layer_lint.values.analysis import Analysis
from keras_layer_lint.values.attribute_events import AttributeStored
from keras_layer_lint.values.value import PythonValue


def given_layers(layer: LayerClass, analysis: Analysis) -> dict[str, tuple[str, ...]]:
    """The layers of Keras in the model that an attribute holds, by the attribute."""
    init = layer.method("__init__")
    models = {} if init is None else layers_given(layer.project, layer.ref, init.parameters)
    found: dict[str, tuple[str, ...]] = {}
    for stored in analysis.events(AttributeStored, "__init__") if models else ():
        value = stored.value
        is_frozen = layer.unit.mentions(f"{stored.name}.trainable =")
        if isinstance(value, PythonValue) and value.derived is None and value.parameter in models and not is_frozen:
            found[stored.name] = models[value.parameter]
    return found
