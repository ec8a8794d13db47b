"""The values of arithmetic."""

from __future__ import annotations

from dataclasses import replace

import libcst as cst

from keras_layer_lint.model import syntax
from keras_layer_lint.values.containers import Dict, Sequence
from keras_layer_lint.values.contents import holds_tensor, merged
from keras_layer_lint.values.events import BatchSizeUsed, ScalarRead, TensorTruth
from keras_layer_lint.values.frames import Frame
from keras_layer_lint.values.join import element_of, is_filled, join_all
from keras_layer_lint.values.kind import UNKNOWN
from keras_layer_lint.values.last_axis import broadcast_last
from keras_layer_lint.values.provenance import BOOLEAN, INTEGERS, is_of_input
from keras_layer_lint.values.ranks import broadcast
from keras_layer_lint.values.state import State
from keras_layer_lint.values.value import (
    NUMPY_VALUE,
    STATIC,
    Derivation,
    Dimension,
    KerasTensor,
    Nest,
    NumpyValue,
    PythonValue,
    Shape,
    Tensor,
    TensorArray,
    Value,
)

_NEUTRAL: dict[type, int] = {
    cst.Add: 0,
    cst.AddAssign: 0,
    cst.Subtract: 0,
    cst.SubtractAssign: 0,
    cst.Multiply: 1,
    cst.MultiplyAssign: 1,
    cst.Divide: 1,
    cst.DivideAssign: 1,
    cst.FloorDivide: 1,
    cst.FloorDivideAssign: 1,
    cst.Power: 1,
    cst.PowerAssign: 1,
}
"""The operand that changes nothing, for operations that do more each time they are repeated."""
_COMMUTATIVE = (cst.Add, cst.AddAssign, cst.Multiply, cst.MultiplyAssign)
"""Those of them where it may also be the left one: `1 / x` is not `x`."""


_NO_LIST_OPERATORS = frozenset({cst.Subtract, cst.Divide, cst.Power, cst.MatrixMultiply})
"""What no list has: others repeat lists and join them."""


class Operators(State):
    """Arithmetic, and `not` where its value is used."""

    def _binary(self, node: cst.BinaryOperation, frame: Frame) -> Value:
        left, right = self.evaluate(node.left, frame), self.evaluate(node.right, frame)
        for value in (left, right):
            self.emit_missing_mask(value, node, frame)
        self.emit_mixed_dtypes(left, right, node, frame)
        self.emit_integers(left, right, node.right, node, frame)
        self.emit_integers(right, left, node.left, node, frame)
        if any(isinstance(value, Dimension) and value.batch for value in (left, right)):
            self.emit(node, frame, BatchSizeUsed, how="arithmetic")
            left, right = (Dimension() if isinstance(value, Dimension) else value for value in (left, right))
        if isinstance(node.operator, cst.Modulo) and isinstance(left, PythonValue) and isinstance(left.constant, str):
            self._percent_format(node, left.constant, right, frame)
            return STATIC
        for one, other in ((left, right), (right, left)):
            if type(node.operator) in _NO_LIST_OPERATORS or is_tensor_or_number(other):
                self.note_one_tensor(one, frame)
        result = self.combined(
            left, right, is_add=isinstance(node.operator, cst.Add), is_or=isinstance(node.operator, cst.BitOr)
        )
        if isinstance(result, PythonValue):
            result = derived(left, node.operator, right, node)
        if isinstance(node.operator, cst.Divide):
            if isinstance(result, PythonValue | Dimension):
                return replace(result, is_float=True)
            if result is UNKNOWN and not self.run.is_traced and _is_number(right):
                return PythonValue(is_float=True)  # what is a size in the shape of a weight is none any more
        if isinstance(result, Tensor) and result.dtype in INTEGERS:
            return replace(result, dtype=_dtype_of_integers(left, node.operator, right))
        return result

    def combined(self, left: Value, right: Value, *, is_add: bool, is_or: bool = False) -> Value:
        """The value of an arithmetic operation."""
        for one, other in ((left, right), (right, left)):
            if isinstance(one, Tensor):
                return _with_tensor(one, other)
            if isinstance(one, KerasTensor):
                return one if isinstance(other, KerasTensor | PythonValue) else UNKNOWN
        if is_add and isinstance(left, Sequence) and isinstance(right, Sequence):
            return _joined_sequences(left, right)
        if is_add and isinstance(left, Shape) and isinstance(right, Shape | Sequence):
            return left
        if is_or and isinstance(left, Dict) and isinstance(right, Dict):
            return merged(left, right)
        for one, other in ((left, right), (right, left)):
            if isinstance(one, Nest):
                return _with_nest(one, other, is_add=is_add)
        if isinstance(left, NumpyValue) or isinstance(right, NumpyValue):
            is_plain = all(isinstance(v, NumpyValue | PythonValue | Dimension | Sequence) for v in (left, right))
            return NUMPY_VALUE if is_plain else UNKNOWN
        if isinstance(left, PythonValue | Dimension) and isinstance(right, PythonValue | Dimension):
            is_float = left.is_float or right.is_float
            if isinstance(left, PythonValue) and isinstance(right, PythonValue):
                return PythonValue(is_float=True) if is_float else STATIC
            dimension = left if isinstance(left, Dimension) else right
            assert isinstance(dimension, Dimension)
            return replace(dimension, is_float=is_float) if is_float else dimension
        for one, other in ((left, right), (right, left)):
            if isinstance(one, Sequence) and isinstance(other, PythonValue | Dimension):
                return Sequence(None, element_of(one), one.is_list) if one.items != () else one
        return UNKNOWN

    def _percent_format(self, node: cst.BinaryOperation, text: str, right: Value, frame: Frame) -> None:
        origin = holds_tensor(right)
        if (origin is not None and any(f"%{c}" in text for c in "dfgeiFEGxX")) or (origin and "%." in text):
            self.emit(node, frame, ScalarRead, via="%-format", origin=origin)

    def _unary(self, node: cst.UnaryOperation, frame: Frame) -> Value:
        value = self.evaluate(node.expression, frame)
        if isinstance(node.operator, cst.Not):
            if isinstance(value, Tensor):
                self.emit(node, frame, TensorTruth, form="not", origin=value.origin)
            if isinstance(value, PythonValue) and isinstance(value.constant, bool):
                return PythonValue(constant=not value.constant)
            return STATIC
        if isinstance(value, PythonValue):
            constant = syntax.literal(node)
            negated = isinstance(node.operator, cst.Minus) and value.parameter is not None and value.derived is None
            derivation = Derivation(frozenset({value.parameter or ""}), node) if negated else None
            return PythonValue(constant=constant, derived=derivation)
        if isinstance(value, Nest):
            self.note_one_tensor(value, frame)
            return Tensor(value.origin, batched=value.batched, of_input=value.of_input)
        return value if isinstance(value, Tensor | NumpyValue | Dimension) else UNKNOWN


def is_tensor_or_number(value: Value) -> bool:
    """Whether a list cannot be added to it: a tensor that it is packed into a tensor for, or a literal number."""
    return isinstance(value, Tensor) or _is_number(value)


def _is_number(value: Value) -> bool:
    return isinstance(value, PythonValue) and type(value.constant) in (int, float)


def _with_tensor(one: Tensor, other: Value) -> Value:
    if isinstance(other, TensorArray):
        return UNKNOWN
    plain = isinstance(other, PythonValue | NumpyValue | Dimension | Tensor)
    like_input = one.like_input or (isinstance(other, Tensor | Nest) and other.like_input)
    dtype = combined_dtype(one, other)
    if one.origin.is_size and isinstance(other, Tensor):
        return Tensor(other.origin, batched=other.batched, like_input=like_input, dtype=dtype)
    both = isinstance(other, Tensor | Nest) and other.batched
    varies = one.varies or (isinstance(other, Tensor | Nest) and other.varies)
    # Where the other is the batch, this one may have more axes.
    batched = (both or plain) if one.batched else (both and (one.variable or _has_no_more_than_one_axis(one)))
    return Tensor(
        one.origin,
        batched=batched,
        like_input=like_input,
        dtype=dtype,
        rank=broadcast((one, other)),
        last=broadcast_last((one, other)),
        varies=varies,
        of_input=is_of_input(one) or is_of_input(other),
    )


def _has_no_more_than_one_axis(value: Tensor) -> bool:
    return value.rank is not None and not value.rank.of and value.rank.number <= 1


def _with_nest(nest: Nest, other: Value, *, is_add: bool) -> Tensor | Nest:
    if is_add and not (isinstance(other, PythonValue) and isinstance(other.constant, int | float)):
        return replace(nest, optional=False, argument="")  # two lists make a list
    dtype = combined_dtype(nest, other)
    of_input = nest.of_input
    return Tensor(nest.origin, batched=nest.batched, like_input=nest.like_input, dtype=dtype, of_input=of_input)


def _joined_sequences(left: Sequence, right: Sequence) -> Sequence:
    if left.items is not None and right.items is not None:
        items = (*left.items, *right.items)
        return Sequence(items, join_all(items), left.is_list)
    parts = [element_of(part) for part in (left, right) if part.items != ()]
    batch = left.holds_batch_size or right.holds_batch_size
    return Sequence(None, join_all(parts), left.is_list, is_filled(left) or is_filled(right), batch)


def derived(left: Value, operator: cst.CSTNode, right: Value, node: cst.CSTNode) -> PythonValue:
    """The value of arithmetic on Python values, which remembers the arguments of `__init__` it was made from."""
    pair = (left, right)
    if not all(isinstance(value, PythonValue) and value.derived is None for value in pair):
        return STATIC
    if isinstance(operator, cst.Subtract) and (difference := _difference(left, right)) is not None:
        return PythonValue(constant=difference)
    parameters = {value.parameter for value in pair if isinstance(value, PythonValue) and value.parameter is not None}
    neutral = _NEUTRAL.get(type(operator), ...)
    if not parameters or neutral is ...:
        return STATIC
    places = pair if isinstance(operator, _COMMUTATIVE) else (right,)
    if any(isinstance(value, PythonValue) and value.constant == neutral for value in places):
        return STATIC
    return PythonValue(derived=Derivation(frozenset(parameters), node))


def _difference(left: Value, right: Value) -> float | None:
    """`1.0 - rate` of a rate that is known: what many helpers that drop something out are given."""
    constants = [value.constant for value in (left, right) if isinstance(value, PythonValue)]
    if all(type(constant) is float for constant in constants):
        return constants[0] - constants[1]  # type: ignore[no-any-return]
    return None


def _dtype_of_integers(left: Value, operator: cst.BaseBinaryOp, right: Value) -> str:
    """The dtype of arithmetic with a tensor of integers: no longer one that Keras keeps a variable of."""
    is_whole = all(
        isinstance(value, Tensor) or (isinstance(value, PythonValue) and type(value.constant) is int)
        for value in (left, right)
    )
    return "int64" if is_whole and not isinstance(operator, cst.Divide) else ""


def combined_dtype(one: Tensor | Nest, other: Value) -> str:
    """The dtype of arithmetic: Python numbers and arrays take that of the tensor, unless it is of booleans."""
    if isinstance(other, Tensor | Nest) or one.dtype == BOOLEAN:
        return one.dtype if isinstance(other, Tensor | Nest) and one.dtype == other.dtype else ""
    return one.dtype if isinstance(other, PythonValue | NumpyValue | Dimension) else ""
