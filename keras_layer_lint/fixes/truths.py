"""Conditions of Python on tensors, as the functions that a graph has for them."""

from __future__ import annotations

import libcst as cst
import libcst.matchers as m

from keras_layer_lint.fixes.expressions import New, call, called, function
from keras_layer_lint.fixes.place import Place

_TRUTHS = frozenset(
    """
    all any equal greater greater_equal is_finite is_inf is_nan isfinite isinf isnan less less_equal logical_and
    logical_not logical_or logical_xor not_equal reduce_all reduce_any
    """.split()
)
"""Functions, by their last name, that give booleans."""
_TWICE = m.Name() | m.Attribute() | m.Integer() | m.Float() | m.UnaryOperation(m.Minus(), m.Integer() | m.Float())
_OF_PYTHON = m.ComparisonTarget(operator=m.Is() | m.IsNot() | m.In() | m.NotIn())


def is_truth(place: Place, node: cst.BaseExpression) -> bool:
    """Whether an expression is a boolean, of a tensor or not, and asks for no type and not for None."""
    if isinstance(node, cst.Comparison):
        is_one = len(node.comparisons) == 1 or m.matches(node.comparisons[0].comparator, _TWICE)
        return is_one and not any(m.matches(each, _OF_PYTHON) for each in node.comparisons)
    if isinstance(node, cst.UnaryOperation) and isinstance(node.operator, cst.Not):
        return is_truth(place, node.expression)
    if isinstance(node, cst.BooleanOperation):
        return is_truth(place, node.left) and is_truth(place, node.right)
    name = called(place, node) or ""
    return name.startswith(("tensorflow.", "keras.ops.")) and name.rpartition(".")[2] in _TRUTHS


def in_graph(place: Place, node: cst.BaseExpression) -> New | None:
    """`logical_and` and the like for `and`, `or`, `not` and `a < b < c`; a plain test as it is.

    None where a side may be None, or is no boolean: in a graph it would be no condition.
    """
    if isinstance(node, cst.BooleanOperation):
        name = "logical_and" if isinstance(node.operator, cst.And) else "logical_or"
        return _joined(place, name, (node.left, node.right))
    if isinstance(node, cst.UnaryOperation) and isinstance(node.operator, cst.Not):
        return _joined(place, "logical_not", (node.expression,))
    if not is_truth(place, node):
        return None
    if isinstance(node, cst.Comparison) and len(node.comparisons) == 2:
        first, second = node.comparisons
        one = node.with_changes(comparisons=[first], lpar=[], rpar=[])
        return _joined(place, "logical_and", (one, cst.Comparison(first.comparator, [second])))
    return New(node) if not isinstance(node, cst.Comparison) or len(node.comparisons) == 1 else None


def _joined(place: Place, name: str, sides: tuple[cst.BaseExpression, ...]) -> New | None:
    found = function(place, name, name)
    made = [each for side in sides if (each := in_graph(place, side)) is not None]
    if found is None or len(made) < len(sides):
        return None
    return New(call(found.node, *(each.node for each in made)), (found, *(use for each in made for use in each.uses)))
