"""How code calls a method by its name, whatever object has it: only the text is read."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from keras_layer_lint.immutable import dataclass
from keras_layer_lint.source.text_places import in_code

_LONGEST = 2_000
"""Characters of the arguments of a call."""
_BRACKETS = re.compile(r"[()\[\]{}]")


@dataclass(frozen=True, slots=True)
class Given:
    """What a call gives."""

    by_position: int
    by_name: tuple[str, ...]


def calls_of(name: str, text: str) -> Iterator[Given | None]:
    """What each use of `.name` gives, not those of `super()`; None where that is not known, or nothing is called."""
    written = f".{name}"
    if written not in text:
        return
    for found in re.finditer(rf"\{written}\b(?<!super\(\)\{written})[ ]{{0,4}}(?P<call>\(?)", text):
        if in_code(text, found.start()):
            yield _given(text, found.end()) if found["call"] else None


def _given(text: str, start: int) -> Given | None:
    depth = 1
    for bracket in _BRACKETS.finditer(text, start, start + _LONGEST):
        depth += 1 if bracket[0] in "([{" else -1
        if depth == 0:
            return _parsed(text[start : bracket.start()])
    return None


def _parsed(arguments: str) -> Given | None:
    try:
        call = ast.parse(f"f({arguments}\n)", mode="eval").body
    except (SyntaxError, ValueError):
        return None
    if not isinstance(call, ast.Call) or any(isinstance(arg, ast.Starred) for arg in call.args):
        return None
    names = tuple(keyword.arg for keyword in call.keywords if keyword.arg is not None)
    return Given(len(call.args), names) if len(names) == len(call.keywords) else None
