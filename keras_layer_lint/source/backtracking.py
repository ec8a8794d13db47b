"""Patterns of `match` and targets of `del` that LibCST would need too long to parse.

LibCST 1.9 tries a bracket in them as several kinds of syntax, one after the other, and what stands in it again each
time: its time is the product of the levels. Measured: each level of a pattern takes up to 3.7 times as long (a tuple or
a mapping; 2 times for a list, a class, a group), each level of a `del` target twice as long. Other syntax is linear.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from io import StringIO
from tokenize import TokenError, generate_tokens

MAX_TRIES = 50_000
"""Tokens that LibCST may read over and over: a fifth of a second."""
_PATTERN = 4
_DELETE = 2
_FEW = 5
"""So many brackets are harmless, however they are nested."""
_MENTIONED = re.compile(r"\b(?:case|del)\b")
_OPENING, _CLOSING = frozenset("([{"), frozenset(")]}")

Place = tuple[int, int]


def costly(node: ast.stmt, lines: Sequence[str]) -> int | None:
    """Line of the first pattern or target within a definition that takes too long to parse, None where none does."""
    own = lines[node.lineno - 1 : node.end_lineno]
    if not any(("case" in line or "del" in line) and _MENTIONED.search(line) for line in own):
        return None
    for start, end, factor in _places(node):
        if _tries(_text(lines, start, end), factor) > MAX_TRIES:
            return start[0]
    return None


def _places(node: ast.stmt) -> Iterator[tuple[Place, Place, int]]:
    """Where patterns and targets stand, with what is around them: parentheses have no place of their own in `ast`."""
    stack: list[ast.AST] = [node]
    while stack:
        here = stack.pop()
        if isinstance(here, ast.Delete):
            yield (here.lineno, here.col_offset), _end(here), _DELETE
        if isinstance(here, ast.Match):
            start = _end(here.subject)
            for case in here.cases:
                yield start, (case.body[0].lineno, case.body[0].col_offset), _PATTERN
                start = _end(case.body[-1])
        for name in ("body", "orelse", "finalbody", "handlers", "cases"):
            below = getattr(here, name, None)
            if isinstance(below, list):  # an expression has a `body`, too
                stack.extend(below)


def _end(node: ast.stmt | ast.expr) -> Place:
    return node.end_lineno or node.lineno, node.end_col_offset or node.col_offset


def _text(lines: Sequence[str], start: Place, end: Place) -> str:
    """The text between two places; `ast` counts columns in bytes."""
    first, last = start[0], end[0]
    if first == last:
        return lines[first - 1].encode("utf-8", "surrogatepass")[start[1] : end[1]].decode("utf-8", "ignore")
    head = lines[first - 1].encode("utf-8", "surrogatepass")[start[1] :].decode("utf-8", "ignore")
    tail = lines[last - 1].encode("utf-8", "surrogatepass")[: end[1]].decode("utf-8", "ignore")
    return "".join([head, *lines[first : last - 1], tail])


def _tries(text: str, factor: int) -> float:
    if sum(text.count(bracket) for bracket in _OPENING) <= _FEW:
        return 0.0
    tries = 0.0
    weight = 1 / factor  # of the bracket before the excerpt
    try:
        for token in generate_tokens(StringIO("(" + text).readline):
            tries += weight
            if tries > MAX_TRIES:
                break
            if token.string in _OPENING:
                weight *= factor
            elif token.string in _CLOSING:
                weight /= factor
    except (TokenError, SyntaxError):
        pass  # the excerpt ends within the bracket that was put before it, so that line ends mean nothing
    return tries
