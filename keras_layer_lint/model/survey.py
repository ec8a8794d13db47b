"""What all files of a project say: for which generation of Keras it is written.

A file alone often says nothing, and its project does: one vote is taken of all of it. It is the same whichever of its
files is linted, and in whatever order.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from keras_layer_lint.immutable import dataclass
from keras_layer_lint.model.idioms import Choice, Idioms, choice, idioms_of
from keras_layer_lint.model.mentions import SourceText
from keras_layer_lint.model.project_use import ProjectUse
from keras_layer_lint.model.requirements import NOTEBOOK_FOLDERS
from keras_layer_lint.model.told_environment import told_keras_2
from keras_layer_lint.settings import Settings
from keras_layer_lint.source.discover import discover
from keras_layer_lint.source.project_root import (
    INSTALLED,
    REPOSITORY_MARKS,
    ROOT_MARKS,
    has_mark,
    is_installed,
    is_test_code,
)
from keras_layer_lint.target import Generation

_MARKS = (*ROOT_MARKS, "requirements.txt", "Pipfile", "environment.yml", "environment.yaml")
"""What the folder of a project holds, be it installed or only run."""
_PYTHON = re.compile(r"Programming Language :: Python :: 3\.(\d{1,3})\b")
_PYTHON_OF_KERAS_3 = 11
"""The minor version of the Python that was new when Keras 3 came, and was older than a year."""
MOST_VISITED = 6000
"""Files and folders that are looked at for one project: a home folder may hold anything."""
_MOST_BYTES = 200_000
"""Of a file, as much as this from its beginning is searched."""
_CLEAR = 4
"""So many times as many files for one generation as for the other are a clear vote."""


@dataclass(frozen=True, slots=True)
class Vote:
    """The generation that the files of a project speak for."""

    choice: Choice
    is_clear: bool
    """Whether hardly a file speaks for the other: then what only that one has is a fault, not a choice."""


OF_OLD_PYTHON = Vote(
    choice(Generation.KERAS2, "its metadata names no Python of the time of Keras 3, and its code nothing of Keras 3"),
    is_clear=True,
)


class Survey:
    """The projects that the files of a run belong to. Each file is read once; `root` ends the search for projects."""

    def __init__(self, root: Path | None, settings: Settings | None = None) -> None:
        self._root = root
        self._settings = settings or Settings()
        self._idioms: dict[Path, Idioms] = {}
        self._texts: dict[Path, str] = {}
        self._files: dict[Path, tuple[Path, ...]] = {}
        self._votes: dict[Path, Vote | None] = {}
        self._scopes: dict[Path, tuple[Path, ...]] = {}
        self._marked: dict[Path, bool] = {}
        self._old: dict[Path, bool] = {}
        self._told: dict[Path, Vote | None] = {}
        self._uses: dict[tuple[Path, bool], ProjectUse] = {}
        self._use_in: dict[Path, ProjectUse] = {}
        """By the folder of the file."""

    def vote(self, path: Path) -> Vote | None:
        """What the project of a file speaks for: that of the nearest folder of which any file says something.

        Where none does, a project that names no Python of the time of Keras 3 speaks for Keras 2, and one whose README
        and environment are older.
        """
        if not path.is_file():
            return None  # the source comes from elsewhere
        scopes = self._scopes_of(path.parent)
        found = next((vote for scope in scopes if (vote := self._vote_of(scope)) is not None), None)
        if found is not None:
            return found
        whole = [scope for scope in scopes if self._is_marked(scope) or scope == self._root]
        if any(map(self._is_old, whole)):
            return OF_OLD_PYTHON
        return next((vote for scope in whole if (vote := self._told_by(scope)) is not None), None)

    def use_of(self, path: Path) -> ProjectUse | None:
        """How its project uses a file's layers; None where nothing is known of a project."""
        if not path.is_file():
            return None
        folder = path.parent
        if folder not in self._use_in:
            self._use_in[folder] = self._use_for(folder)
        return self._use_in[folder]

    def _use_for(self, folder: Path) -> ProjectUse:
        scopes = self._scopes_of(folder)
        scope = next(filter(self._is_marked, scopes), scopes[-1])
        key = (scope, _is_library(folder, scope))
        if key not in self._uses:
            self._uses[key] = ProjectUse(
                lambda: self._texts_of(scope),
                lambda: map(_text, self._notebooks_of(scope)),
                is_library=key[1],
                is_marked=self._is_marked(scope),
            )
        return self._uses[key]

    def _scopes_of(self, folder: Path) -> tuple[Path, ...]:
        if folder not in self._scopes:
            self._scopes[folder] = tuple(dict.fromkeys(self._search(folder)))
        return self._scopes[folder]

    def _is_marked(self, folder: Path) -> bool:
        if folder not in self._marked:
            self._marked[folder] = has_mark(folder, _MARKS)
        return self._marked[folder]

    def _is_old(self, project: Path) -> bool:
        if project not in self._old:
            self._old[project] = _is_older_than_keras_3(project)
        return self._old[project]

    def _told_by(self, project: Path) -> Vote | None:
        """What its README and its environment speak for."""
        if project not in self._told:
            why = told_keras_2(project)
            self._told[project] = None if why is None else Vote(choice(Generation.KERAS2, why), is_clear=True)
        return self._told[project]

    def _search(self, folder: Path) -> Iterator[Path]:
        """Folders that may be the project of what stands in a folder, the nearest first."""
        root = self._root
        within = root is not None and folder.is_relative_to(root)
        last = folder
        found = False
        for here in (folder, *folder.parents):
            if here.name in ("site-packages", "dist-packages"):
                break
            if self._is_marked(here):
                found = True
                yield here
                if has_mark(here, REPOSITORY_MARKS):
                    return
            if within and here == root:
                if not found and last != here:
                    yield last  # examples of many kinds may stand side by side
                yield here
                return
            last = here
        if not found:
            yield _import_root(folder)

    def _vote_of(self, scope: Path) -> Vote | None:
        if scope not in self._votes:
            self._votes[scope] = _counted(scope, [(path, self._idioms_of(path)) for path in self._files_of(scope)])
        return self._votes[scope]

    def _files_of(self, scope: Path) -> tuple[Path, ...]:
        if scope not in self._files:
            found = discover([scope], self._settings, MOST_VISITED)[0]
            self._files[scope] = tuple(path for path in found if not self._is_of_another(path.parent, scope))
        return self._files[scope]

    def _texts_of(self, scope: Path) -> Iterator[SourceText]:
        for path in self._files_of(scope):
            inside = path.relative_to(scope)
            helps_tests = "testing" in inside.parts[:-1]
            yield SourceText(path, self._text_of(path), is_test_code(inside.as_posix()), helps_tests)

    def _notebooks_of(self, scope: Path) -> Iterator[Path]:
        """Notebooks beside the files of a project, and where notebooks of projects stand."""
        folders = {path.parent for path in self._files_of(scope)} | {scope / name for name in NOTEBOOK_FOLDERS}
        for folder in sorted(folders):
            yield from sorted(folder.glob("*.ipynb"))

    def _is_of_another(self, folder: Path, scope: Path) -> bool:
        """Whether what stands in a folder is part of a project below."""
        nearest = self._scopes_of(folder)[0]
        return nearest != scope and self._is_marked(nearest)

    def _idioms_of(self, path: Path) -> Idioms:
        if path not in self._idioms:
            self._idioms[path] = idioms_of(self._text_of(path))
        return self._idioms[path]

    def _text_of(self, path: Path) -> str:
        if path not in self._texts:
            self._texts[path] = _text(path)
        return self._texts[path]


def _text(path: Path) -> str:
    """What is looked for is ASCII: any encoding that keeps it will do."""
    try:
        with path.open("rb") as file:
            # A buffer for the most would be laid out for each file: its size is asked first.
            size = min(os.fstat(file.fileno()).st_size, _MOST_BYTES)
            return file.read(size).decode("latin-1")
    except OSError:
        return ""


def _is_library(folder: Path, project: Path) -> bool:
    """Whether a folder is a package of a project that is installed: who uses it is not known."""
    return (folder / "__init__.py").is_file() and is_installed(project)


def _is_older_than_keras_3(project: Path) -> bool:
    """Whether the newest Python among the classifiers of a project is older than Keras 3.

    Alone that says little: many projects never change their classifiers.
    """
    metadata = [path for folder in (project, project.parent) for path in sorted(folder.glob("*.dist-info/METADATA"))]
    paths = [*(project / name for name in INSTALLED), *metadata]
    newest = max((int(minor) for path in paths for minor in _PYTHON.findall(_text(path))), default=None)
    return newest is not None and newest < _PYTHON_OF_KERAS_3


def _import_root(folder: Path) -> Path:
    """The outermost package of a folder, or the folder itself: what no mark says is taken from Python."""
    while (folder / "__init__.py").is_file() and (folder.parent / "__init__.py").is_file():
        folder = folder.parent
    return folder


def _counted(scope: Path, files: list[tuple[Path, Idioms]]) -> Vote | None:
    """Count the files that say something."""
    for_2 = [(path, idioms.keras_2) for path, idioms in files if idioms.generation is Generation.KERAS2]
    for_3 = [(path, idioms.keras_3) for path, idioms in files if idioms.generation is Generation.KERAS3]
    if not for_3 and not for_2:
        return None
    is_one_name = len(for_2) == 1 and not for_3 and all(found.only is None for _, found in files)
    if is_one_name and is_installed(scope) and not _is_older_than_keras_3(scope):
        return None  # one name that was removed is a fault of a library that allows Keras 3
    is_old = len(for_2) > len(for_3)
    most, fewest = (for_2, for_3) if is_old else (for_3, for_2)
    path, why = most[0]
    told = f"{why} in `{path.relative_to(scope).as_posix()}`"
    if len(most) > 1:
        told += f", and {len(most) - 1} more of the project's files speak for it"
    generation = Generation.KERAS2 if is_old else Generation.KERAS3
    return Vote(choice(generation, told), len(most) >= _CLEAR * len(fewest))
