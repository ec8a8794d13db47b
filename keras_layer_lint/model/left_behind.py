"""Files of a project that it has left behind: put away in an archive, or only imported by what cannot be imported."""

from __future__ import annotations

import ast
import os
import re
import warnings
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path

from keras_layer_lint.model.mentions import SourceText, stem_of
from keras_layer_lint.model.reach import Imported, imported_by

_ARCHIVE = re.compile(
    r"_*(?:archived?|archives|attic|backups?|bak|deprecated|graveyard|obsolete|old|outdated|trash|unused)(?:[_-].*)?\Z",
    re.IGNORECASE,
)
"""The name of a folder for what is no longer used."""
_IS_RUN = re.compile(r"^if[ ]+__name__\b", re.MULTILINE)


class LeftBehind:
    """Which files a project has left behind, by their folders and by who imports them: text alone."""

    def __init__(self, files: Callable[[], Sequence[SourceText]]) -> None:
        self._read = files
        self._known: dict[Path, bool] = {}
        self._imports: dict[Path, Imported] = {}
        self._broken: dict[Path, bool] = {}

    def holds(self, path: Path) -> bool:
        """Whether a file is put away, and nothing else imports it, or only files with syntax errors do."""
        if path not in self._known:
            self._known[path] = path in self._texts and (self._is_put_away(path) or self._is_cut_off(path))
        return self._known[path]

    def _is_put_away(self, path: Path) -> bool:
        """Whether a file stands in a folder that is called an archive, of which no file outside takes anything."""
        archive = self._archive_of(path)
        if archive is None:
            return False
        outside = [other for other in self._texts if archive not in other.parents]
        if len(outside) * 2 < len(self._texts):
            return False  # the project is in there
        stem = stem_of(path)
        is_its_own = all(stem_of(other) != stem for other in outside)
        wanted = {archive.name, stem} if is_its_own else {archive.name}
        return all(wanted.isdisjoint(self._imported(other).words) for other in outside)

    def _archive_of(self, path: Path) -> Path | None:
        """The outermost folder around a file, within the project, that is called an archive."""
        within = [folder for folder in path.parents if self._root in folder.parents]
        return next((folder for folder in reversed(within) if _ARCHIVE.match(folder.name)), None)

    def _is_cut_off(self, path: Path) -> bool:
        """Whether files import it, and none of these can be imported itself; nor is it run."""
        stem = stem_of(path)
        importing = [
            other for other in self._texts if other != path and stem in self._texts[other] and self._takes(other, stem)
        ]
        return (
            bool(importing)
            and _IS_RUN.search(self._texts[path]) is None
            and all(self._is_broken(other) for other in importing)
        )

    def _takes(self, path: Path, stem: str) -> bool:
        imported = self._imported(path)
        return imported.takes_all or stem in imported.words

    def _imported(self, path: Path) -> Imported:
        if path not in self._imports:
            self._imports[path] = imported_by(self._texts[path])
        return self._imports[path]

    def _is_broken(self, path: Path) -> bool:
        if path not in self._broken:
            self._broken[path] = _has_syntax_error(path)
        return self._broken[path]

    @cached_property
    def _texts(self) -> dict[Path, str]:
        return {file.path: file.text for file in self._read()}

    @cached_property
    def _root(self) -> Path:
        return Path(os.path.commonpath([path.parent for path in self._texts]))


def _has_syntax_error(path: Path) -> bool:
    try:
        data = path.read_bytes()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(data)
    except SyntaxError:
        return True
    except (OSError, ValueError, RecursionError, MemoryError):
        return False
    return False
