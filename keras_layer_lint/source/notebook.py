"""A notebook as one module: its code cells in order, what is not Python in them put out of the way, line for line.

Before each cell stands a comment that names it, so that the text alone tells where each of its lines is. A line of
IPython (`%matplotlib inline`, `!pip install x`, `layer?`) becomes `pass` with a comment that says which it was; a cell
that is no Python at all becomes comments. Nothing is run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from keras_layer_lint.errors import UnreadableFile
from keras_layer_lint.immutable import dataclass
from keras_layer_lint.source.decode import decode, read_source, split_lines
from keras_layer_lint.source.module_index import parse
from keras_layer_lint.source.notebook_json import MOST_BYTES, SUFFIX, CodeCell, code_cells, file_lines, with_sources

_INDENTED = "if 1:  "
"""Before the comment of a cell all of which is indented: IPython takes that away."""
_CELL = re.compile(
    r"(?:if 1:  )?# %% cell (?P<number>\d+)(?: is no Python: (?P<line>\d+):(?P<column>\d+): (?P<why>.*))?\n?"
)
MASK = re.compile(r"(?:pass  )?# %% line (?P<number>\d+) of cell (?P<cell>\d+)\n?")
_ASSIGNED = re.compile(r"[^=!%#]{1,200}=[ \t]{0,20}[%!]")
_BARE = frozenset({"cat", "cd", "conda", "cp", "env", "ls", "man", "mkdir", "more", "mv", "pip", "pwd", "rm", "rmdir"})
"""Commands that IPython takes without a `%` or `!`, too."""
_OF_PYTHON = frozenset("time timeit capture prun memit mprun lprun skip debug heat snakeviz scalene wandb".split())
"""Magics of a whole cell whose rest is Python."""


@dataclass(frozen=True, slots=True)
class InCell:
    """Where a line of the module is: which code cell, from 1; and which line of the module comes before its first."""

    number: int
    before: int

    def line(self, line: int) -> int:
        """The line within the cell."""
        return max(line - self.before, 1)


def is_notebook(path: str | Path) -> bool:
    """Whether a file is a notebook, by its name."""
    return str(path).endswith(SUFFIX)


def module_of(data: bytes) -> bytes:
    """A notebook as the source of one module, in UTF-8. UnreadableFile where it is none, or nbformat is missing."""
    return "".join(_module(code_cells(data))).encode("utf-8", "surrogatepass")


def read_module(path: Path) -> bytes:
    """Read a file as the source of a module, whether it is a notebook or not; UnreadableFile where that fails."""
    return module_of(read_source(path, MOST_BYTES)) if is_notebook(path) else read_source(path)


def source_of(data: bytes, path: str | Path) -> bytes:
    """What a file holds as the source of a module."""
    return module_of(data) if is_notebook(path) else data


def written(data: bytes, module: bytes) -> bytes:
    """The notebook whose module is to be another: only the sources of cells that changed are written anew.

    UnreadableFile where lines that are no Python would not stay what they are.
    """
    text = decode(module)
    if not keeps_lines(decode(module_of(data)), text):
        raise UnreadableFile("lines that are no Python would not stay where they are")
    cells = {cell.number: cell for cell in code_cells(data)}
    sources = {}
    for number, part in parts_of(text).items():
        before, after = "".join(cells[number].lines), restored(cells[number], part)
        if before and not before.endswith(("\n", "\r")):
            after = after.removesuffix("\n")
        if after != before:
            sources[number] = after
    return with_sources(data, sources)


def keeps_lines(before: str, after: str) -> bool:
    """Whether one module has the cells, and the lines that are no Python, of another, and nothing before them."""
    old, new = (
        [line for line in split_lines(text) if _CELL.fullmatch(line) or MASK.fullmatch(line.lstrip())]
        for text in (before, after)
    )
    return old == new and after[: len(_INDENTED) + 10] == before[: len(_INDENTED) + 10]


def lines_in_file(data: bytes) -> dict[int, int]:
    """For each line of the module: the line of the file in which it stands. The comments before cells have none."""
    places = file_lines(data)
    lines = split_lines(decode(module_of(data)))
    found = {}
    for place, _ in cells_of(lines):
        for offset, line in enumerate(places.get(place.number, ()), 1):
            found[place.before + offset] = line
    return found


def lines_of_cell(lines: Sequence[str], number: int) -> tuple[str, ...]:
    """The lines of one cell, of those of the module."""
    heads = [(place.number, place.before) for place, _ in cells_of([f"{line}\n" for line in lines])]
    ends = [*(before - 1 for _, before in heads[1:]), len(lines)][: len(heads)]
    return next((tuple(lines[begin:end]) for (cell, begin), end in zip(heads, ends, strict=True) if cell == number), ())


def shown_text(data: bytes) -> str:
    """The same with the lines as people wrote them."""
    return "".join(line for cell in code_cells(data) for line in [_head(cell), *_ended(cell.lines)])


def cells_of(lines: Sequence[str]) -> Iterator[tuple[InCell, re.Match[str]]]:
    """The cells of a module, in order, with the comment before each."""
    for number, line in enumerate(lines, 1):
        if line.startswith(("# %% cell ", "if 1:  # %% cell ")) and (found := _CELL.fullmatch(line)):
            yield InCell(int(found["number"]), number), found


def cell_at(lines: Sequence[str], line: int) -> InCell | None:
    """The cell that a line of the module is in."""
    return next((place for place, _ in reversed(list(cells_of(lines))) if place.before <= line), None)


def told_line(path: Path, lines: Sequence[str], line: int) -> str:
    """How a message names a line: `line 3`; in a notebook `cell 2, line 3`."""
    place = cell_at(lines, line) if is_notebook(path) else None
    return f"line {line}" if place is None else f"cell {place.number}, line {place.line(line)}"


def unread_cells(text: str) -> Iterator[UnreadableFile]:
    """Why cells of a module could not be read, each with the place in the module."""
    for place, found in cells_of(split_lines(text)):
        if found["why"]:
            yield UnreadableFile(found["why"], place.before + int(found["line"]), int(found["column"]))


def restored(cell: CodeCell, text: str) -> str:
    """The source of a cell from that of its part of a module: what was put out of the way comes back."""
    lines = _ended(cell.lines)
    parts = []
    for line in split_lines(text):
        mask = MASK.fullmatch(line.lstrip())
        parts.append(lines[int(mask["number"]) - 1] if mask and int(mask["cell"]) == cell.number else line)
    return "".join(parts)


def parts_of(text: str) -> dict[int, str]:
    """The parts of a module by the number of their cell."""
    found: dict[int, list[str]] = {}
    part: list[str] = []
    for line in split_lines(text):
        if head := _CELL.fullmatch(line):
            part = found[int(head["number"])] = []
        else:
            part.append(line)
    return {number: "".join(lines) for number, lines in found.items()}


def _module(cells: Sequence[CodeCell]) -> Iterator[str]:
    for cell in cells:
        lines = _ended(cell.lines)
        masked, trouble = _masked(cell.number, lines)
        if trouble is not None and _is_indented(lines):
            inner, still = _masked(cell.number, [f"{_INDENTED}\n", *lines], skipped=1)
            if still is None:
                yield _INDENTED + _head(cell)
                yield from inner[1:]
                continue
        yield _head(cell, trouble)
        yield from masked


def _is_indented(lines: Sequence[str]) -> bool:
    first = next((line for line in lines if line.strip()), "")
    return first.startswith((" ", "\t"))


def _head(cell: CodeCell, trouble: UnreadableFile | None = None) -> str:
    if trouble is None:
        return f"# %% cell {cell.number}\n"
    why = " ".join(trouble.reason.split())
    return f"# %% cell {cell.number} is no Python: {trouble.line}:{trouble.column}: {why}\n"


def _ended(lines: Sequence[str]) -> list[str]:
    """The lines of a cell, with an end at the last, too."""
    ended = list(lines)
    if ended and not ended[-1].endswith(("\n", "\r")):
        ended[-1] += "\n"
    return ended


def _masked(number: int, lines: list[str], skipped: int = 0) -> tuple[list[str], UnreadableFile | None]:
    """The lines of a cell as Python, and why that could not be made of them. The first `skipped` are not its own."""
    if (trouble := _trouble("".join(lines))) is None:
        return lines, None
    first = next((line for line in lines if line.strip()), "")
    if first.lstrip().startswith("%%") and not _is_of_python(first):
        return _without(number, lines), None
    masked = list(lines)
    for _ in range(len(lines)):
        at = _begin(lines, trouble.line - 1)
        if at >= len(lines) or masked[at] != lines[at] or not _is_magic(lines[at]):
            break
        _mask(number, masked, lines, at, skipped)
        if (trouble := _trouble("".join(masked))) is None:
            return masked, None
    every = list(lines)
    for at, line in enumerate(lines):
        if _is_magic(line) and every[at] == line:
            _mask(number, every, lines, at, skipped)
    if _trouble("".join(every)) is None:
        return every, None
    return _without(number, lines), trouble


def _is_of_python(line: str) -> bool:
    """Whether what follows a magic of a whole cell is Python."""
    words = line.lstrip()[2:].split(maxsplit=1)
    return not words or words[0] in _OF_PYTHON


def _is_magic(line: str) -> bool:
    """Whether a line that Python cannot read may be one of IPython."""
    text = line.strip()
    words = text.split(maxsplit=1)
    return (
        text.startswith(("%", "!", "?", "/", ",", ";"))
        or text.endswith("?")
        or (bool(words) and words[0] in _BARE)
        or _ASSIGNED.match(text) is not None
    )


def _begin(lines: Sequence[str], at: int) -> int:
    """The line at which the one that a backslash continues to begins."""
    while 0 < at < len(lines) and lines[at - 1].rstrip("\r\n").endswith("\\"):
        at -= 1
    return at


def _mask(number: int, masked: list[str], lines: Sequence[str], at: int, skipped: int) -> None:
    """Put a line out of the way, and those that it goes on in."""
    line = lines[at]
    indent = line[: len(line) - len(line.lstrip())].rstrip("\r\n")
    masked[at] = f"{indent}pass  # %% line {at + 1 - skipped} of cell {number}\n"
    while lines[at].rstrip("\r\n").endswith("\\") and at + 1 < len(lines):
        at += 1
        masked[at] = f"# %% line {at + 1 - skipped} of cell {number}\n"


def _without(number: int, lines: Sequence[str]) -> list[str]:
    return [f"# %% line {at + 1} of cell {number}\n" for at in range(len(lines))]


def _trouble(text: str) -> UnreadableFile | None:
    try:
        parse(text)
    except UnreadableFile as error:
        return error
    return None
