"""The name under which a module is imported: with the folders that its package reaches by relative imports.

A namespace package has no `__init__.py` that says where it begins. Where a module of the package writes `from ..x`, the
folder above belongs to it, and all modules of the package have to be imported under a name that begins there.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from keras_layer_lint.source.module_index import ModuleIndex

_RELATIVE = re.compile(rb"^[ \t]*from[ \t]+(\.+)", re.MULTILINE)
_MOST_FILES = 1000
"""Files of a package that are read."""


class Importable:
    """Names of modules, and the folders they begin in; each package is read once."""

    def __init__(self) -> None:
        self._beyond: dict[Path, int] = {}

    def name_of(self, module: ModuleIndex) -> tuple[Path, str]:
        """The folder for `sys.path`, and the dotted name that the module has from there."""
        root, name = module.root, module.name
        top = root / name.partition(".")[0]
        if not ("." in name or module.is_package) or not top.is_dir():
            return root, name
        if top not in self._beyond:
            self._beyond[top] = max((_beyond(file, top) for file in _files(top)), default=0)
        for _ in range(self._beyond[top]):
            if not root.name.isidentifier():
                return module.root, module.name
            root, name = root.parent, f"{root.name}.{name}"
        return root, name


def _files(folder: Path) -> Iterator[Path]:
    found = 0
    for base, folders, files in os.walk(folder):
        folders.sort()
        for name in sorted(files):
            if name.endswith(".py"):
                found += 1
                if found > _MOST_FILES:
                    return
                yield Path(base, name)


def _beyond(file: Path, top: Path) -> int:
    """How many folders above the top of the package a relative import of the file leads."""
    try:
        text = file.read_bytes()
    except OSError:
        return 0
    levels = max((len(dots) for dots in _RELATIVE.findall(text)), default=0)
    packages = len(file.parent.relative_to(top).parts) + 1
    return max(0, levels - packages)
