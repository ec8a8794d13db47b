"""KLL161: make it in the dtype that the layer computes with."""

from __future__ import annotations

import libcst as cst
import libcst.matchers as m

from keras_layer_lint.diagnostic import Fix
from keras_layer_lint.fixes.expressions import called, pointed_at
from keras_layer_lint.fixes.numbers import float_type
from keras_layer_lint.fixes.place import Place

_MAKERS = frozenset(
    f"tensorflow.{name}"
    for name in ("constant", "eye", "ones", "random.normal", "random.truncated_normal", "random.uniform", "zeros")
)
"""Functions of TensorFlow that make a tensor of a dtype that is given by keyword."""
_COMPUTED = cst.parse_expression("self.compute_dtype")


def fix(place: Place) -> Fix | None:
    """Safe: where the dtypes differ it raises, and else the layer computes in 32 bits, as it does now."""
    node = pointed_at(place)
    if not isinstance(node, cst.BinaryOperation) or not float_type(place).deep_equals(_COMPUTED):
        return None
    found = [(side, new) for side in (node.left, node.right) if (new := _in_dtype(place, side)) is not None]
    if len(found) != 1:
        return None
    side, new = found[0]
    return Fix("safe", "make it in `self.compute_dtype`", (place.replaced(side, new),))


def _in_dtype(place: Place, side: cst.BaseExpression) -> cst.Call | None:
    name = called(place, side)
    if not isinstance(side, cst.Call) or any(argument.star for argument in side.args):
        return None
    at = [number for number, each in enumerate(side.args) if m.matches(each, m.Arg(keyword=m.Name("dtype")))]
    if name == "tensorflow.cast" and len(side.args) == 2:
        at = [1]
    elif name not in _MAKERS:
        return None
    if at:
        args = [
            each.with_changes(value=_COMPUTED) if number == at[0] else each for number, each in enumerate(side.args)
        ]
        return side.with_changes(args=args)
    if len([each for each in side.args if each.keyword is None]) != 1:
        return None  # the dtype may be among them
    equal = cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace(""))
    comma = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
    before = [*side.args[:-1], side.args[-1].with_changes(comma=comma)]
    return side.with_changes(args=[*before, cst.Arg(_COMPUTED, keyword=cst.Name("dtype"), equal=equal)])
