"""Lists the public names of Keras 2, Keras 3 and TensorFlow, by module."""

from __future__ import annotations

from pkgutil import iter_modules
from types import ModuleType
from typing import Any

import tensorflow as tf
import tf_keras

import keras
from keras_layer_lint.keras.exports import SUBMODULE

ROOTS: dict[str, ModuleType] = {"2 keras": tf_keras, "3 keras": keras, "3 tensorflow.keras": tf.keras}
"""Keras as each generation has it: under Keras 2, `keras` and `tensorflow.keras` are the same."""
PRIVATE = frozenset({"src", "protobuf"})


def names(module: Any) -> list[str]:
    """The public names of a module."""
    return sorted(name for name in dir(module) if not name.startswith("_"))


def submodules(module: Any) -> list[str]:
    """The public modules that an import finds in it, and that it need not hold as attributes."""
    found = {info.name for info in iter_modules(getattr(module, "__path__", []))}
    return sorted(name for name in found - set(names(module)) if not name.startswith("_"))


def collect(module: ModuleType, prefix: str, found: dict[str, str]) -> None:
    """Add a module and the public modules in it."""
    found[prefix] = " ".join([*names(module), *(f"{SUBMODULE}{name}" for name in submodules(module))])
    for name in names(module):
        inner = getattr(module, name)
        path = f"{prefix}.{name}".lstrip(".")
        if name not in PRIVATE and path not in found and hasattr(inner, "__path__") and path.count(".") < 3:
            collect(inner, path, found)


def measure() -> dict[str, Any]:
    """List the names of the installed versions."""
    table: dict[str, Any] = {}
    for root, module in ROOTS.items():
        collect(module, "", table.setdefault(root, {}))
    table["tensorflow"] = {"": " ".join(names(tf))}
    return table
