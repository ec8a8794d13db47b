"""KLL113: leave a tensor a tensor, of the kind of number that was asked for."""

from __future__ import annotations

import libcst as cst
import libcst.matchers as m

from keras_layer_lint.diagnostic import Fix
from keras_layer_lint.fixes.expressions import (
    New,
    around,
    call,
    called,
    function,
    pointed_at,
    positional,
    replaced,
)
from keras_layer_lint.fixes.imports import Written
from keras_layer_lint.fixes.numbers import float_type, is_size
from keras_layer_lint.fixes.place import Place
from keras_layer_lint.fixes.uses import serves_as_tensor

_MATH = {
    "math.acos": ("math.acos", "arccos"),
    "math.asin": ("math.asin", "arcsin"),
    "math.atan": ("math.atan", "arctan"),
    "math.cos": ("math.cos", "cos"),
    "math.cosh": ("math.cosh", "cosh"),
    "math.erf": ("math.erf", "erf"),
    "math.exp": ("math.exp", "exp"),
    "math.expm1": ("math.expm1", "expm1"),
    "math.fabs": ("math.abs", "abs"),
    "math.log": ("math.log", "log"),
    "math.log1p": ("math.log1p", "log1p"),
    "math.sin": ("math.sin", "sin"),
    "math.sinh": ("math.sinh", "sinh"),
    "math.sqrt": ("math.sqrt", "sqrt"),
    "math.tan": ("math.tan", "tan"),
    "math.tanh": ("math.tanh", "tanh"),
}
"""Functions of one float, and the same in TensorFlow and in `keras.ops`."""
_SIZE = cst.parse_expression("0")


def fix(place: Place) -> Fix | None:
    """Unsafe: the number of Python was of 64 bits, and of a dtype that gives way to any other."""
    node = pointed_at(place)
    values = positional(node, 1) if isinstance(node, cst.Call) else None
    if node is None or values is None or not isinstance(node, cst.Call):
        return None
    new = _instead(place, node, values[0])
    if new is None or not serves_as_tensor(place, node, around(place, node), methods=True):
        return None
    return Fix("unsafe", "leave the tensor a tensor", replaced(place, node, new))


def _instead(place: Place, node: cst.Call, value: cst.BaseExpression) -> New | None:
    cast = function(place, "cast", "cast")
    if cast is None:
        return None
    if m.matches(node.func, m.Name("float")):
        return New(call(cast.node, value, float_type(place)), (cast,))
    if m.matches(node.func, m.Name("int")):
        dtype = cst.parse_expression('"int32"')
        return New(value) if is_size(place, value) else New(call(cast.node, value, dtype), (cast,))
    if m.matches(node.func, m.Name("len")):
        return _length(place, node, value, cast)
    names = _MATH.get(called(place, node) or "")
    found = None if names is None else function(place, *names)
    if found is None:
        return None
    return New(call(found.node, call(cast.node, value, float_type(place))), (found, cast))


def _length(place: Place, node: cst.Call, value: cst.BaseExpression, cast: Written) -> New | None:
    """The first size of a tensor; in the dtype of the tensor where one is divided or multiplied by it."""
    shape = function(place, "shape", "shape")
    if shape is None or not isinstance(value, cst.Name):
        return None
    size = cst.Subscript(call(shape.node, value), [cst.SubscriptElement(cst.Index(_SIZE))])
    outer, *_ = [*around(place, node), None]
    if not isinstance(outer, cst.BinaryOperation):
        return New(size, (shape,))
    if not isinstance(outer.operator, (cst.Divide, cst.Multiply)):
        return None
    return New(call(cast.node, size, cst.Attribute(value, cst.Name("dtype"))), (shape, cast))
