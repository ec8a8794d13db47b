"""Lints texts that are being edited, each as the configuration nearest above its file says."""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from keras_layer_lint import baseline
from keras_layer_lint.baseline import Baseline
from keras_layer_lint.diagnostic import Diagnostic
from keras_layer_lint.errors import KlintError, UnreadableFile
from keras_layer_lint.file_settings import SettingsByFile
from keras_layer_lint.findings import Report, without_repeats
from keras_layer_lint.fixes.comments import Style, commented
from keras_layer_lint.fixes.engine import Fixer, with_fixes
from keras_layer_lint.lint import Linter, Shared, encoded
from keras_layer_lint.lsp.memory import forget_code
from keras_layer_lint.lsp.partly import Outline, edited, kept, of_edited, outline_of
from keras_layer_lint.processes import without_collection
from keras_layer_lint.settings import Settings
from keras_layer_lint.source.code_slice import trees_kept
from keras_layer_lint.source.decode import decode, split_lines
from keras_layer_lint.source.discover import search
from keras_layer_lint.source.gate import may_define_layer

_RECENT = 1
"""The generations of garbage that are collected after an edit: those of what is new."""
_SELDOM = 20
"""So many versions of texts are kept in memory: some megabytes each."""


@dataclass(frozen=True, slots=True)
class Found:
    """What there is to say of a text."""

    diagnostics: tuple[Diagnostic, ...] = ()
    errors: tuple[str, ...] = ()
    """What klint failed on."""
    is_partly: bool = False
    """Whether some of it was found in the text as it was before."""


@dataclass(frozen=True, slots=True)
class _Last:
    """A text as it was linted last."""

    outline: Outline | None
    report: Report


@dataclass(slots=True)
class _Recent:
    """What is known of the project around the text that was linted last, since all of that was linted."""

    path: Path
    linter: Linter
    edits: int = 0
    """So often some of the text was linted."""


class Linting:
    """What is known of projects and their configuration is found out once, until something on disk changes.

    Of a text that was linted before, at first only the classes are linted again that an edit is in. Nothing of this can
    be called from two threads at once.
    """

    def __init__(self) -> None:
        self._since = 0
        """How often was linted since what is kept of code was dropped."""
        self.forget()

    def forget(self) -> None:
        """Files have changed on disk."""
        self._by_file = SettingsByFile({})
        self._shared = Shared()
        self._last: dict[Path, _Last] = {}
        self._recent: _Recent | None = None
        self._baselines: dict[Path, Baseline] = {}

    def close(self, path: Path) -> None:
        """A text is shown no longer."""
        self._last.pop(path, None)

    def tidy(self) -> None:
        """Collect what is garbage since the last time; every now and then drop what is kept of texts that are gone."""
        self._since += 1
        if self._since >= _SELDOM:
            self._since = 0
            forget_code()
        else:
            gc.collect(_RECENT)

    def lint(self, text: str, path: Path, folder: Path | None, *, whole: bool = False) -> Found:
        """Lint a text as that of a file. `folder`: that which the editor has opened and the file lies in.

        `whole`: all of it, whatever is known of the text as it was before.
        """
        try:
            settings = self._settings_of(path, folder)
            if settings is None:
                return Found()
            known = self._without_known(path)
            data, last = encoded(text), self._last.get(path)
            with without_collection(), trees_kept():
                found = None if last is None or whole else self._partly(last, data, path, settings)
                is_partly = found is not None
                found = found or self._whole(data, path, settings)
        except KlintError as error:  # a configuration that is wrong
            return Found(errors=(str(error),))
        report = found.report
        if found.outline is not None and not report.errors:
            self._last[path] = found  # what is no Python for now will be nearly the same then
        errors = tuple(f"{error.path}: {error.message}" for error in report.errors)
        return Found(report.diagnostics if known is None else known(report, text), errors, is_partly)

    def with_fixes(self, diagnostics: Sequence[Diagnostic], text: str) -> list[Diagnostic]:
        """The diagnostics of a text with the fixes that there are."""
        with without_collection():
            return with_fixes(diagnostics, encoded(text))[0]

    def fixed(self, text: str, path: Path, folder: Path | None) -> str:
        """A text with all its safe fixes made."""
        settings = self._settings_of(path, folder)
        if settings is None:
            return text
        with without_collection():
            return decode(Fixer(settings).fixed(encoded(text), path).after)

    def silenced(self, text: str, path: Path, folder: Path | None, diagnostic: Diagnostic) -> str | None:
        """A text with a comment that silences a diagnostic; None where no comment would silence just that."""
        settings = self._settings_of(path, folder)
        if settings is None:
            return None

        def lint(data: bytes, _: Path) -> Report:
            with without_collection():
                return Linter(settings, self._shared).report(data, path)

        done = commented(encoded(text), path, [diagnostic], Style(is_klint=True), lint)
        return None if done.left or done.after == done.before else decode(done.after)

    def _whole(self, data: bytes, path: Path, settings: Settings) -> _Last:
        """With all of a text linted."""
        self._recent = _Recent(path, Linter(settings, self._shared))
        outline = _outline(self._recent.linter, data, path)
        return _Last(outline, self._recent.linter.report(data, path))

    def _partly(self, last: _Last, data: bytes, path: Path, settings: Settings) -> _Last | None:
        """With the classes linted that an edit is in, and what was found in others; None where all has to be linted."""
        recent = self._recent
        if recent is None or recent.path != path or recent.edits >= _SELDOM:
            recent = self._recent = _Recent(path, Linter(settings, self._shared))
        recent.edits += 1
        outline = _outline(recent.linter, data, path)
        if outline is None or last.outline is None:
            return None
        recent.linter.names = edited(last.outline, outline)
        report = recent.linter.report(data, path)
        chosen = [[choice for choice, _ in each.chosen] for each in (report, last.report)]
        if report.errors or (report.chosen and chosen[0] != chosen[1]):
            return None  # other generations may be told of the other classes, too
        found = without_repeats([*kept(last.report.diagnostics, last.outline, outline), *of_edited(report.diagnostics)])
        every = tuple(sorted(found, key=lambda each: each.sort_key))
        return _Last(outline, replace(report, diagnostics=every, chosen=last.report.chosen))

    def _without_known(self, path: Path) -> Callable[[Report, str], tuple[Diagnostic, ...]] | None:
        """What leaves out what the baseline of a file knows; None where it has none."""
        file = self._by_file.options_of(self._by_file.file_for(path)).baseline
        if file is None:
            return None
        if file not in self._baselines:
            self._baselines[file] = baseline.read(file)

        def without(report: Report, text: str) -> tuple[Diagnostic, ...]:
            lines = split_lines(text)
            return self._baselines[file].without_known(report, file.parent, lambda _: lines)[0].diagnostics

        return without

    def _settings_of(self, path: Path, folder: Path | None) -> Settings | None:
        """None where the configuration excludes the file."""
        file = self._by_file.file_for(path)
        settings = self._by_file.of(self._by_file.options_of(file).settings(), path)
        if file is None and folder is not None:
            settings = replace(settings, root=str(folder))
        if path.is_file() and not search([path], replace(settings, force_exclude=True)).files:
            return None
        return settings


def _outline(linter: Linter, data: bytes, path: Path) -> Outline | None:
    """None where the text does not parse, or there is no class to lint."""
    if not may_define_layer(data):
        return None
    with suppress(UnreadableFile, RecursionError):
        return outline_of(linter.project.module_at(path, data))
    return None
