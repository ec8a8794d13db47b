"""KLL116: the function of `keras.ops` or TensorFlow, for what arrays and tensors of PyTorch have as a method."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst
import libcst.matchers as m

from keras_layer_lint.diagnostic import Fix
from keras_layer_lint.fixes.expressions import New, around, function, pointed_at, positional, replaced
from keras_layer_lint.fixes.place import Place
from keras_layer_lint.keras.foreign_attributes import FOREIGN, IN_TENSORFLOW

_REDUCING = frozenset({"max", "mean", "min", "prod", "std", "sum", "var"})
"""Methods that take an axis first, and nothing but the keywords below, as the functions do."""
_KEYWORDS = frozenset({"axis", "keepdims"})
_OF_ONE = frozenset({"astype", "unsqueeze"})
"""Methods of one argument, which the function takes second."""
_OF_AXES = frozenset({"permute", "reshape", "transpose", "view"})
"""Methods of one number for each axis, or of a tuple of them; the function takes a tuple."""
_OF_PYTHON = m.Name("float") | m.Name("int") | m.Name("bool")
"""Dtypes of Python, which NumPy and TensorFlow take for others."""
_COMMA = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))


def fix(place: Place) -> Fix | None:
    """Unsafe: it raised before, so nothing tells what was meant."""
    node = pointed_at(place)
    held = [] if node is None else around(place, node)
    if not isinstance(node, cst.Attribute) or not held or not isinstance(held[0], cst.Call) or held[0].func is not node:
        return None
    name, method = node.attr.value, held[0]
    if name == "get_shape":
        is_listed = len(held) > 1 and m.matches(held[1], m.Attribute(attr=m.Name("as_list")))
        shape = node.with_changes(attr=cst.Name("shape"))
        return None if method.args or is_listed else Fix("unsafe", "use `shape`", (place.replaced(method, shape),))
    arguments = _arguments(name, method)
    ops = FOREIGN.get(name)
    found = function(place, IN_TENSORFLOW.get(ops, ops), ops) if ops and arguments is not None else None
    if found is None or arguments is None:
        return None
    tensor = cst.Arg(node.value.with_changes(lpar=[], rpar=[]))
    given = [tensor, *arguments]
    made = cst.Call(found.node, [*(each.with_changes(comma=_COMMA) for each in given[:-1]), given[-1]])
    return Fix("unsafe", f"use `{found.name}`", replaced(place, method, New(made, (found,))))


def _arguments(name: str, method: cst.Call) -> Sequence[cst.Arg] | None:
    """What the function takes beside the tensor; None where that is not known."""
    if name in _REDUCING:
        names = [argument.keyword.value for argument in method.args if argument.keyword is not None]
        is_alike = _KEYWORDS.issuperset(names) and len(method.args) - len(names) <= 1
        return [*method.args] if is_alike and not any(argument.star for argument in method.args) else None
    if name in _OF_ONE:
        values = positional(method, 1)
        return None if values is None or m.matches(values[0], _OF_PYTHON) else [cst.Arg(values[0])]
    values = positional(method, len(method.args)) if name in _OF_AXES else None
    if not values:
        return None
    if len(values) > 1:
        axes: cst.BaseExpression = cst.Tuple([cst.Element(value) for value in values])
        return [cst.Arg(axes)]
    return [cst.Arg(values[0])] if isinstance(values[0], (cst.Tuple, cst.List)) else None
