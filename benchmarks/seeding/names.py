"""What the functions and modules that a snippet names are called in the module of a layer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from string import Template

from benchmarks.seeding.source import LayerSource

_FUNCTIONS = {
    "mean": ("reduce_mean", "mean"),
    "sum": ("reduce_sum", "sum"),
    "max": ("reduce_max", "max"),
    "min": ("reduce_min", "min"),
    "abs": ("abs", "abs"),
    "zeros": ("zeros", "zeros"),
    "ones": ("ones", "ones"),
    "shape": ("shape", "shape"),
    "stack": ("stack", "stack"),
    "cast": ("cast", "cast"),
    "reshape": ("reshape", "reshape"),
    "range": ("range", "arange"),
    "any": ("reduce_any", "any"),
    "minimum": ("minimum", "minimum"),
    "maximum": ("maximum", "maximum"),
    "round": ("round", "round"),
    "sign": ("sign", "sign"),
    "argmax": ("argmax", "argmax"),
    "one_hot": ("one_hot", "one_hot"),
    "while_loop": ("while_loop", "while_loop"),
}
"""In TensorFlow and in `keras.ops`."""
_TENSORFLOW = ("tensorflow", "tensorflow.compat.v2")
_MODULES = {
    "np": ("numpy", "onp"),
    "math": ("math", "m"),
    "random": ("random", "rnd"),
    "time": ("time", "clock"),
    "types": ("types", "kinds"),
}
"""The module, and its name behind an alias."""


@dataclass(slots=True)
class Names(Mapping[str, str]):
    """Looks names up and notes which imports they need."""

    source: LayerSource
    generation: str
    x: str
    aliased: bool = False
    imports: dict[str, None] = field(default_factory=dict)

    @property
    def is_on_tensorflow(self) -> bool:
        """Whether the module computes with TensorFlow; else with `keras.ops`."""
        return self.generation == "2" or any(name in _TENSORFLOW for name in self.source.imported.values())

    def fill(self, code: str) -> str:
        """The code of a snippet with the names of this module."""
        return Template(code).substitute(self)

    def __getitem__(self, key: str) -> str:
        if key == "x":
            return self.x
        if key in _FUNCTIONS:
            tensorflow, ops = _FUNCTIONS[key]
            return f"{self['tf']}.{tensorflow}" if self.is_on_tensorflow else f"{self['ops']}.{ops}"
        if key in _MODULES:
            module, alias = _MODULES[key]
            return self._module((module,), key, alias, f"import {module}")
        match key:
            case "tf":
                return self._module(_TENSORFLOW, "tf", "T", "import tensorflow")
            case "ops":
                return self._module(("keras.ops",), "ops", "K", "from keras import ops")
            case "keras" if self.is_on_tensorflow:
                known = None if self.aliased else self._known(("keras", "tensorflow.keras", "tf_keras"))
                return known or f"{self['tf']}.keras"
            case "keras":
                return self._module(("keras",), "keras", "kr", "import keras")
            case "layers":
                return f"{self['keras']}.layers"
        raise KeyError(key)

    def _known(self, targets: tuple[str, ...]) -> str | None:
        return next((name for name, target in self.source.imported.items() if target in targets), None)

    def _module(self, targets: tuple[str, ...], usual: str, alias: str, statement: str) -> str:
        known = None if self.aliased else self._known(targets)
        if known is not None:
            return known
        name = alias if self.aliased or usual in self.source.importable else usual
        plain = statement.split()[-1]
        self.imports[statement if name == plain else f"{statement} as {name}"] = None
        return name

    def __iter__(self):  # type: ignore[no-untyped-def]
        return iter(())

    def __len__(self) -> int:
        return 0
