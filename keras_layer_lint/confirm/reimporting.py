"""A module imported with another text than it has on disk, and with it anew all of its package.

Where a package keeps a list of what its modules define, none of them can be executed twice beside that list.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Mapping, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any


def import_anew(name: str, path: str, text: str, names: Mapping[str, Any]) -> ModuleType:
    """The module, which finds these names as its own; where that raises, what was imported is as it was.

    Modules that are no Python stay: they may not be made to be loaded twice.
    """
    package = name.partition(".")[0]
    before = {key: sys.modules.pop(key) for key in list(sys.modules) if _is_of(key, package)}
    finder = _Finder(name, path, text, names)
    sys.meta_path.insert(0, finder)
    try:
        return importlib.import_module(name)
    except BaseException:
        for key in [key for key in sys.modules if _is_of(key, package)]:
            del sys.modules[key]
        sys.modules.update(before)
        raise
    finally:
        sys.meta_path.remove(finder)


def _is_of(name: str, package: str) -> bool:
    if name != package and not name.startswith(f"{package}."):
        return False
    file = getattr(sys.modules[name], "__file__", None)
    return file is None or Path(file).suffix == ".py"


class _Finder(MetaPathFinder):
    """Finds one module, and leaves all others to Python."""

    def __init__(self, name: str, path: str, text: str, names: Mapping[str, Any]) -> None:
        self._name = name
        self._loader = _Loader(name, path, text, names)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The module with its text, by its name."""
        if fullname != self._name:
            return None
        file = Path(self._loader.path)
        folders = [str(file.parent)] if file.name == "__init__.py" else None
        return spec_from_file_location(fullname, file, loader=self._loader, submodule_search_locations=folders)


class _Loader(SourceFileLoader):
    """Executes the text; nothing compiled is read or written."""

    def __init__(self, name: str, path: str, text: str, names: Mapping[str, Any]) -> None:
        super().__init__(name, path)
        self._text = text
        self._names = names

    def get_code(self, fullname: str) -> CodeType:
        return compile(self._text, self.path, "exec", dont_inherit=True)

    def exec_module(self, module: ModuleType) -> None:
        vars(module).update(self._names)
        super().exec_module(module)
