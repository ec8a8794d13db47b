"""From diagnostics to their fixes, and from a file to what it is with them made, pass after pass."""

from __future__ import annotations

import pkgutil
from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import import_module
from pathlib import Path

import libcst as cst

from keras_layer_lint.diagnostic import Diagnostic, Fix, Severity, Span
from keras_layer_lint.errors import UnreadableFile
from keras_layer_lint.findings import FileError, Report, crash
from keras_layer_lint.fixes import rules
from keras_layer_lint.fixes.editing import disjoint, edited
from keras_layer_lint.fixes.place import FileTree, Place
from keras_layer_lint.fixes.unused_imports import without_unused
from keras_layer_lint.lint import Linter, encoded
from keras_layer_lint.settings import Settings
from keras_layer_lint.source.decode import decode, encoded_like, split_lines
from keras_layer_lint.source.notebook import is_notebook, keeps_lines, source_of, written

MOST_PASSES = 10
"""After so many passes over one file what is left is not fixed."""

MakeFix = Callable[[Place], Fix | None]
Refuses = Callable[[Diagnostic], str]
"""Why a fix is not to be made; empty where it is."""


@cache
def registered() -> dict[str, MakeFix]:
    """How rules are fixed, by the name of the rule. Its module is imported where it has something to fix."""
    return {module.name.replace("_", "-"): _made_by(module.name) for module in pkgutil.iter_modules(rules.__path__)}


def _made_by(module: str) -> MakeFix:
    def make(place: Place) -> Fix | None:
        fix: Fix | None = import_module(f"{rules.__name__}.{module}").fix(place)
        return fix

    return make


def with_fixes(diagnostics: Iterable[Diagnostic], data: bytes) -> tuple[list[Diagnostic], list[FileError]]:
    """The diagnostics of one file, each with the fix that there is for it; and on which of them klint failed."""
    diagnostics = list(diagnostics)
    made = registered()
    if not any(diagnostic.name in made for diagnostic in diagnostics):
        return diagnostics, []
    try:
        text = decode(data)
        if "\f" in text:
            return diagnostics, []  # LibCST counts columns in another way behind a form feed
        tree = FileTree(text)
    except (UnreadableFile, cst.ParserSyntaxError, RecursionError):
        return diagnostics, []
    found, errors = [], []
    for diagnostic in diagnostics:
        make = made.get(diagnostic.name)
        try:
            fix = None if make is None else make(Place(diagnostic, tree))
        except Exception as error:  # one fix must not end the run
            fix = None
            what = f"fix of {diagnostic.code} on line {diagnostic.span.line}"
            errors.append(crash(Path(diagnostic.path), error, diagnostic.span.line, what))
        found.append(diagnostic if fix is None else replace(diagnostic, fix=fix))
    return found, errors


def report_with_fixes(report: Report, read: Callable[[str], bytes]) -> Report:
    """The report with the fix that there is for each diagnostic. `read` gives the bytes of a file of the report."""
    by_path: dict[str, list[Diagnostic]] = {}
    for diagnostic in report.diagnostics:
        by_path.setdefault(diagnostic.path, []).append(diagnostic)
    found: list[Diagnostic] = []
    errors = list(report.errors)
    for path, those in by_path.items():
        here, failed = _of_file(those, path, read)
        found += here
        errors += failed
    return replace(report, diagnostics=tuple(found), errors=tuple(errors))


def _of_file(
    those: list[Diagnostic], path: str, read: Callable[[str], bytes]
) -> tuple[list[Diagnostic], list[FileError]]:
    try:
        return with_fixes(those, read(path))
    except (UnreadableFile, OSError):
        return those, []


@dataclass(frozen=True, slots=True)
class Fixed:
    """A file after its fixes."""

    before: bytes
    after: bytes
    made: tuple[Diagnostic, ...]
    """What was fixed, in the order in which it was; places are those of the pass that it was fixed in."""
    refused: tuple[tuple[Diagnostic, str], ...]
    """What has a fix that was not made, and why."""

    @property
    def is_changed(self) -> bool:
        """Whether anything was fixed."""
        return self.after != self.before


class _NotLinted(Exception):
    """klint fails on a file."""


class Fixer:
    """Fixes files in memory. Which fixes: `unsafe` ones, too; of which rules, by code; of which severity at least."""

    def __init__(
        self,
        settings: Settings,
        *,
        unsafe: bool = False,
        codes: Container[str] | None = None,
        least: Severity = Severity.NOTE,
    ) -> None:
        self._settings = replace(settings, min_severity=Severity.NOTE)
        self._unsafe = unsafe
        self._codes = codes
        self._least = least
        self._first = Linter(self._settings)
        """What it has read of a project is read once: no fix changes what the files of a project say together."""

    def fixed(self, data: bytes, path: Path, refuses: Refuses = lambda _: "") -> Fixed:
        """Make fixes until none is left. What klint would then say anew, or cannot read, is not made."""
        before, made = data, list[Diagnostic]()
        refused: dict[tuple[object, ...], tuple[Diagnostic, str]] = {}
        try:
            found: Sequence[Diagnostic] = self._found(data, path)
        except _NotLinted:
            return Fixed(before, before, (), ())  # the report of the run says so
        for _ in range(MOST_PASSES):
            refused |= {_key(each): (each, why) for each in found if self._is_wanted(each) and (why := refuses(each))}
            wanted = [each for each in found if self._is_wanted(each) and _key(each) not in refused]
            if not wanted:
                break
            data, found, done, left = self._pass(data, path, found, wanted)
            made += done
            refused |= {_key(each): (each, why) for each, why in left}
        return Fixed(before, data, tuple(made), tuple(refused.values()))

    def _is_wanted(self, diagnostic: Diagnostic) -> bool:
        fix = diagnostic.fix
        if fix is None or diagnostic.severity < self._least or (fix.applicability == "unsafe" and not self._unsafe):
            return False
        return self._codes is None or diagnostic.code in self._codes

    def report(self, data: bytes, path: Path) -> Report:
        """What klint says of a file with this content, in its project as it is on disk."""
        return Linter(self._settings, self._first.shared).report(data, path)

    def _found(self, data: bytes, path: Path) -> list[Diagnostic]:
        report = self.report(data, path)
        if report.errors:
            raise _NotLinted(report.errors[0].message)
        return with_fixes(report.diagnostics, data)[0]

    def _pass(
        self, data: bytes, path: Path, found: Sequence[Diagnostic], wanted: Sequence[Diagnostic]
    ) -> tuple[bytes, Sequence[Diagnostic], list[Diagnostic], list[tuple[Diagnostic, str]]]:
        """Make what can be made together; where the result is no better, less of it."""
        chosen = _together(wanted)
        after, anew, made, trouble = self._made(data, path, found, chosen)
        if not trouble:
            return after, anew, made, []
        if len(chosen) == 1:
            return data, found, [], [(chosen[0], trouble)]
        # Each half begins with what the file is, so that places are those that its edits were made for.
        half = len(chosen) // 2
        parts = [self._pass(data, path, found, part) for part in (chosen[:half], chosen[half:])]
        left = [each for part in parts for each in part[3]]
        done = [each for each in chosen if _key(each) not in {_key(other) for other, _ in left}]
        after, anew, made, trouble = self._made(data, path, found, done)
        if not trouble:
            return after, anew, made, left
        # Each half is right, and both together are not: the other has another pass.
        first = next((part for part in parts if part[2]), parts[0])
        return first[0], first[1], first[2], left

    def _made(
        self, data: bytes, path: Path, found: Sequence[Diagnostic], chosen: Sequence[Diagnostic]
    ) -> tuple[bytes, list[Diagnostic], list[Diagnostic], str]:
        """The file with fixes made, what klint then says of it, all that was fixed, and why that is no better.

        What a fix lays bare is fixed with it: a tensor that was an array goes into the next function of NumPy.
        """
        after, anew, trouble = self._step(data, path, chosen)
        made, classes = list(chosen), {each.class_name for each in chosen}
        for _ in range(MOST_PASSES):
            trouble = trouble or _worse(found, anew, chosen)
            if not trouble:
                return after, anew, made, ""
            new = _new(anew, after, found, data)
            bare = _together([each for each in new if self._is_wanted(each) and each.class_name in classes])
            if not bare:
                break
            after, anew, trouble = self._step(after, path, bare)
            made += bare
        return data, [], [], trouble or "klint would then say the same"

    def _step(self, data: bytes, path: Path, chosen: Sequence[Diagnostic]) -> tuple[bytes, list[Diagnostic], str]:
        """The file with fixes made, and what klint then says of it; or why there is no such file."""
        edits = [edit for each in chosen if each.fix is not None for edit in each.fix.edits]
        try:
            before = decode(data)
            text = without_unused(before, edited(before, edits), path)
            after = encoded_like(data, text)
            if is_notebook(path) and not keeps_lines(before, text):
                return data, [], "a line that is no Python would not stay where it is"
        except (UnreadableFile, SyntaxError, ValueError, RecursionError, MemoryError) as error:
            return data, [], f"what it would write is no Python: {error}"
        try:
            return after, self._found(after, path), ""
        except _NotLinted as error:
            return data, [], f"klint fails on what it would write: {error}"


def _together(wanted: Sequence[Diagnostic]) -> list[Diagnostic]:
    """Those whose fixes can be made together."""
    together = set(disjoint([each.fix for each in wanted if each.fix is not None]))
    return [each for each in wanted if each.fix in together]


def _new(anew: Sequence[Diagnostic], after: bytes, found: Sequence[Diagnostic], before: bytes) -> list[Diagnostic]:
    """What klint says of a fixed file of places that it did not speak of before, known by what is written there."""
    known = Counter(zip((each.code for each in found), _sources(found, before), strict=True))
    new = []
    for each, source in zip(anew, _sources(anew, after), strict=True):
        if known[each.code, source]:
            known[each.code, source] -= 1
        else:
            new.append(each)
    return new


def _sources(diagnostics: Sequence[Diagnostic], data: bytes) -> list[str]:
    """What is written where diagnostics stand."""
    lines = split_lines(decode(data))
    spans = [each.span for each in diagnostics]
    return ["".join(lines[span.line - 1 : span.end_line])[span.column - 1 :][: _length(lines, span)] for span in spans]


def _length(lines: Sequence[str], span: Span) -> int:
    rows = lines[span.line - 1 : span.end_line]
    return sum(map(len, rows)) - (span.column - 1) - (len(rows[-1]) - span.end_column + 1 if rows else 0)


def _worse(found: Sequence[Diagnostic], anew: Sequence[Diagnostic], chosen: Sequence[Diagnostic]) -> str:
    """Why what klint says of a fixed file is no better; empty where it is."""
    more = Counter(map(_kind, _grave(anew))) - Counter(map(_kind, _grave(found)))
    if more:
        code, where = next(iter(more))
        return f"klint would then report {code} in {where or 'the file'}"
    fewer = Counter(map(_told, found)) - Counter(map(_told, anew))
    return "klint would then say the same" if any(not fewer[_told(each)] for each in chosen) else ""


def _grave(diagnostics: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    return (each for each in diagnostics if each.severity >= Severity.WARNING)


def _kind(diagnostic: Diagnostic) -> tuple[str, str | None]:
    return diagnostic.code, diagnostic.class_name


def _told(diagnostic: Diagnostic) -> tuple[object, ...]:
    return *_kind(diagnostic), diagnostic.severity, diagnostic.keras


def _key(diagnostic: Diagnostic) -> tuple[object, ...]:
    """By which a diagnostic is known again in another pass: its line may have moved, and others say the same."""
    edits = diagnostic.fix.edits if diagnostic.fix is not None else ()
    written = tuple(edit.text for edit in edits)
    return diagnostic.code, written, diagnostic.class_name, diagnostic.method, diagnostic.message


def fix_source(
    source: str | bytes, path: str | Path = "<stdin>", settings: Settings | None = None, *, unsafe: bool = False
) -> str | bytes:
    """The source with all safe fixes made, and with `unsafe` the others, too; of the type that was given.

    Nothing is run. `path` decides where its imports are looked for on disk. Raises UnreadableFile where it cannot be
    decoded.
    """
    data = encoded(source) if isinstance(source, str) else source
    if is_notebook(path):
        module = Fixer(settings or Settings(), unsafe=unsafe).fixed(source_of(data, path), Path(path)).after
        whole = written(data, module)
        return whole.decode("utf-8") if isinstance(source, str) else whole
    decode(data)
    done = Fixer(settings or Settings(), unsafe=unsafe).fixed(data, Path(path))
    if not isinstance(source, str):
        return done.after
    # What declares an encoding has given way to as many characters that declare UTF-8: no fix is made up to there.
    lines, read = split_lines(source), split_lines(data.decode("utf-8", "surrogatepass"))
    head = sum(map(len, lines[: next((number for number in (2, 1) if lines[:number][-1:] != read[:number][-1:]), 0)]))
    return source[:head] + done.after.decode("utf-8", "surrogatepass")[head:]
