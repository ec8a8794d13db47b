"""KLL144: test that the mask of the one input is there."""

from __future__ import annotations

import libcst as cst
import libcst.matchers as m

from keras_layer_lint.diagnostic import Fix
from keras_layer_lint.fixes.expressions import pointed_at
from keras_layer_lint.fixes.place import Place, walked


def fix(place: Place) -> Fix | None:
    """Safe: where the test says no, the layer could not be called."""
    node = pointed_at(place) or place.statement  # `output *= mask[0]` is no expression
    found = _test_around(place)
    if node is None or found is None:
        return None
    statement, mask = found
    items = {
        place.tree.module.code_for_node(each): each
        for each in walked(node)
        if m.matches(each, m.Subscript(value=m.Name(mask), slice=[m.SubscriptElement(m.Index(m.Integer()))]))
    }
    if len(items) != 1:
        return None
    ((text, item),) = items.items()
    is_there = cst.Comparison(
        cst.ensure_type(item, cst.Subscript), [cst.ComparisonTarget(cst.IsNot(), cst.Name("None"))]
    )
    test = statement.test
    if text in {place.tree.module.code_for_node(each) for each in walked(test)}:
        return None
    edit = place.replaced(test, cst.BooleanOperation(test, cst.And(), is_there))
    return Fix("safe", f"test `{text}`, too", (edit,))


def _test_around(place: Place) -> tuple[cst.If, str] | None:
    """The `if mask is not None:`, with or without more tests, in whose body the diagnostic stands."""
    span = place.diagnostic.span
    for statement in reversed(place.tree.around(span.line, span.column)):
        if isinstance(statement, cst.FunctionDef):
            return None
        if isinstance(statement, cst.If) and _is_in_body(place, statement):
            for test in _parts(statement.test):
                if m.matches(test, m.Comparison(m.Name(), [m.ComparisonTarget(m.IsNot(), m.Name("None"))])):
                    return statement, cst.ensure_type(cst.ensure_type(test, cst.Comparison).left, cst.Name).value
    return None


def _is_in_body(place: Place, statement: cst.If) -> bool:
    return place.tree.holds(statement.body, place.diagnostic.span.line, place.diagnostic.span.column)


def _parts(test: cst.BaseExpression) -> list[cst.BaseExpression]:
    if isinstance(test, cst.BooleanOperation) and isinstance(test.operator, cst.And):
        return [*_parts(test.left), *_parts(test.right)]
    return [test]
