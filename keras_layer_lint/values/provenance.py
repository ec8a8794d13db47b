"""What the result of a call has in common with the layer's input: its axes, and a dtype of which something is known."""

from __future__ import annotations

from keras_layer_lint.values.arguments import CallArguments
from keras_layer_lint.values.batch_axis import VALUE_BY_VALUE
from keras_layer_lint.values.value import Nest, PythonValue, Sequence, Tensor, Value

_DTYPE_AT = {
    "tensorflow.cast": 1,
    "tensorflow.constant": 1,
    "tensorflow.convert_to_tensor": 1,
    "tensorflow.eye": 3,
    "tensorflow.ones": 1,
    "tensorflow.ones_like": 1,
    "tensorflow.random.normal": 3,
    "tensorflow.random.truncated_normal": 3,
    "tensorflow.random.uniform": 3,
    "tensorflow.zeros": 1,
    "tensorflow.zeros_like": 1,
}
"""Functions that take a dtype, and by which position."""

_FLOAT32_UNLESS_TOLD = frozenset(_DTYPE_AT) - {
    "tensorflow.cast",
    "tensorflow.constant",
    "tensorflow.convert_to_tensor",
    "tensorflow.ones_like",
    "tensorflow.zeros_like",
}


def of_call(name: str, arguments: CallArguments) -> tuple[bool, str]:
    """`like_input` and `dtype` of the tensor that a function returns."""
    last = name.rpartition(".")[2]
    tensors = [value for value in arguments.values() if isinstance(value, Tensor | Nest)]
    by_value = last in VALUE_BY_VALUE
    second = arguments.get(1, "b")
    by_weight = last in ("matmul", "dot") and isinstance(second, Tensor) and second.variable
    like_input = any(value.like_input for value in tensors[: None if by_value else 1]) and (by_value or by_weight)
    if name in _DTYPE_AT:
        dtype = arguments.get(_DTYPE_AT[name], "dtype")
        if dtype is not None:
            return like_input, _named(dtype)
        if name in _FLOAT32_UNLESS_TOLD or _is_float(arguments.get(0, "value")):
            return like_input, "float32"
    if by_value and tensors and all(value.dtype == tensors[0].dtype for value in tensors):
        return like_input, tensors[0].dtype
    return like_input, ""


def _named(dtype: Value) -> str:
    match dtype:
        case PythonValue(constant="float32") | PythonValue(attribute="dtype"):
            return "float32"  # `self.dtype` is that of the weights, float32 under a mixed policy
        case PythonValue(attribute="compute_dtype"):
            return "compute"
        case _:
            return ""


def _is_float(value: Value | None) -> bool:
    match value:
        case PythonValue(constant=float()):
            return True
        case Sequence(items=items) if items:
            return all(map(_is_float, items))
        case _:
            return False
