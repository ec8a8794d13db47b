"""KLL002: a comment that silences nothing goes, or the codes in it that do not."""

from __future__ import annotations

import re

from keras_layer_lint.diagnostic import Edit, Fix, Span
from keras_layer_lint.fixes.place import Place

_CODE = r"[A-Za-z]+[0-9]*"


def fix(place: Place) -> Fix | None:
    """Safe: it is a comment. What stands behind it, such as a reason, stays one."""
    span, idle = place.diagnostic.span, place.diagnostic.expectation.idle
    if span.line != span.end_line:
        return None
    if idle:
        edit = _without_codes(place, span, idle)
        return None if edit is None else Fix("safe", f"remove {', '.join(idle)} from the comment", (edit,))
    line = place.tree.lines[span.line - 1]
    before, behind = line[: span.column - 1], line[span.end_column - 1 :]
    rest = behind.strip()
    if rest and not rest.startswith("#"):
        edit = Edit(span, "#" if behind.startswith((" ", "\t")) else "# ")
    elif rest:
        edit = Edit(Span(span.line, span.column, span.line, span.end_column + len(behind) - len(behind.lstrip())), "")
    elif before.strip():
        column = len(before.rstrip()) + 1
        edit = Edit(Span(span.line, column, span.line, span.end_column + len(behind.rstrip("\r\n"))), "")
    elif line.endswith(("\n", "\r")):
        edit = Edit(Span(span.line, 1, span.line + 1, 1), "")
    else:
        edit = Edit(Span(span.line, 1, span.line, len(line) + 1), "")
    return Fix("safe", "remove the comment", (edit,))


def _without_codes(place: Place, span: Span, idle: tuple[str, ...]) -> Edit | None:
    """The comment with the other codes of its list, in the order in which they stand."""
    text = place.tree.text_of(span)
    found = re.search(rf"(?:[:\[])\s*(?P<codes>{_CODE}(?:[,\s]+{_CODE})*)\s*\]?$", text)
    if found is None:
        return None
    left = [code for code in re.split(r"[,\s]+", found["codes"]) if code.upper() not in idle]
    first, last = found.span("codes")
    start, end = span.column + first, span.column + last
    return Edit(Span(span.line, start, span.line, end), ", ".join(left)) if left else None
