"""The measured tables: JSON files beside this module, written by `python -m tools` from the installed packages.

Each holds `measured_with`: the versions that it speaks of. They are read when first asked for.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
TABLES = (
    "attributes",
    "exports",
    "keras_ops",
    "tensor_equals",
    "layers",
    "names",
    "objects",
    "removed_api",
    "results",
    "signatures",
    "xla",
    "xla_sizes",
)
"""The tables by name: `layers` is `layers.json`, and `tools/layers.py` measures it."""
PACKAGES = ("jax", "keras", "numpy", "scipy", "tensorflow", "tf_keras")
"""What is measured, by the name it is imported under."""


def read_table(name: str) -> Mapping[str, Any]:
    """Parse one table anew; who asks keeps what is made of it."""
    data: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_bytes())
    return data


def read_stamp(name: str) -> Mapping[str, str]:
    """Say which versions a table was measured with, by package; empty where it does not say so."""
    path = FOLDER / f"{name}.json"
    stamp: dict[str, str] = json.loads(path.read_bytes()).get("measured_with", {}) if path.exists() else {}
    return stamp


def grouped(names: Iterable[str]) -> dict[str, str]:
    """Group dotted names by module, the form they are stored in: `{"tensorflow.math": "abs acos"}`."""
    modules: dict[str, list[str]] = {}
    for name in sorted(set(names)):
        module, _, last = name.rpartition(".")
        modules.setdefault(module, []).append(last)
    return {module: " ".join(found) for module, found in sorted(modules.items())}


def dotted(modules: Mapping[str, str]) -> Iterator[str]:
    """Undo `grouped`."""
    return (f"{module}.{name}" for module, names in modules.items() for name in names.split())
