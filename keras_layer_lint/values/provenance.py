"""What the result of a call has in common with the layer's input: its axes, and a dtype of which something is known."""

from __future__ import annotations

from keras_layer_lint.keras.result_traits import DTYPE_PARAMETERS, ELEMENTWISE, FLOAT32_UNLESS_TOLD, MATRIX_PRODUCTS
from keras_layer_lint.values.arguments import CallArguments
from keras_layer_lint.values.containers import Sequence
from keras_layer_lint.values.contents import parts_of
from keras_layer_lint.values.value import Nest, PythonValue, Tensor, Value

_OF_TEXT = frozenset({"keras.ops.convert_to_tensor", "tensorflow.constant", "tensorflow.convert_to_tensor"})
_OF_SHAPE = frozenset("ndim ones_like rank shape shape_n size zeros_like".split())
"""Functions whose result depends on no more than the shape of what they are given, by their last names."""
INTEGERS = frozenset({"step", "int64"})
"""The dtypes of tensors that hold integers."""


def of_call(name: str, arguments: CallArguments) -> tuple[bool, str]:
    """`like_input` and `dtype` of the tensor that a function returns."""
    tensors = [value for value in arguments.values() if isinstance(value, Tensor | Nest)]
    is_elementwise = name in ELEMENTWISE
    like_input = any(value.like_input for value in tensors) if is_elementwise else _is_weighted(name, arguments)
    if name in _OF_TEXT and _is_text(arguments.get(0, "value", "x"), arguments.get(1, "dtype")):
        return False, "string"
    if (position := DTYPE_PARAMETERS.get(name)) is not None:
        dtype = arguments.get(position, "dtype")
        if dtype is not None:
            return like_input, _named(dtype)
        if name in FLOAT32_UNLESS_TOLD or _is_float(arguments.get(0, "value")):
            return like_input, "float32"
    if is_elementwise and tensors and all(value.dtype == tensors[0].dtype for value in tensors):
        return like_input, "" if tensors[0].dtype in INTEGERS else tensors[0].dtype
    return like_input, ""


def varies_as_well(name: str, arguments: CallArguments) -> bool:
    """`varies` of the tensor that a function returns: its result comes of the values of what it is given."""
    is_of_shape = name.rpartition(".")[2] in _OF_SHAPE
    given = [part for value in arguments.values() for part in parts_of(value)]
    return not is_of_shape and any(isinstance(value, Tensor | Nest) and value.varies for value in given)


def _is_weighted(name: str, arguments: CallArguments) -> bool:
    """Whether it is the product of something like the input with a weight."""
    if name not in MATRIX_PRODUCTS:
        return False
    first, second = arguments.get(0, "a", "x1", "x"), arguments.get(1, "b", "x2", "y")
    is_weight = isinstance(second, Tensor) and second.variable
    return is_weight and isinstance(first, Tensor | Nest) and first.like_input


def _named(dtype: Value) -> str:
    match dtype:
        case PythonValue(constant="float32") | PythonValue(attribute="dtype"):
            return "float32"  # `self.dtype` is that of the weights, float32 under a mixed policy
        case PythonValue(attribute="compute_dtype"):
            return "compute"
        case _:
            return ""


def _is_text(value: Value | None, dtype: Value | None) -> bool:
    match value:
        case _ if isinstance(dtype, PythonValue) and dtype.constant == "string":
            return True
        case PythonValue(constant=str()):
            return True
        case Sequence(items=items) if items:
            return all(_is_text(item, None) for item in items)
        case _:
            return False


def _is_float(value: Value | None) -> bool:
    match value:
        case PythonValue(constant=float()):
            return True
        case Sequence(items=items) if items:
            return all(map(_is_float, items))
        case _:
            return False
