"""Files on disk and their fixes: what is written, or shown as a diff."""

from __future__ import annotations

import difflib
from collections.abc import Container, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from keras_layer_lint.diagnostic import Severity
from keras_layer_lint.errors import KlintError, UnreadableFile
from keras_layer_lint.findings import FileError, Report
from keras_layer_lint.fixes.engine import Fixed, Fixer, registered
from keras_layer_lint.fixes.writing import replace_module
from keras_layer_lint.settings import Settings
from keras_layer_lint.source.decode import decode, read_source, split_lines
from keras_layer_lint.source.notebook import is_notebook, parts_of, read_module, restored
from keras_layer_lint.source.notebook_json import MOST_BYTES, code_cells


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which fixes are asked for."""

    unsafe: bool = False
    codes: Container[str] | None = None
    """Of the rules that are fixed; None for all."""
    least: Severity = Severity.NOTE
    """Nothing below this is fixed."""

    def fixer(self, settings: Settings) -> Fixer:
        """What makes them."""
        return Fixer(settings, unsafe=self.unsafe, codes=self.codes, least=self.least)


@dataclass(frozen=True, slots=True)
class FileFixes:
    """What came of the fixes of one file."""

    path: str
    fixed: Fixed
    error: str = ""
    """Why the file could not be written; it is what it was then."""


def fixes_of(report: Report, fixer: Fixer) -> Iterator[FileFixes]:
    """Fix the files that a report has diagnostics of, one after the other, in memory."""
    made = registered()
    for path in dict.fromkeys(each.path for each in report.diagnostics if each.name in made):
        try:
            data = read_module(Path(path))
        except UnreadableFile:
            continue  # the report says so
        fixed = fixer.fixed(data, Path(path))
        if fixed.is_changed or fixed.refused:
            yield FileFixes(path, fixed)


def written(file: FileFixes) -> FileFixes:
    """The file after it was put in the place of what was read, if that could be done."""
    error = _written(Path(file.path), file.fixed) if file.fixed.is_changed else ""
    return replace(file, error=error)


def errors_of(files: list[FileFixes]) -> list[FileError]:
    """What could not be written, as errors of the run."""
    return [FileError(file.path, file.error) for file in files if file.error]


def diff_of(path: str, fixed: Fixed) -> str:
    """The changes of a file as a unified diff; empty where there are none."""
    return diff_of_bytes(path, fixed.before, fixed.after)


def diff_of_bytes(path: str, old: bytes, new: bytes) -> str:
    """The same of what stood in a file and what is to stand there; of a notebook cell by cell."""
    if not is_notebook(path):
        return _diff(path, decode(old), decode(new))
    before, after = (_as_written(path, parts_of(decode(data))) for data in (old, new))
    return "".join(_diff(f"{path}:cell {number}", before[number], after.get(number, "")) for number in before)


def _as_written(path: str, parts: dict[int, str]) -> dict[int, str]:
    """The sources of cells with the lines that are no Python, where the notebook lies on disk."""
    try:
        cells = {cell.number: cell for cell in code_cells(read_source(Path(path), MOST_BYTES))}
    except UnreadableFile:
        return parts
    return {number: restored(cells[number], part) if number in cells else part for number, part in parts.items()}


def _diff(path: str, old: str, new: str) -> str:
    lines = []
    for line in difflib.unified_diff(split_lines(old), split_lines(new), path, path):
        is_whole = line.endswith(("\n", "\r"))
        lines.append(line if is_whole else f"{line}\n\\ No newline at end of file\n")
    return "".join(lines)


def _written(path: Path, fixed: Fixed) -> str:
    try:
        replace_module(path, fixed.before, fixed.after)
    except KlintError as error:
        return str(error)
    except UnreadableFile as error:
        return f"cannot be fixed: {error}"
    except OSError as error:
        return f"cannot be fixed: {error.strerror or error}"
    return ""
