"""What functions of Keras do besides what the table of results says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from keras_layer_lint.keras.names import SECTIONS
from keras_layer_lint.model import syntax
from keras_layer_lint.values.apis.registry import ApiCall, handles
from keras_layer_lint.values.events import HostRead
from keras_layer_lint.values.value import (
    BACKEND,
    NUMPY_VALUE,
    ExternalName,
    Instance,
    KerasTensor,
    Nest,
    Origin,
    Serialized,
    Shape,
    Tensor,
    Value,
)

if TYPE_CHECKING:
    from keras_layer_lint.values.calls import Calls

_OBJECTS = sorted(SECTIONS | {"dtype_policies", "mixed_precision", "models", "optimizers.schedules"})
"""Modules of Keras that may make objects of what a config holds, and the other way round."""


@handles("keras.backend.get_value", "keras.backend.batch_get_value", "keras.ops.convert_to_numpy")
def _reads_value(calls: Calls, call: ApiCall) -> Value:
    is_weight = isinstance(call.first, Tensor) and call.first.variable and call.name == "keras.backend.get_value"
    is_inputs = isinstance(call.first, Nest) and not call.first.optional and call.name == "keras.ops.convert_to_numpy"
    if is_inputs or (isinstance(call.first, Tensor) and not is_weight):
        assert isinstance(call.first, Tensor | Nest)
        calls.emit(call.node, call.frame, HostRead, via=f"{syntax.source(call.node.func)}()", origin=call.first.origin)
    return NUMPY_VALUE


@handles("keras.Input")
def _input(calls: Calls, call: ApiCall) -> Value | None:
    if "tensor" in call.arguments.keywords:
        return None
    return KerasTensor(Origin("`%` gives one", call.frame.unit, call.node))


@handles("keras.backend.int_shape")
def _static_shape(calls: Calls, call: ApiCall) -> Value:
    return Shape(batched=isinstance(call.first, Tensor | Nest) and call.first.batched)


@handles("keras.backend.backend", "keras.config.backend")
def _backend(calls: Calls, call: ApiCall) -> Value:
    return BACKEND


@handles(*(f"keras.{module}.{last}" for module in _OBJECTS for last in ("get", "deserialize")))
def _makes_object(calls: Calls, call: ApiCall) -> Value | None:
    section = call.name.split(".")[1]
    calls.note_parameter(call.first, section, call.node, call.frame)
    if section == "activations":
        return ExternalName("keras.activations.relu")  # it is called like one
    return Instance(call.name) if section in ("initializers", "regularizers", "constraints") else None


@handles(
    *(f"keras.{module}.serialize" for module in _OBJECTS),
    "keras.saving.serialize_keras_object",
)
def _serializes(calls: Calls, call: ApiCall) -> Value | None:
    if not call.arguments.positional:
        return None
    return Serialized(syntax.source(call.node.func), call.first)
