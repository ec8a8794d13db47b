"""Edits of a text: which can be made together, and the text with them made."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Sequence

from keras_layer_lint.diagnostic import Edit, Fix, Span
from keras_layer_lint.source.decode import split_lines

_LINE_END = ("\r\n", "\n\r")
"""A line end of two characters, forwards and backwards."""


def edited(text: str, edits: Iterable[Edit]) -> str:
    """The text with edits made. They must be disjoint, as those that `disjoint` gives are."""
    starts = _starts(text)
    parts: list[str] = []
    done = 0
    for edit in sorted(set(edits)):
        begin, end = _place(starts, edit.span)
        parts += [text[done:begin], edit.text]
        done = end
    return "".join([*parts, text[done:]])


def disjoint(fixes: Sequence[Fix]) -> list[Fix]:
    """The first of the fixes that can be made together: an edit that two of them ask for is made once."""
    chosen: list[Fix] = []
    taken: list[Edit] = []
    for fix in fixes:
        new = [edit for edit in fix.edits if not _is_in(edit, taken)]
        if not any(_meets(edit, taken) for edit in new):
            chosen.append(fix)
            for edit in new:
                insort(taken, edit)
    return chosen


def _is_in(edit: Edit, taken: Sequence[Edit]) -> bool:
    at = bisect_left(taken, edit)
    return at < len(taken) and taken[at] == edit


def _meets(edit: Edit, taken: Sequence[Edit]) -> bool:
    """Whether an edit meets one of others, which are in order and do not meet: only its neighbours can."""
    at = bisect_left(taken, edit)
    return any(_meet(edit.span, other.span) for other in taken[max(at - 1, 0) : at + 1])


def least(span: Span, old: str, new: str) -> Edit:
    """The edit of a span from one text to another without what both begin and end with."""
    begin = _common(old, new)
    end = _common(old[begin:][::-1], new[begin:][::-1])
    kept, cut = old[:begin], old[: len(old) - end]
    return Edit(
        Span(*_behind(span, kept), *_behind(span, cut)),
        new[begin : len(new) - end],
    )


def _common(one: str, other: str) -> int:
    """How many characters two texts begin with in common, of whole words only."""
    count = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    while count and (_splits_word(one, count) or _splits_word(other, count)):
        count -= 1
    return count


def _splits_word(text: str, at: int) -> bool:
    around = text[at - 1 : at + 1]
    return len(around) == 2 and (around in _LINE_END or all(letter.isalnum() or letter == "_" for letter in around))


def _behind(span: Span, text: str) -> tuple[int, int]:
    """The line and column behind a text that begins where a span does."""
    lines = split_lines(text)
    if lines and lines[-1].endswith(("\n", "\r")):
        lines = (*lines, "")
    if len(lines) < 2:
        return span.line, span.column + len(text)
    return span.line + len(lines) - 1, len(lines[-1]) + 1


def _meet(one: Span, other: Span) -> bool:
    """Whether two spans overlap or touch: what is put in at one place by two fixes has no order."""
    return (one.line, one.column) <= (other.end_line, other.end_column) and (other.line, other.column) <= (
        one.end_line,
        one.end_column,
    )


def _starts(text: str) -> list[int]:
    """Where each line begins; one place more than there are lines."""
    starts = [0]
    for line in split_lines(text):
        starts.append(starts[-1] + len(line))
    return starts


def _place(starts: Sequence[int], span: Span) -> tuple[int, int]:
    return starts[span.line - 1] + span.column - 1, starts[span.end_line - 1] + span.end_column - 1
