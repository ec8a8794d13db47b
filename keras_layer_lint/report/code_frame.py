"""Source lines with marks under the places that a diagnostic speaks of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from keras_layer_lint.diagnostic import Span
from keras_layer_lint.report.escape import printable
from keras_layer_lint.report.text import paint

SourceLines = Callable[[str], Sequence[str]]
"""From the path of a diagnostic to the lines of that file, empty when they cannot be read."""

TAB = 4
WIDTH = 120
"""Cells of source shown per line; a longer line is cut around its marks."""
LONGEST_SPAN = 4
"""Lines of one span that are shown; of a longer one the first lines are."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A place to underline. The primary one is drawn with `^`, others with `-`."""

    span: Span
    label: str
    role: str
    primary: bool = False


@dataclass(frozen=True, slots=True)
class Underline:
    """The part of one line that a mark covers: 0-based character columns, the end exclusive."""

    start: int
    end: int
    mark: Mark
    label: str


def cells(text: str) -> list[int]:
    """Return the cell at which each character begins, and at the end the width of all; wide characters take two."""
    positions, at = [], 0
    if text.isascii():
        for character in text:
            positions.append(at)
            at += TAB if character == "\t" else 1
    else:
        from rich.cells import get_character_cell_size

        for character in text:
            positions.append(at)
            at += TAB if character == "\t" else get_character_cell_size(printable(character))
    return [*positions, at]


def underlines(mark: Mark, lines: Sequence[str]) -> dict[int, Underline]:
    """Split a mark into the lines it covers, keyed by 0-based line. The label stands at the first."""
    found = {}
    first, last = mark.span.line - 1, mark.span.end_line - 1
    for number in range(first, min(last + 1, first + LONGEST_SPAN, len(lines))):
        text = lines[number]
        blank = len(text) - len(text.lstrip())
        start = min(mark.span.column - 1, len(text)) if number == first else blank
        end = min(mark.span.end_column - 1, len(text)) if number == last else len(text.rstrip())
        if number == first or end > start:
            found[number] = Underline(start, max(end, start + 1), mark, mark.label if number == first else "")
    return found


def draw_line(number: str, text: str, marks: Sequence[Underline], color: bool) -> list[str]:
    """Draw one source line and the underlines below it."""
    starts = cells(text)
    left = 0
    if starts[-1] > WIDTH and marks:
        earliest = starts[marks[0].start]
        left = max(0, earliest - WIDTH // 4) if earliest > WIDTH * 3 // 4 else 0
    first = next((i for i, at in enumerate(starts) if at >= left), 0)
    offset = starts[first]
    after = next((i for i, at in enumerate(starts) if at > offset + WIDTH), len(text))
    shown = "".join(" " * TAB if character == "\t" else printable(character) for character in text[first:after])
    shown = ("..." if first else "") + shown.rstrip() + ("..." if after < len(text) else "")
    offset -= 3 if first else 0
    drawn = [f"{paint(number + ' |', 'frame', color)} {shown}".rstrip()]
    gutter = paint(" " * len(number) + " |", "frame", color)
    for underline in marks:
        begin = starts[underline.start] - offset
        end = starts[underline.end] if underline.end < len(starts) else starts[-1] + 1
        length = max(1, min(end - offset, WIDTH) - begin)
        line = ("^" if underline.mark.primary else "-") * length
        label = f" {printable(underline.label)}" if underline.label else ""
        drawn.append(f"{gutter} {' ' * begin}{paint(line + label, underline.mark.role, color)}")
    return drawn


def draw(lines: Sequence[str], marks: Sequence[Mark], color: bool = False) -> list[str]:
    """Draw the marked lines, with one line of context around the primary mark; empty when no mark lies in `lines`."""
    by_line: dict[int, list[Underline]] = {}
    for mark in marks:
        for number, underline in underlines(mark, lines).items():
            by_line.setdefault(number, []).append(underline)
    shown = set(by_line)
    for mark in marks:
        if mark.primary:
            around = {mark.span.line - 2, min(mark.span.end_line, mark.span.line + LONGEST_SPAN - 1)}
            shown |= {number for number in around if 0 <= number < len(lines) and lines[number].strip()}
    if not by_line:
        return []
    width = len(str(max(shown) + 1))
    drawn: list[str] = [paint(" " * width + " |", "frame", color)]
    previous = None
    for number in sorted(shown):
        if previous is not None and number > previous + 1:
            drawn.append(paint("...", "frame", color))
        below = sorted(by_line.get(number, []), key=lambda underline: (not underline.mark.primary, underline.start))
        drawn += draw_line(f"{number + 1:>{width}}", lines[number], below, color)
        previous = number
    return drawn
