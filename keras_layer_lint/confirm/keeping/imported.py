"""The files of a project that importing a module reads, found the way an import would find them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from keras_layer_lint.confirm.keeping.module_text import Import, ModuleText, read_module

Roots: TypeAlias = "tuple[str, ...]"
"""Folders that absolute imports are looked for in."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What the imports of one file come to."""

    files: tuple[ModuleText, ...]
    """Modules, those taken from a package, and the packages on the way."""
    modules: frozenset[str]
    """The names that mean modules of the project."""
    missing: frozenset[str]
    """What is taken from modules of the project and is not there: importing it fails."""


@dataclass
class Files:
    """The files of a run, each read once."""

    _modules: dict[str, ModuleText | None] = field(default_factory=dict)
    _folders: dict[str, bool] = field(default_factory=dict)
    _here: dict[tuple[str, str], ModuleText | None] = field(default_factory=dict)
    _homes: dict[tuple[str, Roots], Roots] = field(default_factory=dict)
    _imported: dict[tuple[Path, tuple[Roots, ...]], Imported] = field(default_factory=dict)
    _closures: dict[tuple[Path, Roots], tuple[ModuleText, ...]] = field(default_factory=dict)

    def module(self, path: str) -> ModuleText | None:
        """A file of this path; None where there is none that can be read."""
        if path not in self._modules:
            try:
                self._modules[path] = read_module(Path(path))
            except OSError:
                self._modules[path] = None
        return self._modules[path]

    def reached_from(self, own: ModuleText, roots: Roots) -> tuple[ModuleText, ...]:
        """A module, the packages around it, and all that they import, functions included."""
        key = (own.path, roots)
        if key not in self._closures:
            found = {own.path: own}
            waiting = [own, *self._packages_around(own.path, roots)]
            while waiting:
                module = waiting.pop()
                found[module.path] = module
                waiting += [other for other in self.imported_by(module, roots).files if other.path not in found]
            self._closures[key] = tuple(found[path] for path in sorted(found))
        return self._closures[key]

    def from_elsewhere(self, own: ModuleText, roots: Roots) -> list[Import]:
        """What importing a module of the project imports, in any case, that is not of the project."""
        found: list[Import] = []
        seen: set[Path] = set()
        waiting = [*self._packages_around(own.path, roots), own]
        while waiting:
            module = waiting.pop()
            if module.path in seen:
                continue
            seen.add(module.path)
            for each in module.at_start:
                if each.level or self._homes_of(each.parts[0], roots):
                    waiting += [
                        other for folder in self._starts(each, module, roots) for other in self._along(folder, each)
                    ]
                else:
                    found.append(each)
        return found

    def imported_by(self, module: ModuleText, roots: Roots) -> Imported:
        """What the imports of a file come to. Folders in which nothing of it is found make no difference."""
        key = (module.path, tuple(self._homes_of(top, roots) for top in module.tops))
        if key not in self._imported:
            files, modules, missing = dict[Path, ModuleText](), set[str](), set[str]()
            for each in module.imports:
                found = [other for folder in self._starts(each, module, roots) for other in self._along(folder, each)]
                files |= {other.path: other for other in found}
                if not each.names and found:
                    modules |= set(each.given)
                elif each.names:
                    inner = self._modules_taken(each, module, roots)
                    modules |= {given for name, given in zip(each.names, each.given, strict=True) if name in inner}
                    missing |= self._missing(each, module, roots) - {f"no {name}" for name in inner}
            self._imported[key] = Imported(tuple(files.values()), frozenset(modules), frozenset(missing))
        return self._imported[key]

    def _modules_taken(self, each: Import, module: ModuleText, roots: Roots) -> set[str]:
        """Which of the names that are taken from a package are modules."""
        packages = [os.path.join(folder, *each.parts) for folder in self._starts(each, module, roots)]  # noqa: PTH118
        return {name for name in each.names for package in packages if self._module_in(package, name) is not None}

    def _missing(self, each: Import, module: ModuleText, roots: Roots) -> set[str]:
        for folder in self._starts(each, module, roots):
            if each.parts:
                *around, last = each.parts
                source = self._module_in(os.path.join(folder, *around), last)  # noqa: PTH118
            else:
                source = self._package(folder)
            if source is not None:
                is_known = source.is_parsed and not source.has_star
                return {f"no {name}" for name in each.names if name != "*" and name not in source.bound and is_known}
        return set()

    def _starts(self, each: Import, module: ModuleText, roots: Roots) -> Roots:
        if not each.level:
            return self._homes_of(each.parts[0], roots)
        above = module.path.parents
        return (str(above[each.level - 1]),) if each.level <= len(above) else ()

    def _homes_of(self, top: str, roots: Roots) -> Roots:
        """The folders in which there is a module, a package or a folder of this name."""
        key = (top, roots)
        if key not in self._homes:
            self._homes[key] = tuple(root for root in roots if self._is_there(root, top))
        return self._homes[key]

    def _along(self, folder: str, each: Import) -> Iterator[ModuleText]:
        if each.level and (package := self._package(folder)) is not None:
            yield package
        for part in each.parts:
            if (found := self._module_in(folder, part)) is not None:
                yield found
            elif not self._is_there(folder, part):
                return
            folder = f"{folder}{os.sep}{part}"
        for name in each.names:
            if (found := self._module_in(folder, name)) is not None:
                yield found

    def _is_there(self, folder: str, name: str) -> bool:
        if self._module_in(folder, name) is not None:
            return True
        path = f"{folder}{os.sep}{name}"
        if path not in self._folders:
            self._folders[path] = os.path.isdir(path)  # noqa: PTH112
        return self._folders[path]

    def _module_in(self, folder: str, name: str) -> ModuleText | None:
        """The package or module of this name in a folder."""
        key = (folder, name)
        if key not in self._here:
            path = f"{folder}{os.sep}{name}"
            self._here[key] = self._package(path) or self.module(f"{path}.py")
        return self._here[key]

    def _package(self, folder: str) -> ModuleText | None:
        return self.module(f"{folder}{os.sep}__init__.py")

    def _packages_around(self, path: Path, roots: Roots) -> list[ModuleText]:
        around = []
        for folder in map(str, path.parents):
            if folder == roots[0]:
                break
            if (package := self._package(folder)) is not None:
                around.append(package)
        return around
