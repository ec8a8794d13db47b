"""From `set_value` and `batch_set_value` of the backend to the weights' own `assign`."""

from __future__ import annotations

import libcst as cst
import libcst.matchers as m

from keras_layer_lint.diagnostic import Edit, Fix, Span
from keras_layer_lint.fixes.expressions import call, positional, variables_in
from keras_layer_lint.fixes.imports import meaning
from keras_layer_lint.fixes.place import Place
from keras_layer_lint.keras.names import canonical

_PAIRS = m.ListComp(
    elt=m.Tuple(elements=[m.Element(m.Name()), m.Element()]), for_in=m.CompFor(target=m.Name(), inner_for_in=None)
)


def assigned(place: Place, node: cst.Call) -> Fix | None:
    """`K.set_value(self.mean, 1.0)`, and `K.batch_set_value([(v, 0) for v in self.variables])` as a loop."""
    name = canonical(meaning(place, node.func) or "")
    if name == "keras.backend.batch_set_value":
        return _in_loop(place, node)
    values = positional(node, 2)
    if values is None or name != "keras.backend.set_value":
        return None
    new = _assign(values[0], values[1])
    return Fix("unsafe", "assign to the weight", (place.replaced(node, new),))


def _assign(weight: cst.BaseExpression, value: cst.BaseExpression) -> cst.Call:
    return call(cst.Attribute(weight, cst.Name("assign")), value)


def _in_loop(place: Place, node: cst.Call) -> Fix | None:
    given, statement, function = positional(node, 1), place.statement, place.function
    if given is None or statement is None or function is None or not m.matches(given[0], _PAIRS):
        return None
    if not m.matches(statement.body[0], m.Expr(m.Call())) or place.tree.span(statement.body[0]) != place.tree.span(
        node
    ):
        return None
    pairs = cst.ensure_type(given[0], cst.ListComp)
    weight, value = (each.value for each in cst.ensure_type(pairs.elt, cst.Tuple).elements)
    name = cst.ensure_type(pairs.for_in.target, cst.Name)
    within = {id(each) for each in variables_in([pairs])}
    others = [each for each in variables_in([function]) if id(each) not in within]
    if not weight.deep_equals(name) or any(each.value == name.value for each in others):
        return None
    inner: cst.BaseStatement = cst.SimpleStatementLine([cst.Expr(_assign(weight, value))])
    for test in reversed(pairs.for_in.ifs):
        inner = cst.If(test.test, cst.IndentedBlock([inner]))
    loop = cst.For(name, pairs.for_in.iter, cst.IndentedBlock([inner]))
    span, lines = place.tree.span(statement), place.tree.lines
    edit = place.before(statement, loop)
    if edit is None or lines[span.end_line - 1][span.end_column - 1 :].strip() or span.end_line >= len(lines):
        return None
    whole = Edit(Span(span.line, 1, span.end_line + 1, 1), edit.text)
    return Fix("unsafe", "assign to the weights", (whole,))
