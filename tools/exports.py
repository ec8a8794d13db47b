"""Lists the public names of Keras 2, Keras 3 and TensorFlow, by module."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import tensorflow as tf
import tf_keras

import keras

ROOTS: dict[str, ModuleType] = {"2 keras": tf_keras, "3 keras": keras, "3 tensorflow.keras": tf.keras}
"""Keras as each generation has it: under Keras 2, `keras` and `tensorflow.keras` are the same."""
PRIVATE = frozenset({"src", "protobuf"})


def names(module: Any) -> list[str]:
    """The public names of a module."""
    return sorted(name for name in dir(module) if not name.startswith("_"))


def collect(module: ModuleType, prefix: str, found: dict[str, str]) -> None:
    """Add a module and the public modules in it."""
    found[prefix] = " ".join(names(module))
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
