"""KLL152: give a loop that counts its bound; have Keras 3 compile nothing that has another."""

from __future__ import annotations

import libcst as cst
import libcst.matchers as m

from keras_layer_lint.diagnostic import Fix
from keras_layer_lint.fixes.expressions import names_in, pointed_at
from keras_layer_lint.fixes.place import Place
from keras_layer_lint.fixes.without_xla import without_xla

_LOOP = m.Call(
    func=m.Attribute(attr=m.Name("while_loop")),
    args=[
        m.Arg(m.Lambda(body=m.Comparison(m.Name(), [m.ComparisonTarget(m.LessThan())])), keyword=None),
        m.Arg(m.Lambda(body=m.Tuple()), keyword=None),
        m.Arg(m.Tuple(), keyword=None),
        m.ZeroOrMore(m.Arg(keyword=m.Name())),
    ],
)


def fix(place: Place) -> Fix | None:
    """Safe where the loop counts from 0 to a number, in steps of one: it ends as it did. An attribute may be none."""
    node = pointed_at(place)
    bound = _bound(node) if isinstance(node, cst.Call) and m.matches(node, _LOOP) else None
    if bound is None or not isinstance(node, cst.Call):
        return without_xla(place)
    if any(m.matches(argument.keyword, m.Name("maximum_iterations")) for argument in node.args if argument.keyword):
        return None
    last = node.args[-1]
    comma = last.comma if isinstance(last.comma, cst.Comma) else None
    separator = node.args[0].comma
    equal = cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace(""))
    new = cst.Arg(bound, keyword=cst.Name("maximum_iterations"), equal=equal, comma=comma or cst.MaybeSentinel.DEFAULT)
    args = [*node.args[:-1], last.with_changes(comma=separator), new]
    edit = place.replaced(node, node.with_changes(args=args))
    is_safe = isinstance(bound, cst.Integer)
    return Fix("safe" if is_safe else "unsafe", "give `maximum_iterations`", (edit,))


def _bound(node: cst.Call) -> cst.BaseExpression | None:
    """What a counter that begins at 0 is compared with, where that is the same in each round."""
    test, body, start = (argument.value for argument in node.args[:3])
    if not isinstance(test, cst.Lambda) or not isinstance(body, cst.Lambda) or not isinstance(start, cst.Tuple):
        return None
    comparison, step = cst.ensure_type(test.body, cst.Comparison), cst.ensure_type(body.body, cst.Tuple)
    parameters = [[each.name.value for each in found.params.params] for found in (test, body)]
    bound = comparison.comparisons[0].comparator
    if not all(parameters) or not step.elements or not start.elements:
        return None
    counts = (
        m.matches(comparison.left, m.Name(parameters[0][0]))
        and m.matches(start.elements[0].value, m.Integer("0"))
        and m.matches(
            step.elements[0].value,
            m.BinaryOperation(m.Name(parameters[1][0]), m.Add(), m.Integer("1")),
        )
    )
    is_number = m.matches(bound, m.Integer() | m.Attribute(m.Name("self")))
    return bound if counts and is_number and not names_in([bound]) & set(parameters[0]) else None
