"""KLL122: print while the layer runs."""

from __future__ import annotations

import libcst as cst
import libcst.matchers as m

from keras_layer_lint.diagnostic import Edit, Fix
from keras_layer_lint.fixes.expressions import call, pointed_at
from keras_layer_lint.fixes.imports import imports, written
from keras_layer_lint.fixes.place import Place
from keras_layer_lint.fixes.without_xla import without_xla

_PRINT = m.Call(m.Name("print"))
_PLAIN = m.FormattedStringText() | m.FormattedStringExpression(conversion=None, format_spec=None, equal=None)
_TEXTS = m.FormattedString() | m.ConcatenatedString() | m.BinaryOperation() | m.Call(m.Attribute(attr=m.Name("format")))


def fix(place: Place) -> Fix | None:
    """Safe in Keras 2. XLA cannot compile it: Keras 3 is told not to, which is unsafe."""
    node = pointed_at(place)
    has_tensorflow = "2" in place.diagnostic.keras or imports(place, "tensorflow")
    found = written(place, "tensorflow.print") if has_tensorflow else None
    if not isinstance(node, cst.Call) or not m.matches(node, _PRINT) or found is None:
        return None
    new = _printed(node, found.node)
    if new is None:
        return None
    edits: list[Edit] = [*found.edits, place.replaced(node, new)]
    if "3" not in place.diagnostic.keras:
        return Fix("safe", f"print with `{found.name}`", tuple(edits))
    without = without_xla(place)
    if without is None:
        return None
    return Fix("unsafe", f"print with `{found.name}`, and set `self.supports_jit = False`", (*without.edits, *edits))


def _printed(node: cst.Call, function: cst.BaseExpression) -> cst.Call | None:
    """`tf.print` of the same; a text with fields gives way to its parts."""
    if any(argument.star or argument.keyword is not None for argument in node.args):
        return None
    values = [argument.value for argument in node.args]
    if len(values) == 1 and isinstance(values[0], cst.FormattedString):
        return _of_parts(values[0], function)
    if any(m.matches(each, _TEXTS) for each in values):
        return None
    return call(function, *values)


def _of_parts(text: cst.FormattedString, function: cst.BaseExpression) -> cst.Call | None:
    if not all(m.matches(part, _PLAIN) for part in text.parts) or text.start.lower() not in ('f"', "f'"):
        return None
    values: list[cst.BaseExpression] = []
    for part in text.parts:
        if isinstance(part, cst.FormattedStringExpression):
            values.append(part.expression)
        elif isinstance(part, cst.FormattedStringText):
            values.append(cst.SimpleString(f"{text.start[1:]}{_unescaped(part.value)}{text.end}"))
    return call(function, *values, sep=cst.SimpleString('""'))


def _unescaped(text: str) -> str:
    return text.replace("{{", "{").replace("}}", "}")
