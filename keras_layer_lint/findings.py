"""What a run found: the report, and where it is gathered."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from keras_layer_lint.diagnostic import Diagnostic, Limit, Severity, Span
from keras_layer_lint.each_generation import Said, of_each
from keras_layer_lint.errors import BeyondParser, UnreadableFile
from keras_layer_lint.rule import UNREADABLE_FILE
from keras_layer_lint.target import Generation, in_order


@dataclass(frozen=True, slots=True)
class FileError:
    """Something klint could not do for one path; the run ends with exit code 2."""

    path: str
    message: str
    line: int = 1


@dataclass(frozen=True, slots=True)
class Chosen:
    """The generations that files with layers were linted for, where klint chose them, and what spoke for these."""

    keras: tuple[str, ...]
    why: str
    newest: str = ""
    """The newest version of the generation that the project allows, as `3.6`; empty where that is the newest of all."""


@dataclass(frozen=True, slots=True)
class NotRun:
    """With `--confirm`: classes of one file that were not run, or not to the end, under one generation; and why."""

    path: str
    line: int
    """Where the first of them begins."""
    classes: tuple[str, ...]
    keras: str
    reason: str
    help: str
    """What would help: a recipe for the configuration, or what to do."""
    extent: str = "class"
    """`rest` of a class that was run in part, `class`, or `module`: all classes of the file, for the same reason."""

    @property
    def sort_key(self) -> tuple[str, int, str]:
        """The order of every report."""
        return (self.path, self.line, self.keras)


@dataclass(frozen=True, slots=True)
class Report:
    """What a run found: diagnostics in report order, and how much was looked at. `seconds` is wall-clock time."""

    diagnostics: tuple[Diagnostic, ...]
    errors: tuple[FileError, ...]
    files: int
    layers: int
    seconds: float
    runs: tuple[Mapping[str, object], ...] = ()
    """With `--confirm`: what running each layer came to."""
    not_run: tuple[NotRun, ...] = ()
    """With `--confirm`: what was not run, in report order."""
    paths: tuple[Path, ...] = ()
    """The files that were looked at, in the order in which they were."""
    searched: tuple[Path, ...] = ()
    """What was asked for: the folders that were searched for these files, and single files."""
    known: int = 0
    """With a baseline: how many findings it holds, which are not among these."""
    unchanged: int = 0
    """With a revision to compare with: how many findings are on lines that have not changed, and not among these."""
    elsewhere: int = 0
    """Without `--any-use`: how many notes take a use that the project does not make, and are not among these."""
    nothing: tuple[tuple[str, str], ...] = ()
    """Paths under which there is nothing to lint, and why."""
    left: int = 0
    """Notebooks that were found and not read, because nbformat is not installed."""
    limits: tuple[Limit, ...] = ()
    """What was not analysed because a limit was reached, in report order."""
    chosen: tuple[tuple[Chosen, int], ...] = ()
    """With `--keras auto`: each choice, and for how many files with layers it was made, the most first."""
    shard: str = ""
    """With `--shard`: which part of the findings this is, as `2/5`. Files and layers are counted in all of them."""


@dataclass(slots=True)
class Findings:
    """What was found so far."""

    diagnostics: list[Diagnostic] = field(default_factory=list)
    errors: list[FileError] = field(default_factory=list)
    limits: set[Limit] = field(default_factory=set)
    layers: int = 0
    elsewhere: int = 0
    chosen: Counter[Chosen] = field(default_factory=Counter)

    def add(self, other: Findings) -> None:
        """Take in what another process found."""
        self.diagnostics.extend(other.diagnostics)
        self.errors.extend(other.errors)
        self.limits |= other.limits
        self.layers += other.layers
        self.elsewhere += other.elsewhere
        self.chosen.update(other.chosen)

    def report(self, paths: tuple[Path, ...], seconds: float) -> Report:
        """Sum up a run that looked at `paths`."""
        return Report(
            diagnostics=tuple(sorted(self.diagnostics, key=lambda diagnostic: diagnostic.sort_key)),
            errors=tuple(self.errors),
            files=len(paths),
            layers=self.layers,
            elsewhere=self.elsewhere,
            seconds=seconds,
            paths=paths,
            chosen=tuple(
                sorted(self.chosen.items(), key=lambda item: (-item[1], item[0].keras, item[0].newest, item[0].why))
            ),
            limits=tuple(
                sorted(self.limits, key=lambda limit: (limit.path, limit.line, limit.class_name or "", limit.what))
            ),
        )


def _order(limit: Limit) -> tuple[str, int, str, str]:
    return (limit.path, limit.line, limit.class_name or "", limit.what)


def unreadable(path: Path, error: UnreadableFile) -> Diagnostic:
    """Make the diagnostic of a file, or of a class in it, that cannot be analysed."""
    return Diagnostic(
        code=UNREADABLE_FILE.code,
        name=UNREADABLE_FILE.name,
        severity=Severity.NOTE if isinstance(error, BeyondParser) else Severity.ERROR,
        message=f"not analysed: {error.reason}",
        path=shown(path),
        span=Span(error.line, error.column, error.line, error.column),
    )


def crash(path: Path, error: Exception, line: int = 1, what: str = "") -> FileError:
    """Say that klint failed: on which file, on what of it, and where in klint."""
    told = f"{type(error).__name__}: {error} ({place_of(error)}). This is a bug in klint, please report it"
    return FileError(shown(path), f"{what}: {told}" if what else told, line)


def place_of(error: BaseException) -> str:
    """Name the line that raised an exception: `statements.py:120`."""
    traceback = error.__traceback__
    while traceback is not None and traceback.tb_next is not None:
        traceback = traceback.tb_next
    if traceback is None:
        return "no traceback"
    return f"{Path(traceback.tb_frame.f_code.co_filename).name}:{traceback.tb_lineno}"


def shown(path: Path) -> str:
    """A path as reported: relative to the working directory where it lies below it, with `/`."""
    if not path.is_absolute():
        return os.path.normpath(path).replace(os.sep, "/")
    try:
        return path.relative_to(Path.cwd()).as_posix()
    except ValueError:
        return path.as_posix()


def without_repeats(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """One diagnostic per rule and place: several classes can reach the same code."""
    first: dict[tuple[str, Span], Diagnostic] = {}
    for diagnostic in diagnostics:
        key = (diagnostic.code, diagnostic.span)
        if key not in first or diagnostic.severity > first[key].severity:
            first[key] = diagnostic
    return list(first.values())


def of_generations(each: Mapping[Generation, Sequence[Diagnostic]]) -> list[Diagnostic]:
    """Put together what was found under each generation: the worst of each rule and place, and where that holds."""
    found: dict[tuple[str, Span], dict[Generation, Diagnostic]] = {}
    for generation in in_order(each):
        for diagnostic in each[generation]:
            found.setdefault((diagnostic.code, diagnostic.span), {})[generation] = diagnostic
    diagnostics = []
    for by_generation in found.values():
        worst = max(by_generation.values(), key=lambda diagnostic: diagnostic.severity)
        each_said = {key.value: one for key, one in by_generation.items()}
        message = of_each(Said(one.message, one.severity, key) for key, one in each_said.items())
        headline = of_each(Said(one.headline or one.message, one.severity, key) for key, one in each_said.items())
        is_labelled = bool(worst.headline)
        diagnostics.append(
            replace(worst, message=message, headline=headline if is_labelled else "", keras=tuple(each_said))
        )
    return diagnostics
