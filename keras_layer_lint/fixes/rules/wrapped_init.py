"""KLL223: without a decorator whose only use is to refuse arguments, or that does nothing but call `__init__`."""

from __future__ import annotations

import libcst as cst
import libcst.matchers as m

from keras_layer_lint.diagnostic import Edit, Fix, Span
from keras_layer_lint.fixes.expressions import pointed_at
from keras_layer_lint.fixes.imports import meaning
from keras_layer_lint.fixes.place import Place
from keras_layer_lint.model.wrapping import TYPECHECKED

_ALL = [m.Arg(star="*"), m.Arg(star="**")]


def fix(place: Place) -> Fix | None:
    """Unsafe: typeguard no longer refuses arguments of wrong types, and what asks for the wrapper misses it."""
    node = pointed_at(place)
    if node is None or not (meaning(place, node) == TYPECHECKED or _only_calls(place, node)):
        return None
    span = place.tree.span(node)
    if "".join(place.tree.lines[span.line - 1].split()) != f"@{place.tree.text_of(span)}":
        return None
    edit = Edit(Span(span.line, 1, span.line + 1, 1), "")
    return Fix("unsafe", "leave `__init__` undecorated", (edit,))


def _only_calls(place: Place, node: cst.BaseExpression) -> bool:
    """Whether a decorator of the file returns a function that hands all on to the method, and does no more."""
    functions = [each for each in place.tree.module.body if isinstance(each, cst.FunctionDef)]
    found = [each for each in functions if isinstance(node, cst.Name) and each.name.value == node.value]
    if len(found) != 1:
        return False
    outer = found[0]
    given = [each.name.value for each in outer.params.params]
    match outer.body.body:
        case [cst.FunctionDef() as inner, cst.SimpleStatementLine() as last] if len(given) == 1:
            own = [m.Arg(m.Name(each.name.value), star="") for each in inner.params.params]
            hands_on = m.Call(m.Name(given[0]), args=[*own, *_ALL])
            only = m.SimpleStatementLine(body=[m.Return(hands_on) | m.Expr(hands_on)])
            does_no_more = m.matches(inner.body, m.IndentedBlock(body=[only]))
            return does_no_more and m.matches(last, m.SimpleStatementLine(body=[m.Return(m.Name(inner.name.value))]))
        case _:
            return False
