"""Paths given by the user to the Python files to lint."""

# os.path throughout: a Path for each entry of a large tree is slow.
# ruff: noqa: PTH110, PTH112, PTH113, PTH118, PTH120, PTH123

from __future__ import annotations

import math
import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import field
from pathlib import Path

from pathspec import GitIgnoreSpec

from keras_layer_lint.errors import KlintError
from keras_layer_lint.immutable import dataclass
from keras_layer_lint.settings import Settings
from keras_layer_lint.source.notebook_json import INSTALL, SUFFIX, is_installed

CONFIGURATIONS = frozenset({"klint.toml", "pyproject.toml"})
_EXCLUDED = frozenset({"__pycache__", "__pypackages__", "node_modules", "site-packages"})
# Names that packages use as well: left out unless Python would import them.
_EXCLUDED_UNLESS_PACKAGE = frozenset({"build", "dist", "venv", "env", "buck-out", "_build"})


@dataclass(frozen=True, slots=True)
class _Ignore:
    """One `.gitignore`, or the user's excludes: patterns relative to `folder`."""

    folder: str
    spec: GitIgnoreSpec

    def verdict(self, path: str, is_folder: bool) -> bool | None:
        """Tell whether it is ignored, False where a `!` pattern takes it back, None where nothing is said of it."""
        if not path.startswith(self.folder):
            return None
        relative = path[len(self.folder) :].replace(os.sep, "/")
        return self.spec.check_file(relative + "/" if is_folder else relative).include


@dataclass(slots=True)
class _Walk:
    settings: Settings
    found: dict[str, str] = field(default_factory=dict)
    """Real path to the path as it was reached."""
    folders: set[str] = field(default_factory=set)
    errors: list[tuple[str, str]] = field(default_factory=list)
    nothing: list[tuple[str, str]] = field(default_factory=list)
    met: int = 0
    """Files found since the path at hand was begun, and folders that another path was searched for."""
    ignored: int = 0
    """Python files and folders left out since the path at hand was begun."""
    reads_notebooks: bool = True
    exclude: _Ignore | None = None
    """What the configuration of the path at hand excludes."""
    root: str = ""
    """Where that lies."""
    suffixes: tuple[str, ...] = (".py",)
    left: int = 0
    """Notebooks that are there and cannot be read."""
    most: float = math.inf
    """Files and folders after which the search ends."""

    def __post_init__(self) -> None:
        self.reads_notebooks = SUFFIX not in self.suffixes or is_installed()

    def start(self, path: str) -> None:
        real = os.path.realpath(path)
        try:
            # A folder has the settings of what lies in it.
            own = self.settings.of(Path(real, "any.py") if os.path.isdir(real) else Path(real))
        except KlintError as error:
            self._leave_out(path, error)
            return
        root = os.path.realpath(own.root)
        spec = GitIgnoreSpec.from_lines(own.exclude) if own.exclude else None
        self.exclude = None if spec is None else _Ignore(_with_separator(root), spec)
        self.root = root
        if os.path.isdir(real):
            ignores = [i for i in self._ignores_above(real) if not i.verdict(real, True)]
            errors, self.met, self.ignored = len(self.errors), 0, 0
            self._folder(path, real, ignores)
            if not self.met and len(self.errors) == errors:
                excluded = "all Python in it is excluded" if self.ignored else "no Python file is in it"
                if self.left:
                    excluded = f"only notebooks are in it, which are read with nbformat: {INSTALL}"
                self.nothing.append((path, excluded))
        elif os.path.exists(real):
            if not (self.settings.force_exclude and self._is_forced_out(real)):
                self.found.setdefault(real, path)
        else:
            self.errors.append((path, "no such file or directory"))

    def _is_forced_out(self, real: str) -> bool:
        """Whether a file that is named, or a folder around it, is excluded."""
        ignores = self._ignores_above(os.path.dirname(real))
        around = [real]
        while os.path.dirname(around[-1]) not in (around[-1], self.root):
            around.append(os.path.dirname(around[-1]))
        return any(self._ignored(path, path != real, ignores) for path in around)

    def _ignores_above(self, real: str) -> list[_Ignore]:
        if not self.settings.respect_gitignore:
            return []
        ignores: list[_Ignore] = []
        folder = real
        while not os.path.exists(os.path.join(folder, ".git")):
            folder, before = os.path.dirname(folder), folder
            if folder == before:
                return []  # not in a repository
            ignores[:0] = self._ignore_file(folder)
        ignores[:0] = self._info_exclude(folder)
        return ignores

    def _info_exclude(self, folder: str) -> Iterator[_Ignore]:
        """What only this clone ignores; work trees beside it, too."""
        git = os.path.join(folder, ".git")
        with suppress(OSError, UnicodeDecodeError):
            if os.path.isfile(git):
                with open(git, encoding="utf-8") as file:
                    git = os.path.join(folder, file.readline().removeprefix("gitdir:").strip())
                with open(os.path.join(git, "commondir"), encoding="utf-8") as file:
                    git = os.path.join(git, file.readline().strip())
        yield from self._ignore_file(folder, os.path.join(git, "info", "exclude"))

    def _ignore_file(self, folder: str, path: str = "") -> Iterator[_Ignore]:
        try:
            with open(path or os.path.join(folder, ".gitignore"), encoding="utf-8", errors="replace") as file:
                yield _Ignore(_with_separator(folder), GitIgnoreSpec.from_lines(file.read().splitlines()))
        except (OSError, ValueError):  # none there, or a pattern that git would not take either
            return

    def _folder(self, path: str, real: str, ignores: list[_Ignore]) -> None:
        stack = [(path, real, ignores)]
        while stack and len(self.found) + len(self.folders) < self.most:
            path, real, ignores = stack.pop()
            if real in self.folders:
                self.met += 1
                continue
            self.folders.add(real)
            try:
                with os.scandir(real) as entries:
                    listed = sorted(entries, key=lambda entry: entry.name)
            except OSError as error:
                self.errors.append((path, f"cannot be read: {error.strerror or error}"))
                continue
            try:
                ignores = self._with_those_of(real, {entry.name for entry in listed}, ignores)
            except KlintError as error:
                self._leave_out(path, error)
                continue
            below = []
            for entry in listed:
                kind = self._kind(entry)
                if kind is None:
                    continue
                if self._ignored(os.path.join(real, entry.name), kind == "folder", ignores):
                    self.ignored += 1
                    continue
                there = os.path.join(path, entry.name)
                real_there = os.path.realpath(entry.path) if entry.is_symlink() else os.path.join(real, entry.name)
                if kind == "folder":
                    below.append((there, real_there, ignores))
                elif not self.reads_notebooks and entry.name.endswith(SUFFIX):
                    self.left += 1
                elif entry.is_symlink():
                    self.met += 1
                    self.found.setdefault(real_there, there)
                else:
                    self.met += 1
                    self.found[real_there] = there
            stack.extend(reversed(below))

    def _leave_out(self, path: str, error: KlintError) -> None:
        """What lies where a configuration is wrong is not linted: nobody knows how it is meant to be."""
        self.errors.append((path, f"left out, as its configuration is wrong: {error}"))

    def _with_those_of(self, folder: str, names: set[str], ignores: list[_Ignore]) -> list[_Ignore]:
        """What is ignored in a folder and below, with what its own files say."""
        found = list(ignores)
        if self.settings.respect_gitignore:
            if ".git" in names:
                found += self._info_exclude(folder)
            if ".gitignore" in names:
                found += self._ignore_file(folder)
        if self.settings.by_file is not None and folder != self.root and not names.isdisjoint(CONFIGURATIONS):
            more = self.settings.by_file.exclude_in(folder)
            found += [_Ignore(_with_separator(folder), GitIgnoreSpec.from_lines(more))] if more else []
        return found

    def _kind(self, entry: os.DirEntry[str]) -> str | None:
        name = entry.name
        try:
            if name.endswith(self.suffixes):
                return "file" if entry.is_file() else "folder" if entry.is_dir() else None
            if name.startswith(".") or name in _EXCLUDED or name.endswith(".egg-info") or not entry.is_dir():
                return None  # a hidden folder holds what tools keep, or an archive: no package can be imported from it
            if name in _EXCLUDED_UNLESS_PACKAGE and not os.path.isfile(os.path.join(entry.path, "__init__.py")):
                return None
        except OSError:  # a link to nowhere, a loop of links
            return None
        return "folder"

    def _ignored(self, path: str, is_folder: bool, ignores: list[_Ignore]) -> bool:
        if self.exclude is not None and (said := self.exclude.verdict(path, is_folder)) is not None:
            return said
        for ignore in reversed(ignores):
            verdict = ignore.verdict(path, is_folder)
            if verdict is not None:
                return verdict
        return False


@dataclass(frozen=True, slots=True)
class Search:
    """What paths come to."""

    files: list[Path]
    """Python files, sorted."""
    errors: list[tuple[str, str]]
    """Paths that could not be searched, and why."""
    nothing: list[tuple[str, str]]
    """Folders that were searched and hold nothing to lint, and why."""
    left: int = 0
    """Notebooks that are there and cannot be read."""


def discover(
    paths: Sequence[str | Path], settings: Settings, most: float = math.inf
) -> tuple[list[Path], list[tuple[str, str]]]:
    """Python files under `paths`, sorted, and (path, reason) for each path that could not be searched.

    A file named by the user is taken whatever its name and whether ignored or not, unless `settings.force_exclude`.
    Folders are searched for `*.py` past `.gitignore` files (up to the root of the repository), hidden and other
    non-source folders and `settings.exclude`.
    Links are followed, but each file and each folder is visited once. The search ends at the folder with which it has
    come to `most` files and folders.
    """
    found = search(paths, settings, most)
    return found.files, found.errors


def search(
    paths: Sequence[str | Path], settings: Settings, most: float = math.inf, *, notebooks: bool = False
) -> Search:
    """As `discover`, with the folders that hold nothing; with `notebooks` these are searched for, too."""
    walk = _Walk(settings, most=most, suffixes=(".py", SUFFIX) if notebooks else (".py",))
    for path in paths:
        walk.start(str(path))
    return Search(sorted(Path(path) for path in walk.found.values()), walk.errors, walk.nothing, walk.left)


def _with_separator(folder: str) -> str:
    return folder if folder.endswith(os.sep) else folder + os.sep
