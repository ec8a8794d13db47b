"""Whether Keras can be reached from a module: it names a framework, or imports a file from which it can be reached.

Nothing in any other module is of Keras. In most projects these are most modules, of which no more than this is asked:
text is searched, nothing is parsed. Where text leaves it open, a module counts as one from which it can be reached.
"""

from __future__ import annotations

# os.path throughout: this runs for each import of each file.
# ruff: noqa: PTH112, PTH113, PTH118, PTH120, PTH206
import os
import re
from collections.abc import Iterator, Sequence
from itertools import accumulate
from pathlib import Path
from unicodedata import normalize

from keras_layer_lint.errors import UnreadableFile
from keras_layer_lint.model.inheritance import components
from keras_layer_lint.source.decode import decode, read_source
from keras_layer_lint.source.module_index import ModuleIndex

_WORDS = re.compile(r"keras|tensorflow")
"""All names of Keras, and of what brings it along, have one of these in them."""
_FOLDERS = frozenset({"keras", "tensorflow", "tf_keras"})
"""In these the framework itself is read, which need not name itself."""
_IMPORT = re.compile(
    r"(?:^|[;:\n])[ \t]*(?:import[ \t]+(?P<whole>[^\n;]*)"
    r"|from[ \t]{0,20}(?P<dots>(?:\.[ \t]{0,9}){0,40})(?P<module>(?:\w[\w.]*)?)[ \t]{1,20}import[ \t]*"
    r"(?P<names>\([^()]*|[^\n;(]*))"
)
_LOADED = re.compile(r"(?:import_module|__import__|LazyLoader)\([^'\"]{0,100}(['\"][^()]{1,200})")
"""Calls that stand for a module."""
_QUOTED = re.compile(r"['\"](\w+(?:\.\w+)*)['\"]")
_NAME = re.compile(r"(\w+)(?:\s+as\s+(\w+))?")
_DOTTED = re.compile(r"([\w.]+)(?:[ \t]+as[ \t]+(\w+))?")
_COMMENT = re.compile(r"#[^\n]*")
_ATTRIBUTES = re.compile(r"\b(\w+)((?:\.\w+)+)")
_MOST_FOLDERS_UP = 12
"""So far above a file outside the root imports are looked for."""


class FrameworkReach:
    """The answers for the files of a run, each found once. Imports are looked for up to `root`."""

    def __init__(self, root: Path) -> None:
        self._root = str(root)
        self._known: dict[str, bool] = {}
        self._imports: dict[str, Sequence[str] | None] = {}
        """The files that a file imports; None where it names a framework itself, or cannot be read."""
        self._found: dict[tuple[str, int, str, str], Sequence[str]] = {}
        self._packages: dict[tuple[str, int, str, str], tuple[str, ...]] = {}
        self._is_file: dict[str, bool] = {}
        self._above: dict[str, tuple[str, ...]] = {}

    def holds(self, module: ModuleIndex) -> bool:
        """Whether anything in a module can be of Keras."""
        file, text = str(module.path), module.text
        return _names_framework(file, text) or any(map(self._leads, self._imported(file, text)))

    def _leads(self, start: str) -> bool:
        if start not in self._known:
            for circle in components(start, lambda file: self._imports_of(file) or (), self._known):
                each = [self._imports_of(file) for file in circle]
                found = any(files is None or any(map(self._known.get, files)) for files in each)
                self._known.update(dict.fromkeys(circle, found))
        return self._known[start]

    def _imports_of(self, file: str) -> Sequence[str] | None:
        if file not in self._imports:
            try:
                text = decode(read_source(Path(file)))
            except UnreadableFile:
                self._imports[file] = None
            else:
                self._imports[file] = None if _names_framework(file, text) else self._imported(file, text)
        return self._imports[file]

    def _imported(self, file: str, text: str) -> Sequence[str]:
        """The files that a text may import."""
        text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\\\n", " ")
        if "#" in text:
            text = _COMMENT.sub("", text)
        folder = os.path.dirname(file)
        found: dict[str, None] = {}
        packages: dict[str, tuple[str, ...]] = {}
        """The folders that a name may stand for."""
        for level, module, name, alias in dict.fromkeys(_targets(text)):
            found.update(dict.fromkeys(self._files(folder, level, module, name)))
            if not name and not alias:
                alias = module = module.partition(".")[0]
            folders = self._folders(folder, level, module, name)
            if folders:
                packages[alias or name] = packages.get(alias or name, ()) + folders
        for name, attributes in set(_ATTRIBUTES.findall(text)) if packages else ():
            for place in packages.get(name, ()):
                for path in accumulate(attributes[1:].split("."), os.path.join, initial=place):
                    self._add(path, found)
        found.pop(file, None)
        return tuple(found)

    def _files(self, folder: str, level: int, module: str, name: str) -> Sequence[str]:
        """The files behind an import that stands in a file of `folder`; most files of a folder import the same."""
        key = (folder, level, module, name)
        if key not in self._found:
            found: dict[str, None] = {}
            for place in self._places(folder, level, module):
                self._add(place, found)
                if name:
                    self._add(os.path.join(place, name), found)
            self._found[key] = tuple(found)
        return self._found[key]

    def _folders(self, folder: str, level: int, module: str, name: str) -> tuple[str, ...]:
        """The packages that a name may stand for, of which modules are attributes."""
        key = (folder, level, module, name)
        if key not in self._packages:
            places = [os.path.join(place, name) for place in self._places(folder, level, module)]
            self._packages[key] = tuple([place.rstrip(os.sep) for place in places if os.path.isdir(place)])
        return self._packages[key]

    def _places(self, folder: str, level: int, module: str) -> tuple[str, ...]:
        """Where a module may stand: paths without `.py`."""
        for _ in range(level - 1):
            folder = os.path.dirname(folder)
        rest = module.replace(".", os.sep)
        return tuple([f"{root}{os.sep}{rest}" for root in ([folder] if level else self._roots(folder))])

    def _roots(self, folder: str) -> tuple[str, ...]:
        """The folders in which an absolute import may be looked for."""
        if folder not in self._above:
            above = [folder, *map(str, Path(folder).parents)]
            end = above.index(self._root) + 1 if self._root in above else _MOST_FOLDERS_UP
            self._above[folder] = tuple([root for here in above[:end] for root in (here, f"{here}{os.sep}src")])
        return self._above[folder]

    def _add(self, place: str, found: dict[str, None]) -> None:
        """Add the module at a place, and the packages that it stands in."""
        place = place.rstrip(os.sep)
        while place:
            files = [file for file in (f"{place}.py", os.path.join(place, "__init__.py")) if self._exists(file)]
            new = [file for file in files if file not in found]
            found.update(dict.fromkeys(new))
            place = os.path.dirname(place)
            if not new and not self._exists(os.path.join(place, "__init__.py")):
                return

    def _exists(self, file: str) -> bool:
        if file not in self._is_file:
            self._is_file[file] = os.path.isfile(file)
        return self._is_file[file]


def _names_framework(file: str, text: str) -> bool:
    if _WORDS.search(text) is not None or not _FOLDERS.isdisjoint(file.removesuffix(".py").split(os.sep)):
        return True
    return not text.isascii() and _WORDS.search(normalize("NFKC", text)) is not None


def _targets(text: str) -> Iterator[tuple[int, str, str, str]]:
    """What a text may import: the number of dots, the module, a name of it or "", and what it is called here or ""."""
    for found in _IMPORT.finditer(text):
        if found["whole"] is not None:
            for module, alias in _DOTTED.findall(found["whole"]):
                yield 0, module, "", alias
            continue
        level, module = found["dots"].count("."), found["module"]
        for name, alias in _NAME.findall(found["names"]) or [("", "")]:
            yield level, module, name, alias
    for given in _LOADED.findall(text):
        for module in _QUOTED.findall(given):
            yield 0, module, "", module.rpartition(".")[2]
