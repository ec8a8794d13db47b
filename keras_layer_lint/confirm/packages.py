"""What modules of a project import from elsewhere, by their text: packages that need not be imported by each child."""

from __future__ import annotations

import sys

from keras_layer_lint.confirm.keeping.imported import Files
from keras_layer_lint.confirm.probe import Package, Probe

_LEFT_OUT = sys.stdlib_module_names | {"keras", "tensorflow", "tf_keras"}
"""Modules that are quick to import, or there already."""


class Packages:
    """Tells what importing the modules of classes imports; each file is read once."""

    def __init__(self) -> None:
        self._files = Files()
        self._found: dict[tuple[str, tuple[str, ...]], tuple[Package, ...]] = {}

    def of(self, probe: Probe) -> tuple[Package, ...]:
        """The packages that the module of a class imports, itself or through other modules of the project, in order."""
        roots = (probe.root, *probe.search)
        key = (probe.path, roots)
        if key not in self._found:
            module = self._files.module(probe.path)
            imports = [] if module is None else self._files.from_elsewhere(module, roots)
            packages = (Package(each.module, tuple(name for name in each.names if name != "*")) for each in imports)
            self._found[key] = tuple(dict.fromkeys(each for each in packages if each.top not in _LEFT_OUT))
        return self._found[key]
