"""What methods of tensors, shapes, arrays and other values that are no containers do."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from keras_layer_lint.keras import results
from keras_layer_lint.keras.result import Result
from keras_layer_lint.model import syntax
from keras_layer_lint.values.apis.registry import MethodCall, methods
from keras_layer_lint.values.attribute_events import WeightAssigned
from keras_layer_lint.values.call_events import ApiCalled
from keras_layer_lint.values.containers import Sequence
from keras_layer_lint.values.contents import shown_tensor
from keras_layer_lint.values.events import HostRead, ScalarRead
from keras_layer_lint.values.kind import UNKNOWN
from keras_layer_lint.values.value import (
    NONE,
    NUMPY_VALUE,
    STATIC,
    Instance,
    Nest,
    NumpyValue,
    Origin,
    PythonValue,
    Serialized,
    Shape,
    Tensor,
    TensorArray,
    Text,
    Value,
)

if TYPE_CHECKING:
    from keras_layer_lint.values.calls import Calls

_FORMAT_SPECIFICATION = re.compile(r"\{[^{}:]*:[^{}]+\}")


@methods((Tensor, Nest), "to_tensor")
def _of_ragged_tensor(calls: Calls, call: MethodCall[Tensor | Nest]) -> Value:
    # Only ragged tensors have it.
    name = "tensorflow.RaggedTensor.to_tensor"
    calls.emit(call.node, call.frame, ApiCalled, name=name, arguments=call.arguments)
    return Tensor(Origin("`%` returns one", call.frame.unit, call.node))


@methods(Tensor, "*")
def _of_tensor(calls: Calls, call: MethodCall[Tensor]) -> Value:
    match results.tensor_method(call.name):
        case "host":
            return _read_on_host(calls, call)
        case Result.TENSOR:
            return Tensor(call.receiver.origin)
        case Result.SHAPE:
            return Shape(batched=call.receiver.batched)
        case Result.STATIC:
            return STATIC
        case Result.NOTHING:
            return NONE
        case _:
            return UNKNOWN


@methods(Tensor, "assign", "assign_add", "assign_sub")
def _assigned(calls: Calls, call: MethodCall[Tensor]) -> Value:
    if call.receiver.variable:
        calls.emit(call.node, call.frame, WeightAssigned)
    return _of_tensor(calls, call)


@methods(Nest, "numpy", "item", "tolist", "eval")
def _nest_on_host(calls: Calls, call: MethodCall[Nest]) -> Value:
    return _read_on_host(calls, call)


def _read_on_host(calls: Calls, call: MethodCall[Tensor | Nest]) -> Value:
    calls.emit(call.node, call.frame, HostRead, via=f".{call.name}()", origin=call.receiver.origin)
    return UNKNOWN


@methods(Nest, "get_shape")
def _shape_of_nest(calls: Calls, call: MethodCall[Nest]) -> Value:
    calls.note_one_tensor(call.receiver, call.frame)
    return Shape(batched=call.receiver.batched)


@methods(Nest, "values", "get", "pop", "copy")
def _part_of_nest(calls: Calls, call: MethodCall[Nest]) -> Value:
    return Nest(call.receiver.origin)


@methods(Nest, "items")
def _items_of_nest(calls: Calls, call: MethodCall[Nest]) -> Value:
    return Sequence(None, Sequence((STATIC, Nest(call.receiver.origin)), UNKNOWN))


@methods(Nest, "keys")
def _keys_of_nest(calls: Calls, call: MethodCall[Nest]) -> Value:
    return STATIC


@methods(TensorArray, "write", "unstack", "scatter", "split")
def _written(calls: Calls, call: MethodCall[TensorArray]) -> Value:
    return call.receiver


@methods(TensorArray, "*")
def _of_tensor_array(calls: Calls, call: MethodCall[TensorArray]) -> Value:
    return Tensor(Origin("`%` returns one", call.frame.unit, call.node))


@methods(Instance, "*")
def _of_instance(calls: Calls, call: MethodCall[Instance]) -> Value:
    name = f"{call.receiver.of}.{call.name}"
    calls.emit(call.node, call.frame, ApiCalled, name=name, arguments=call.arguments)
    return UNKNOWN


@methods(NumpyValue, "*")
def _of_array(calls: Calls, call: MethodCall[NumpyValue]) -> Value:
    return NUMPY_VALUE


@methods(PythonValue, "*")
def _of_python_value(calls: Calls, call: MethodCall[PythonValue]) -> Value:
    return STATIC


@methods(PythonValue, "get_config")
def _config_of_object(calls: Calls, call: MethodCall[PythonValue]) -> Value:
    return Serialized(syntax.source(call.node.func), call.receiver)


@methods(PythonValue, "format")
def _format(calls: Calls, call: MethodCall[PythonValue]) -> Value:
    text = call.receiver.constant
    if call.tensor is not None and isinstance(text, str) and _FORMAT_SPECIFICATION.search(text):
        calls.emit(call.node, call.frame, ScalarRead, via="format specification", origin=call.tensor)
    shown = next((found for value in call.arguments.values() if (found := shown_tensor(value))), None)
    return STATIC if shown is None else Text(shown)


@methods(Shape, "as_list", "with_rank", "with_rank_at_least", "merge_with", "copy")
def _same_shape(calls: Calls, call: MethodCall[Shape]) -> Value:
    return call.receiver


@methods(Shape, "concatenate", "dims")
def _other_shape(calls: Calls, call: MethodCall[Shape]) -> Value:
    return replace(call.receiver, batched=False)


@methods(Shape, "*")
def _of_shape(calls: Calls, call: MethodCall[Shape]) -> Value:
    return STATIC
