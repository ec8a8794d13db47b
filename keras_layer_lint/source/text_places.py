"""Where a place of a source text stands, told from the text around it: nothing is parsed."""

from __future__ import annotations

import re
from collections.abc import Iterator

_LONGEST_LINE = 500


def in_code(text: str, position: int) -> bool:
    """Whether a place is neither in a comment nor in a docstring."""
    return not in_comment(text, position) and not _in_docstring(text, position)


def in_comment(text: str, position: int) -> bool:
    """Whether a `#` stands before a place in its line."""
    begin = text.rfind("\n", max(0, position - _LONGEST_LINE), position) + 1
    return "#" in text[begin or max(0, position - _LONGEST_LINE) : position]


def uncommented(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """Matches outside of comments."""
    for found in pattern.finditer(text):
        if not in_comment(text, found.start()):
            yield found


def has(pattern: re.Pattern[str], text: str) -> bool:
    """Whether a pattern matches outside of comments."""
    return next(uncommented(pattern, text), None) is not None


def _in_docstring(text: str, position: int) -> bool:
    """Whether a place is within triple quotes, as far as the number of quotes before it tells."""
    return any(text.count(quotes, 0, position) % 2 for quotes in ('"""', "'''"))
