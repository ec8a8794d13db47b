"""The files of a project that importing a module reads, found the way an import would find them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from keras_layer_lint.confirm.keeping.module_text import Import, ModuleText, read_module

Roots: TypeAlias = "tuple[str, ...]"
"""Folders that absolute imports are looked for in."""


@dataclass
class Files:
    """The files of a run, each read once."""

    _modules: dict[str, ModuleText | None] = field(default_factory=dict)
    _imported: dict[tuple[Path, Roots], list[ModuleText]] = field(default_factory=dict)
    _closures: dict[tuple[Path, Roots], tuple[ModuleText, ...]] = field(default_factory=dict)

    def module(self, path: Path) -> ModuleText | None:
        """A file of this path; None where there is none that can be read."""
        key = str(path)
        if key not in self._modules:
            try:
                self._modules[key] = read_module(path)
            except OSError:
                self._modules[key] = None
        return self._modules[key]

    def imported_by(self, own: ModuleText, roots: Roots) -> tuple[ModuleText, ...]:
        """A module, the packages around it, and all that they import, functions included."""
        key = (own.path, roots)
        if key not in self._closures:
            found = {own.path: own}
            waiting = [own, *self._packages_around(own.path, roots)]
            while waiting:
                module = waiting.pop()
                found[module.path] = module
                waiting += [other for other in self._imports_of(module, roots) if other.path not in found]
            self._closures[key] = tuple(found[path] for path in sorted(found))
        return self._closures[key]

    def _imports_of(self, module: ModuleText, roots: Roots) -> list[ModuleText]:
        key = (module.path, roots)
        if key not in self._imported:
            self._imported[key] = [other for each in module.imports for other in self.meant_by(each, module, roots)]
        return self._imported[key]

    def meant_by(self, each: Import, module: ModuleText, roots: Roots) -> Iterator[ModuleText]:
        """The files that an import reads: modules, those taken from a package, and the packages on the way."""
        for folder in self._starts(each, module, roots):
            yield from self._along(folder, each)

    def source_of(self, each: Import, module: ModuleText, roots: Roots) -> ModuleText | None:
        """The file of the module itself that something is taken from; None where it is not of the project."""
        parts = each.module.split(".") if each.module else []
        for folder in self._starts(each, module, roots):
            place = folder.joinpath(*parts)
            found = self._package(place) or (self.module(place.with_name(f"{place.name}.py")) if parts else None)
            if found is not None:
                return found
        return None

    def is_module(self, name: str, each: Import, module: ModuleText, roots: Roots) -> bool:
        """Whether what is taken from a package is a module of the project."""
        parts = each.module.split(".") if each.module else []
        return any(
            self._here(folder.joinpath(*parts), name) is not None for folder in self._starts(each, module, roots)
        )

    def _starts(self, each: Import, module: ModuleText, roots: Roots) -> list[Path]:
        if not each.level:
            return [Path(root) for root in roots]
        above = module.path.parents
        return [above[each.level - 1]] if each.level <= len(above) else []

    def _along(self, folder: Path, each: Import) -> Iterator[ModuleText]:
        if each.level and (package := self._package(folder)) is not None:
            yield package
        for part in each.module.split(".") if each.module else ():
            if (found := self._here(folder, part)) is not None:
                yield found
            folder = folder / part
        for name in each.names:
            if (found := self._here(folder, name)) is not None:
                yield found

    def _here(self, folder: Path, name: str) -> ModuleText | None:
        """The package or module of this name in a folder."""
        return self._package(folder / name) or self.module(folder / f"{name}.py")

    def _package(self, folder: Path) -> ModuleText | None:
        return self.module(folder / "__init__.py")

    def _packages_around(self, path: Path, roots: Roots) -> list[ModuleText]:
        around = []
        for folder in path.parents:
            if str(folder) == roots[0]:
                break
            if (package := self._package(folder)) is not None:
                around.append(package)
        return around
