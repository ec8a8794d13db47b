"""The pipeline from paths to diagnostics. The command line, flake8 and the public API all go through here."""

from __future__ import annotations

import gc
import re
import time
from collections.abc import Container, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from keras_layer_lint.diagnostic import Diagnostic, Limit
from keras_layer_lint.errors import KlintError, UnreadableFile
from keras_layer_lint.findings import (
    Chosen,
    FileError,
    Findings,
    Report,
    crash,
    of_generations,
    shown,
    unreadable,
    without_repeats,
)
from keras_layer_lint.processes import in_deep_stack, in_processes, is_deep, without_collection, workers_for
from keras_layer_lint.selection import Selection
from keras_layer_lint.settings import Settings
from keras_layer_lint.source.decode import decode
from keras_layer_lint.source.discover import search
from keras_layer_lint.source.gate import functions_to_give, may_define_layer
from keras_layer_lint.source.notebook import is_notebook, read_module, source_of, unread_cells
from keras_layer_lint.target import in_order

if TYPE_CHECKING:
    from keras_layer_lint.class_linter import ClassLinter
    from keras_layer_lint.model.class_graph import Project
    from keras_layer_lint.model.framework_reach import FrameworkReach
    from keras_layer_lint.model.survey import Survey
    from keras_layer_lint.source.module_index import ModuleIndex

_ENCODING = re.compile(rb"\A((?:[^\r\n]*[\r\n]+)?[ \t\f]*#[^\r\n]*?coding[:=][ \t]*)([-\w.]+)")
_NOQA = re.compile(rb"noqa[^\r\n]*")
_CODE = re.compile(rb"kll[0-9]")
_KLINT = re.compile(rb"klint:\s*\w")
MAX_KEPT = 6 * 1024 * 1024
"""Bytes of source that is kept parsed, one to two thousand files: trees take some seventy times as much memory."""


class Shared:
    """What the files of projects say together, by the root of each: found out once a run, and not forgotten."""

    def __init__(self) -> None:
        self._found: dict[str, tuple[Survey, FrameworkReach]] = {}

    def of(self, settings: Settings) -> tuple[Survey, FrameworkReach]:
        """That of the project which settings are for."""
        if settings.root not in self._found:
            from keras_layer_lint.model.framework_reach import FrameworkReach
            from keras_layer_lint.model.survey import Survey

            root = Path(settings.root).absolute()
            self._found[settings.root] = Survey(root, settings), FrameworkReach(root)
        return self._found[settings.root]


_SHARED: dict[str, Shared] = {}
"""In a worker process, what was found out for the run that it was started for."""


def lint_paths(paths: Sequence[str | Path], settings: Settings | None = None) -> Report:
    """Lint every Python file under `paths`. A file that cannot be read becomes a diagnostic, the others are linted."""
    settings = settings or Settings()
    start = time.perf_counter()
    asked = search(paths, settings, notebooks=True)
    files = asked.files
    if settings.by_file is not None:
        for file in files:
            settings.of(file)  # a wrong configuration ends the run before it begins
    found = Findings(errors=[FileError(path, message) for path, message in asked.errors])
    workers = workers_for(len(files), settings.jobs)
    if workers > 1:
        _lint_in_processes(files, settings, workers, found)
    else:
        found.add(_lint_files(settings, files))
    report = found.report(tuple(files), time.perf_counter() - start)
    return replace(report, searched=tuple(map(Path, paths)), nothing=tuple(asked.nothing), left=asked.left)


def lint_source(
    source: str | bytes, path: str | Path = "<stdin>", settings: Settings | None = None
) -> tuple[Diagnostic, ...]:
    """Lint one file's source as if it stood at `path`, which decides where its imports are looked for on disk.

    Raises KlintError where klint itself fails on a class of it.
    """
    report = report_of_source(source, path, settings)
    if report.errors:
        raise KlintError("; ".join(f"{error.path}: {error.message}" for error in report.errors))
    return report.diagnostics


def report_of_source(source: str | bytes, path: str | Path, settings: Settings | None = None) -> Report:
    """As `lint_source`, with how much was looked at."""
    settings = settings or Settings()
    if is_notebook(path):
        try:
            source = source_of(encoded(source) if isinstance(source, str) else source, path)
        except UnreadableFile as error:
            found = Findings(diagnostics=[unreadable(Path(path), error)])
            return found.report((Path(path),), 0.0)
    return Linter(settings).report(source, path)


def encoded(text: str) -> bytes:
    """UTF-8 that says so: text is decoded already, whatever encoding its first lines declare."""
    data = text.encode("utf-8", "surrogatepass")
    return _ENCODING.sub(lambda match: match[1] + b"u8".ljust(len(match[2])), data, count=1)


def _lint_files(settings: Settings, files: Iterable[Path], run: str = "") -> Findings:
    """Lint files; calls for the same `run` in one process share what the files of the project say."""
    found = Findings()
    linter = Linter(settings, _SHARED.setdefault(run, Shared()) if run else None)
    with without_collection():
        for path in files:
            _lint_file(linter, path, found)
    return found


def _lint_file(linter: Linter, path: Path, found: Findings) -> None:
    try:
        linter.lint(path, read_module(path), found)
    except UnreadableFile as error:
        found.diagnostics.extend(linter.of(path).selection.of_file([unreadable(path, error)], path))
    except OSError as error:
        found.errors.append(FileError(shown(path), f"cannot be read: {error.strerror or error}"))
    except Exception as error:  # one file must not end the run
        found.errors.append(crash(path, error))


def _lint_in_processes(files: list[Path], settings: Settings, workers: int, found: Findings) -> None:
    from keras_layer_lint.registry import registered

    registered()  # where processes are forked, they need not import it all again
    for chunk, part in in_processes(partial(_lint_files, settings, run=str(time.perf_counter_ns())), files, workers):
        if part is None:
            message = "not linted: a worker process died; `--jobs 1` shows at which file"
            found.errors.extend(FileError(shown(path), message) for path in chunk)
        else:
            found.add(part)


class Linter:
    """Lints files of one run, which share what was parsed: it is not read from disk again, should it change."""

    def __init__(self, settings: Settings, shared: Shared | None = None) -> None:
        self.settings = settings
        self.selection = Selection(settings)
        self.names: Container[str] | None = None
        """Of the classes that are linted, None for all."""
        self.shared = shared or Shared()
        """What another linter of the same run may take."""
        self._others: dict[int, Linter] = {}
        """Those for files with settings of their own, by these."""

    def of(self, path: Path) -> Linter:
        """What lints one file, as the settings are for that."""
        own = self.settings.of(path)
        if own is self.settings:
            return self
        if id(own) not in self._others:
            self._others[id(own)] = Linter(own, self.shared)
        other = self._others[id(own)]
        other.names = self.names
        return other

    @cached_property
    def project(self) -> Project:
        """The modules of the run; most runs of few files need none."""
        from keras_layer_lint.model.class_graph import Project

        return Project(Path(self.settings.root), survey=self.survey)

    @property
    def survey(self) -> Survey:
        """What the files of a project say together; it is not forgotten with what was parsed."""
        return self.shared.of(self.settings)[0]

    @property
    def reach(self) -> FrameworkReach:
        """From which files Keras can be reached; it is not forgotten with what was parsed."""
        return self.shared.of(self.settings)[1]

    @cached_property
    def _classes(self) -> ClassLinter:
        from keras_layer_lint.class_linter import ClassLinter

        return ClassLinter(self.settings, self.selection, self.project, self.survey)

    def report(self, source: str | bytes, path: str | Path) -> Report:
        """Lint one file's source as if it stood at `path`; of a notebook, the source of its module."""
        start = time.perf_counter()
        found = Findings()
        self.lint(Path(path), encoded(source) if isinstance(source, str) else source, found)
        return found.report((Path(path),), time.perf_counter() - start)

    def lint(self, path: Path, data: bytes, found: Findings) -> None:
        """Lint one file into `found`; of a notebook `data` is the source of its module."""
        other = self.of(path)
        if other is not self:
            other.lint(path, data, found)
            return
        diagnostics: list[Diagnostic] = []
        try:
            if may_define_layer(data) or self._is_given_elsewhere(path, data):
                if is_notebook(path):
                    diagnostics = [unreadable(path, error) for error in unread_cells(decode(data))]
                diagnostics += self._at_any_depth(path, data, found)
        except UnreadableFile as error:
            diagnostics.append(unreadable(path, error))
        except RecursionError:
            diagnostics.append(unreadable(path, UnreadableFile("nested too deeply to be analysed")))
        is_read = all(diagnostic.code != "KLL001" for diagnostic in diagnostics)
        diagnostics = self.selection.of_file(diagnostics, path)
        if names_klint(data) or (diagnostics and b"noqa" in data.lower()):
            diagnostics = self._not_suppressed(diagnostics, path, data, is_read)
        shown = [d for d in diagnostics if d.severity >= self.settings.min_severity]
        in_use = [d for d in shown if self.settings.any_use or not d.is_elsewhere]
        found.diagnostics.extend(in_use)
        found.elsewhere += len(shown) - len(in_use)

    def _is_given_elsewhere(self, path: Path, data: bytes) -> bool:
        """Whether another file of the project may give a function of this one to Keras."""
        names = functions_to_give(data)
        use = self.survey.use_of(path.absolute()) if names else None
        return use is not None and not names.isdisjoint(use.givers)

    def _not_suppressed(
        self, diagnostics: list[Diagnostic], path: Path, data: bytes, is_read: bool
    ) -> list[Diagnostic]:
        """What no comment silences; where the file could be read, also the comments that silence nothing."""
        from keras_layer_lint.registry import rules
        from keras_layer_lint.source.suppressions import read_suppressions

        try:
            names = {rule.name: rule.code for rule in rules()}
            suppressions = read_suppressions(decode(data), path, names)
        except UnreadableFile:
            return diagnostics  # said already
        noqa = self.settings.noqa
        kept = [each for each in diagnostics if not suppressions.suppresses(each, noqa=noqa)]
        if is_read:
            from keras_layer_lint.unused_suppressions import unused

            dead = self._dead_lines(path, data)
            kept.extend(one for one in unused(suppressions, path, self.selection) if one.span.line not in dead)
        return kept

    def _dead_lines(self, path: Path, data: bytes) -> frozenset[int]:
        """Lines with code that some generation for which the file is linted does not have."""
        if not may_define_layer(data):
            return frozenset()
        from keras_layer_lint.model.linted_for import code_for, generations_for

        whole = self.project.module_at(path, data)
        generations = generations_for(whole, self.settings, self.project)
        views = [code_for(whole, self.settings, self.project, frozenset({each})) for each in generations]
        return frozenset(number for view in views for number in whole.changed_lines(view.module_at(whole.path)))

    def _at_any_depth(self, path: Path, data: bytes, found: Findings) -> list[Diagnostic]:
        """Code that is too deep for the thread that klint is called in is put to a thread of its own."""
        with suppress(RecursionError):
            return self._layers(path, data, found)
        if is_deep():
            raise RecursionError
        self._forget()  # what was begun may be half done
        return in_deep_stack(lambda: self._layers(path, data, found))

    def _layers(self, path: Path, data: bytes, found: Findings) -> list[Diagnostic]:
        from keras_layer_lint.model.linted_for import generations_for

        whole = self.project.module_at(path, data)
        diagnostics: list[Diagnostic] = []
        if self.reach.holds(whole):
            generations = generations_for(whole, self.settings, self.project)
            here = self._classes.lint(path, whole, generations, self.names)
            diagnostics = without_repeats(here.diagnostics)
            if len(generations) > 1 and self.project.may_differ:  # each generation has code of its own
                each = {key: self._classes.lint(path, whole, frozenset({key}), self.names) for key in generations}
                diagnostics = of_generations({key: without_repeats(part.diagnostics) for key, part in each.items()})
            if here.layers and self.settings.keras is None:
                here.chosen[_chosen(whole, self.project)] += 1
            here.diagnostics = []  # they have yet to be selected
            found.add(here)
        found.limits |= {Limit(shown(path), line, None, what) for path, line, what in self.project.limits_reached()}
        if self.project.size > MAX_KEPT:
            self._forget()
            gc.collect()  # it may be off
        return diagnostics

    def _forget(self) -> None:
        """Drop all that was parsed, so that memory does not grow with the number of files."""
        vars(self).pop("project", None)
        vars(self).pop("_classes", None)


def _chosen(module: ModuleIndex, project: Project) -> Chosen:
    from keras_layer_lint.model.linted_for import told_choice

    choice, newest = told_choice(module, project)
    return Chosen(tuple(generation.value for generation in in_order(choice.generations)), choice.why, newest)


def names_klint(data: bytes) -> bool:
    """Whether a comment may speak of klint's own codes."""
    text = data.lower()
    if b"kll" in text and any(_CODE.search(text, *match.span()) for match in _NOQA.finditer(text)):
        return True
    return b"klint" in text and _KLINT.search(text) is not None
