"""Findings that are known and not reported again: by the code that they point at, wherever that has moved."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from keras_layer_lint.diagnostic import Diagnostic
from keras_layer_lint.errors import KlintError
from keras_layer_lint.findings import Report
from keras_layer_lint.rule import UNREADABLE_FILE

VERSION = 1
SourceLines = Callable[[str], Sequence[str]]
"""The lines of a file of a report, by its path."""


@dataclass(frozen=True, slots=True, order=True)
class Entry:
    """A finding that is known. Two with equal entries are told apart by their number only."""

    path: str
    """Relative to the folder of the baseline, with `/`."""
    code: str
    where: str
    """The class and method, `Gate.call`; empty outside."""
    fingerprint: str
    """Of the code that it points at, without the blanks around its lines."""


@dataclass(frozen=True, slots=True)
class Baseline:
    """The findings that are known, and how often each is there."""

    entries: Counter[Entry]

    def without_known(self, report: Report, folder: Path, lines: SourceLines) -> tuple[Report, list[Entry]]:
        """The report without what is known; and entries of linted files that match nothing any longer."""
        left = Counter(self.entries)
        new = []
        for diagnostic in report.diagnostics:
            entry = entry_of(diagnostic, folder, lines)
            if entry is not None and left[entry] > 0:
                left[entry] -= 1
            else:
                new.append(diagnostic)
        linted = {_relative(path, folder) for path in report.paths}
        gone = sorted(entry for entry in left.elements() if entry.path in linted or not (folder / entry.path).exists())
        known = len(report.diagnostics) - len(new)
        return replace(report, diagnostics=tuple(new), known=known), gone

    def without(self, gone: Iterable[Entry]) -> Baseline:
        """The baseline less so many of these."""
        return Baseline(self.entries - Counter(gone))

    def to_json(self) -> str:
        """The text of its file: an entry a line, in order, so that changes read well."""
        rows = [
            json.dumps(
                {
                    "path": entry.path,
                    "code": entry.code,
                    "where": entry.where,
                    "fingerprint": entry.fingerprint,
                    "count": count,
                }
            )
            for entry, count in sorted(self.entries.items())
            if count > 0
        ]
        inner = ",\n    ".join(rows)
        return (
            f'{{\n  "version": {VERSION},\n  "findings": [{inner and chr(10) + "    " + inner + chr(10) + "  "}]\n}}\n'
        )


def entry_of(diagnostic: Diagnostic, folder: Path, lines: SourceLines) -> Entry | None:
    """How a finding is known again; None for a file that was not read: that is never known."""
    if diagnostic.code == UNREADABLE_FILE.code:
        return None
    span = diagnostic.span
    text = "\n".join(line.strip() for line in lines(diagnostic.path)[span.line - 1 : span.end_line])
    where = ".".join(part for part in (diagnostic.class_name, diagnostic.method) if part)
    fingerprint = hashlib.sha256(f"{diagnostic.cell or ''}\n{text}".encode(errors="replace")).hexdigest()[:16]
    return Entry(_relative(Path(diagnostic.path), folder), diagnostic.code, where, fingerprint)


def of_report(report: Report, folder: Path, lines: SourceLines) -> Baseline:
    """All findings of a report as known ones."""
    entries = (entry_of(diagnostic, folder, lines) for diagnostic in report.diagnostics)
    return Baseline(Counter(entry for entry in entries if entry is not None))


def read(path: Path) -> Baseline:
    """Read a file. Raises KlintError where there is none, or it is no baseline."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise KlintError(f"{path}: cannot be read: {error.strerror}; `--write-baseline` makes it") from error
    except ValueError as error:
        raise KlintError(f"{path}: is no baseline: {error}") from error
    if not isinstance(data, dict) or data.get("version") != VERSION:
        raise KlintError(f"{path}: is no baseline of version {VERSION}; `--write-baseline` makes it anew")
    try:
        return Baseline(Counter({_entry(each): int(each["count"]) for each in data["findings"]}))
    except (KeyError, TypeError, ValueError) as error:
        raise KlintError(f"{path}: is no baseline: {type(error).__name__}: {error}") from error


def _entry(data: dict[str, Any]) -> Entry:
    return Entry(str(data["path"]), str(data["code"]), str(data["where"]), str(data["fingerprint"]))


def _relative(path: Path, folder: Path) -> str:
    absolute = Path.cwd() / path
    try:
        return absolute.relative_to(folder.absolute()).as_posix()
    except ValueError:
        return path.as_posix()
