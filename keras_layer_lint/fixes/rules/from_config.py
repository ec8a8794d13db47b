"""KLL308: make `from_config` a class method, or let it turn back what `get_config` serializes."""

from __future__ import annotations

import libcst as cst
import libcst.matchers as m

from keras_layer_lint.diagnostic import Edit, Fix, Span
from keras_layer_lint.fixes.config_keys import key_at
from keras_layer_lint.fixes.config_methods import turned_back
from keras_layer_lint.fixes.imports import Written, written
from keras_layer_lint.fixes.place import Place

_SERIALIZE = "serialize_keras_object"
_BY_SECTION = m.Call(func=m.Attribute(attr=m.Name("serialize")), args=[m.Arg(star="", keyword=None)])
_BY_SAVING = m.Call(func=m.Attribute(attr=m.Name(_SERIALIZE)) | m.Name(_SERIALIZE))


def fix(place: Place) -> Fix | None:
    """Safe: Keras calls it on the class, where it raises without the decorator; and a dict is no layer."""
    lacking = place.diagnostic.expectation.lacking
    return _turns_back(place, lacking[0].name) if lacking else _as_class_method(place)


def _as_class_method(place: Place) -> Fix | None:
    method = place.method("from_config")
    if method is None or method is not place.function or method.decorators:
        return None
    span = place.tree.span(method)
    indent = place.tree.lines[span.line - 1][: span.column - 1]
    if indent.strip():
        return None
    line = f"{indent}@classmethod{place.tree.module.default_newline}"
    return Fix("safe", "add `@classmethod`", (Edit(Span(span.line, 1, span.line, 1), line),))


def _turns_back(place: Place, name: str) -> Fix | None:
    """Where the class itself writes the key, by the inverse of the function that serializes."""
    method, key = place.method("get_config"), key_at(place)
    if method is None or key is None or place.function is not method:
        return None
    inverse = _inverse(place, key.node.value)
    if inverse is None:
        return None
    edits = turned_back(place, method, [name], inverse.node)
    made = tuple(edit for edit in edits if edit is not None)
    if len(made) < len(edits):
        return None
    return Fix("safe", f"turn `{name}` back in `from_config`", (*inverse.edits, *made))


def _inverse(place: Place, value: cst.BaseExpression) -> Written | None:
    """`keras.layers.deserialize` for `keras.layers.serialize`; None where the object is taken apart in another way."""
    if isinstance(value, cst.ListComp) and m.matches(value.elt, _BY_SAVING):
        value = value.elt
    if m.matches(value, _BY_SECTION):
        section = cst.ensure_type(cst.ensure_type(value, cst.Call).func, cst.Attribute).value
        return Written(f"{place.tree.module.code_for_node(section)}.deserialize")
    return written(place, f"keras.saving.de{_SERIALIZE}") if m.matches(value, _BY_SAVING) else None
