"""KLL308: make `from_config` a class method."""

from __future__ import annotations

from keras_layer_lint.diagnostic import Edit, Fix, Span
from keras_layer_lint.fixes.place import Place


def fix(place: Place) -> Fix | None:
    """Safe: Keras calls it on the class, where it raises without the decorator."""
    method = place.method("from_config")
    if method is None or method is not place.function or method.decorators:
        return None
    span = place.tree.span(method)
    indent = place.tree.lines[span.line - 1][: span.column - 1]
    if indent.strip():
        return None
    line = f"{indent}@classmethod{place.tree.module.default_newline}"
    return Fix("safe", "add `@classmethod`", (Edit(Span(span.line, 1, span.line, 1), line),))
