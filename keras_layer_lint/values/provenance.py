"""What the result of a call has in common with the layer's input: its axes, and a dtype of which something is known."""

from __future__ import annotations

from keras_layer_lint.keras.result_traits import (
    DTYPE_PARAMETERS,
    ELEMENTWISE,
    FLOAT32_UNLESS_TOLD,
    MAKES_BOOLEANS,
    MATRIX_PRODUCTS,
)
from keras_layer_lint.values.arguments import CallArguments
from keras_layer_lint.values.containers import Sequence
from keras_layer_lint.values.contents import parts_of
from keras_layer_lint.values.value import ExternalName, Nest, PythonValue, Tensor, Value

_OF_TEXT = frozenset({"keras.ops.convert_to_tensor", "tensorflow.constant", "tensorflow.convert_to_tensor"})
_CASTS = frozenset({"keras.backend.cast", "keras.ops.cast"})
_OF_SHAPE = frozenset("ndim ones_like rank shape shape_n size zeros_like".split())
"""Functions whose result depends on no more than the shape of what they are given, by their last names."""
_WITHOUT_GRADIENT = frozenset(
    """
    all any argmax argmin argsort bincount ceil count_nonzero digitize equal floor floordiv greater greater_equal hash
    in_top_k is_finite is_inf is_nan isfinite isinf isnan less less_equal logical_and logical_not logical_or logical_xor
    not_equal one_hot reduce_all reduce_any rint round searchsorted sign stop_gradient
    """.split()
)
"""Functions whose result has no gradient, or is no number to have one of, by their last names."""
INTEGERS = frozenset({"step", "int64"})
"""The dtypes of tensors that hold integers."""
BOOLEAN = "bool"
"""The dtype of tensors of booleans that are computed while tracing."""
_OF_ITS_OWN = INTEGERS | {BOOLEAN}
"""Dtypes that a function of such tensors need not keep."""


def of_call(name: str, arguments: CallArguments) -> tuple[bool, str]:
    """`like_input` and `dtype` of the tensor that a function returns."""
    tensors = [value for value in arguments.values() if isinstance(value, Tensor | Nest)]
    is_elementwise = name in ELEMENTWISE
    like_input = any(value.like_input for value in tensors) if is_elementwise else _is_weighted(name, arguments)
    if name in MAKES_BOOLEANS or (name in _CASTS and _is_named(arguments.get(1, "dtype"), BOOLEAN)):
        return like_input, BOOLEAN
    if name in _OF_TEXT and _is_text(arguments.get(0, "value", "x"), arguments.get(1, "dtype")):
        return False, "string"
    if (position := DTYPE_PARAMETERS.get(name)) is not None:
        dtype = arguments.get(position, "dtype")
        if dtype is not None:
            return like_input, _named(dtype)
        if name in FLOAT32_UNLESS_TOLD or _is_float(arguments.get(0, "value")):
            return like_input, "float32"
    if is_elementwise and tensors and all(value.dtype == tensors[0].dtype for value in tensors):
        return like_input, "" if tensors[0].dtype in _OF_ITS_OWN else tensors[0].dtype
    return like_input, ""


def values_of_call(name: str, arguments: CallArguments) -> tuple[bool, bool]:
    """`varies` and `of_input` of the tensor that a function returns: its values come of what it is given."""
    last = name.rpartition(".")[2]
    if last in _OF_SHAPE:
        return False, False
    varies = of_input = False
    for value in arguments.values():
        for part in parts_of(value):
            if isinstance(part, Tensor | Nest):
                varies, of_input = varies or part.varies, of_input or is_of_input(part)
    if of_input and (last in _WITHOUT_GRADIENT or (last == "cast" and not _is_float_type(arguments.get(1, "dtype")))):
        of_input = False
    return varies, of_input


def is_of_input(value: Value) -> bool:
    """Whether a value comes of an argument of `call` or of a weight."""
    return isinstance(value, Tensor | Nest) and (value.of_input or (isinstance(value, Tensor) and value.variable))


def _is_float_type(dtype: Value | None) -> bool:
    """Whether a type is certainly no integer: it is written as a float's, or is that of another tensor or the layer."""
    match dtype:
        case PythonValue(constant=str() as name):
            return "float" in name
        case ExternalName(name=name):
            return "float" in name
        case PythonValue(attribute="dtype" | "compute_dtype" | "variable_dtype"):
            return True
        case _:
            return False


def _is_weighted(name: str, arguments: CallArguments) -> bool:
    """Whether it is the product of something like the input with a weight."""
    if name not in MATRIX_PRODUCTS:
        return False
    first, second = arguments.get(0, "a", "x1", "x"), arguments.get(1, "b", "x2", "y")
    is_weight = isinstance(second, Tensor) and second.variable
    return is_weight and isinstance(first, Tensor | Nest) and first.like_input


def _is_named(dtype: Value | None, name: str) -> bool:
    return isinstance(dtype, PythonValue) and dtype.constant == name


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
