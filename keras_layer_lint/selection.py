"""Which rules a run asks for, in all files and in one."""

from __future__ import annotations

import os
from collections.abc import Iterable
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from keras_layer_lint.diagnostic import Diagnostic
from keras_layer_lint.settings import Settings

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

    from keras_layer_lint.keras.kinds import ClassKind
    from keras_layer_lint.registry import RegisteredCheck

_SHORTEST_OPT_IN = len("KLL30")


class Selection:
    """The rules that the settings of a run select."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._selectors = [*(settings.select if settings.select is not None else ("",)), *settings.extend_select]
        self._checks: dict[ClassKind | None, tuple[RegisteredCheck, ...]] = {}
        self._known = _answers(tuple(self._selectors), tuple(settings.ignore))

    def has(self, code: str) -> bool:
        """Whether a rule is selected. The longest selector that fits decides; on a tie it is ignored, as in ruff."""
        if code not in self._known:
            self._known[code] = self._has(code)
        return self._known[code]

    def _has(self, code: str) -> bool:
        chosen = self._selectors
        if code != "KLL001" and _is_opt_in(code):
            chosen = [selector for selector in chosen if len(selector) >= _SHORTEST_OPT_IN]
        on = max((len(selector) for selector in chosen if code.startswith(selector)), default=-1)
        off = max((len(selector) for selector in self._settings.ignore if code.startswith(selector)), default=-1)
        return on > off

    def checks_for(self, kind: ClassKind | None) -> tuple[RegisteredCheck, ...]:
        """The selected checks that are for a kind of class."""
        from keras_layer_lint import registry

        if kind not in self._checks:
            self._checks[kind] = tuple(item for item in registry.checks_for(kind) if self.has(item.rule.code))
        return self._checks[kind]

    def ignored_in(self, path: Path) -> tuple[str, ...]:
        """The codes, and prefixes of codes, that are ignored in one file."""
        if not self._specs:
            return ()
        try:
            relative = os.path.relpath(path, self._settings.root).replace(os.sep, "/")
        except ValueError:  # on another drive of Windows
            return ()
        return tuple(code for spec, codes in self._specs if spec.match_file(relative) for code in codes)

    def of_file(self, diagnostics: list[Diagnostic], path: Path) -> list[Diagnostic]:
        """What is selected of the diagnostics of one file, whatever its severity."""
        if not diagnostics:
            return diagnostics
        ignored = self.ignored_in(path)
        return [found for found in diagnostics if self.has(found.code) and not found.code.startswith(ignored)]

    @cached_property
    def _specs(self) -> list[tuple[GitIgnoreSpec, Iterable[str]]]:
        if not self._settings.per_file_ignores:
            return []
        from pathspec import GitIgnoreSpec

        return [
            (GitIgnoreSpec.from_lines([pattern]), selectors)
            for pattern, selectors in self._settings.per_file_ignores.items()
        ]


@lru_cache(maxsize=64)
def _answers(selectors: tuple[str, ...], ignored: tuple[str, ...]) -> dict[str, bool]:
    """What was asked of a selection before: an editor makes one for each run."""
    return {}


def _is_opt_in(code: str) -> bool:
    from keras_layer_lint.registry import opt_in  # it imports every check, which a run without findings need not

    return code in opt_in()
