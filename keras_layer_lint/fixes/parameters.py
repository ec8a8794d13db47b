"""Parameters that a fix adds behind those that a function has."""

from __future__ import annotations

import libcst as cst

from keras_layer_lint.diagnostic import Edit
from keras_layer_lint.fixes.editing import least
from keras_layer_lint.fixes.place import Place
from keras_layer_lint.source.decode import split_lines


def behind_parameters(place: Place, function: cst.FunctionDef, new: str) -> Edit | None:
    """A parameter behind the last, on a line of its own where that has one; None where comments stand there."""
    span = place.tree.span(function.params)
    text = place.tree.text_of(span)
    if "#" in text:
        return None
    written = text.rstrip()
    rest, has_comma = text[len(written) :], written.endswith(",")
    comma = "" if has_comma else ","
    if "\n" in rest or "\r" in rest:
        last = place.tree.lines[span.line - 1 + len(split_lines(written)) - 1]
        indent = last[: len(last) - len(last.lstrip())]
        newline = place.tree.module.default_newline
        return least(span, text, f"{written}{comma}{newline}{indent}{new}{',' if has_comma else ''}{rest}")
    return least(span, text, f"{written}{comma} {new}{rest}")
