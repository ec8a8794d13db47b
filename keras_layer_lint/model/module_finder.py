"""Finds the modules of a project on disk, the way an import would, without importing."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from keras_layer_lint.errors import LimitReached, UnreadableFile
from keras_layer_lint.immutable import dataclass
from keras_layer_lint.keras.names import FRAMEWORKS
from keras_layer_lint.model.installation import asks, installations, may_say
from keras_layer_lint.source.decode import decode, read_source
from keras_layer_lint.source.module_index import DOT, ModuleIndex, index_module
from keras_layer_lint.source.project_root import has_mark
from keras_layer_lint.target import Generation

if TYPE_CHECKING:
    from keras_layer_lint.model.live_code import LiveCode
    from keras_layer_lint.model.live_scopes import Scope

_MAX_FOLDERS_UP = 8
"""How far above a module the root of its project is looked for."""
_MAX_STEPS = 8
"""How many modules a flag is followed through."""
Installed: TypeAlias = tuple[Generation, str]
"""A generation, and the backend of Keras 3."""


@dataclass(frozen=True, slots=True)
class ModuleRef:
    """A module of the project, or a folder of it without `__init__.py`: then `module` is None."""

    path: Path
    module: ModuleIndex | None


_MARKS = {
    "keras": ("src/layers/layer.py", "src/engine/base_layer.py", "engine/base_layer.py", "engine/topology.py"),
    "tf_keras": ("src/engine/base_layer.py",),
    "tensorflow": ("python",),
    "numpy": ("_core", "core"),
    "jax": ("_src",),
    "torch": ("nn",),
    "flax": ("core",),
    "scipy": ("linalg",),
}
"""What the source of each framework holds, of any version: a folder of its name without it is another's."""


class ModuleFinder:
    """Indexes modules once, and remembers what is on disk."""

    def __init__(self, root: Path | None, view: Installed | None = None, whole: ModuleFinder | None = None) -> None:
        self.root = root
        self._view = view
        self._whole = whole
        """Has the same modules with all their code."""
        self._live: dict[Path, LiveCode] = {}
        self._reading: set[Path] = set()
        self._reduced_from: dict[str, ModuleIndex] = {}
        self._modules: dict[str, ModuleIndex | None] = {}
        self._roots: dict[str, tuple[str, ...]] = {}
        self._roots_of: dict[ModuleIndex, tuple[str, ...]] = {}
        self._files: dict[str, bool] = {}
        self._saying: dict[tuple[str, str], bool] = {}
        """By file and name: whether it may say what is installed."""
        self._saying_modules: dict[ModuleIndex, dict[str, ModuleIndex | None]] = {}
        self._folders: dict[str, bool] = {}
        self.size = 0
        """Bytes of all that was indexed."""
        self.limits: set[tuple[Path, int, str]] = set()
        """What was not analysed because a limit was reached: the file or folder, the line, and what it was."""

    def module_at(self, path: Path, data: bytes | None = None) -> ModuleIndex:
        """Index a file, once; `data` stands in for what is on disk. UnreadableFile where that cannot be done."""
        key = str(path)
        if key not in self._modules:
            key = os.path.abspath(path)  # noqa: PTH100 (`..` must go too, links must stay)
            path = Path(key)
        known = self._modules.get(key)
        if known is not None:
            if self._whole is not None:
                is_same = self._reduced_from.get(key, known) is self._whole.module_at(path, data)
            else:
                is_same = data is None or _holds(known, data)
            if is_same:
                return known  # the same object: classes are told apart by identity
        module = self._index(path, data)
        self._modules[key] = module
        return module

    def _index(self, path: Path, data: bytes | None = None) -> ModuleIndex:
        if self._whole is not None:
            module = self._whole.module_at(path, data)
            self._reduced_from[str(path)] = module
            return self._reduced(module)
        if data is None:
            data = read_source(path)
        self.size += len(data)
        return index_module(data, path, self._is_misnamed)

    @property
    def may_differ(self) -> bool:
        """Whether code of a module that was indexed may exist under one generation only."""
        return any(asks(module) for module in self._modules.values() if module is not None)

    def _reduced(self, module: ModuleIndex) -> ModuleIndex:
        """The module with the code that exists under the view."""
        if self._view is None or module.path in self._reading or not asks(module):
            return module
        from keras_layer_lint.model.live_code import LiveCode  # few modules get here

        self._reading.add(module.path)
        try:
            live = LiveCode(module, installations(*self._view), self._scope_of)
            self._live[module.path] = live
            text = live.text()
            return module if text is None else index_module(text, module.path, self._is_misnamed, is_reduced=True)
        except UnreadableFile:
            return module  # what is left is no Python: it is laid out in a way that cannot be taken apart
        finally:
            self._reading.discard(module.path)

    def _scope_of(self, module: ModuleIndex, dotted: str, depth: int = 0) -> tuple[Scope, str] | None:
        """The scope of the module that a dotted name stands in, followed through imports, and its name there."""
        name = dotted.rpartition(".")[2]
        there = self._saying_module(module, dotted)
        if there is None:
            return None
        if (live := self._live.get(there.path)) is not None:
            return live.top, name
        target = next(iter(there.imports.get(name, ())), None)
        return self._scope_of(there, target, depth + 1) if target is not None and depth < _MAX_STEPS else None

    def _saying_module(self, module: ModuleIndex, dotted: str) -> ModuleIndex | None:
        """The module of the project that a dotted name stands in, where it may say what is installed."""
        known = self._saying_modules.setdefault(module, {})
        if dotted not in known:
            known[dotted] = None
            parts = dotted.split(".")
            for root in self.search_roots(module):
                located = self.locate(root, parts) if self._may_say(root, parts) else None
                if located is not None:
                    known[dotted] = located[0].module if len(located[1]) == 1 else None
                    break
        return known[dotted]

    def _may_say(self, root: str, parts: Sequence[str]) -> bool:
        """Whether a module in a folder may say by a dotted name what is installed; without reading it as Python."""
        base = os.path.join(root, *parts[:-1])  # noqa: PTH118
        for path in (os.path.join(base, "__init__.py"), base + ".py"):  # noqa: PTH118
            if len(parts) > 1 and self._is_file(path):
                key = (path, parts[-1])
                if key not in self._saying:
                    try:
                        self._saying[key] = may_say(Path(path).read_text(encoding="utf-8", errors="replace"), parts[-1])
                    except OSError:
                        self._saying[key] = False
                return self._saying[key]
        return any(DOT in part for part in parts)

    def tell(self, path: Path, error: UnreadableFile) -> None:
        """Note that what was asked for could not be analysed, where that is not for being wrong Python."""
        if isinstance(error, LimitReached):
            self.limits.add((path, error.line, error.reason))

    def locate(self, root: str, parts: Sequence[str]) -> tuple[ModuleRef, Sequence[str]] | None:
        """Find the longest module that a dotted name starts with, in one folder; also the rest of the name."""
        folder = root
        best: tuple[str, str | None, int] | None = None
        """A folder, the file of its package, and how many parts of the name lead to it."""
        for number, part in enumerate(parts):
            if not part.isidentifier() and not _names_folder(part):
                break
            part = part.replace(DOT, ".")
            there = os.path.join(folder, part)  # noqa: PTH118 (hot)
            is_last = number + 1 == len(parts)
            if self._is_file(package := os.path.join(there, "__init__.py")):  # noqa: PTH118
                best = (there, package, number + 1)
            elif self._is_file(there + ".py"):
                return ModuleRef(Path(folder), self._module(there + ".py")), parts[number + 1 :]
            elif self._is_folder(there):
                if is_last and number == 0 and not self._has_python(there):
                    return None
                best = (there, None, number + 1) if is_last or best is not None else None
            else:
                break
            folder = there
        if best is None:
            return None
        path, package_file, count = best
        module = None if package_file is None else self._module(package_file)
        return ModuleRef(Path(path), module), parts[count:]

    def _module(self, path: str) -> ModuleIndex | None:
        """None for a file that cannot be read or parsed: nothing is known of its names."""
        if path not in self._modules:
            try:
                self._modules[path] = self._index(Path(path))
            except UnreadableFile as error:
                self.tell(Path(path), error)
                self._modules[path] = None
        return self._modules[path]

    def search_roots(self, module: ModuleIndex) -> tuple[str, ...]:
        """Folders in which the absolute imports of a module are looked for."""
        if (known := self._roots_of.get(module)) is not None:
            return known
        own = str(module.root)
        key = own if module.path.parent == module.root else f"{own}|{module.path.parent}"
        if key not in self._roots:
            project = self.root if self.root is not None and self.root in [*module.path.parents] else None
            roots = [own, *self.roots_of_misnamed(module)]
            start = module.root if project is None or module.root.is_relative_to(project) else project
            for folder in self._folders_up_to_root(start, project):
                roots.append(folder)
                source = os.path.join(folder, "src")  # noqa: PTH118
                is_package = self._is_file(os.path.join(source, "__init__.py"))  # noqa: PTH118
                if self._is_folder(source) and not is_package:
                    roots.append(source)
            roots.append(str(module.path.parent))
            self._roots[key] = tuple(dict.fromkeys(roots))
        self._roots_of[module] = self._roots[key]
        return self._roots[key]

    def roots_of_misnamed(self, module: ModuleIndex) -> tuple[str, ...]:
        """The folder around a package or module of the project that is named like a framework, for what is in it."""
        parts = module.name.split(".")
        if len(parts) < 2 or parts[1] not in FRAMEWORKS:
            return ()
        around = os.path.join(module.root, parts[0].replace(DOT, "."))  # noqa: PTH118
        return () if self._is_file(os.path.join(around, "__init__.py")) else (around,)  # noqa: PTH118

    def _is_misnamed(self, path: str) -> bool:
        """Whether a package or module, by its path without `.py`, has the name of a framework that it is not."""
        name = os.path.basename(path)  # noqa: PTH119 (hot)
        if name not in FRAMEWORKS:
            return False
        marks = [os.path.join(path, mark) for mark in _MARKS[name]]  # noqa: PTH118
        return not any(self._is_file(mark) or self._is_folder(mark) for mark in marks)

    def _folders_up_to_root(self, folder: Path, project: Path | None) -> Iterator[str]:
        above = []
        for parent in [folder, *folder.parents]:
            above.append(str(parent))
            if parent == project or has_mark(parent):
                yield from above
                return
            if parent.name in ("site-packages", "dist-packages"):
                return
            if len(above) > _MAX_FOLDERS_UP:
                self.limits.add((folder, 1, f"the root of the project is not within {_MAX_FOLDERS_UP} folders above"))
                return

    def _is_file(self, path: str) -> bool:
        if path not in self._files:
            self._files[path] = path in self._modules or os.path.isfile(path)  # noqa: PTH113
        return self._files[path]

    def _is_folder(self, path: str) -> bool:
        if path not in self._folders:
            self._folders[path] = os.path.isdir(path)  # noqa: PTH112
        return self._folders[path]

    def _has_python(self, folder: str) -> bool:
        try:
            with os.scandir(folder) as entries:
                return any(entry.name.endswith(".py") or entry.is_dir() for entry in entries)
        except OSError:
            return False


def _holds(module: ModuleIndex, data: bytes) -> bool:
    return decode(data) == module.text


def _names_folder(part: str) -> bool:
    """Whether a part of a dotted name that is no identifier can be the name of a folder."""
    return part not in ("", ".", "..") and not any(character in part for character in "/\\\0")
