"""Measures which arguments public functions take, and which of them they cannot do without.

A function that may take anything (`*args`, `**kwargs`) is left out, and one whose signature cannot be read. A decorator
may take more than the signature says: a function that does not refuse an argument of no function is left out as well.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import tensorflow as tf
import tf_keras

import keras

TENSORFLOW_MODULES = ("", "image", "linalg", "math", "nn", "random", "signal", "sparse")
ROOTS: dict[str, tuple[ModuleType, tuple[str, ...]]] = {
    "keras": (keras, ("", "activations", "layers", "ops", "ops.image", "ops.linalg", "ops.nn", "ops.numpy", "random")),
    "tensorflow": (tf, TENSORFLOW_MODULES),
    "tf_keras": (tf_keras, ("", "activations", "backend", "layers")),
}
NOT_THERE = "no_such_argument_of_any_function"


def functions(root: ModuleType, module: str) -> Iterator[tuple[str, Any]]:
    """The public functions of a module."""
    found = root
    for part in filter(None, module.split(".")):
        found = getattr(found, part)
    for name in dir(found):
        value = getattr(found, name)
        if not name.startswith("_") and callable(value) and not isinstance(value, type | ModuleType):
            yield name, value


def signature(function: Any) -> str | None:
    """The parameters in order, `!` behind one that has no default, `*` before those that are given by name only."""
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        return None
    written = []
    for parameter in parameters:
        if parameter.kind in (parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL):
            return None
        if parameter.kind is parameter.KEYWORD_ONLY and "*" not in written:
            written.append("*")
        prefix = "/" if parameter.kind is parameter.POSITIONAL_ONLY else ""
        written.append(f"{prefix}{parameter.name}{'!' if parameter.default is parameter.empty else ''}")
    return " ".join(written)


def refuses(function: Any) -> bool:
    """Whether calling it with an argument that it has not raises TypeError for that reason."""
    try:
        function(**{NOT_THERE: 1})
    except TypeError as error:
        return NOT_THERE in str(error) or "required" in str(error) or "missing" in str(error)
    except Exception:
        return False
    return False


def measure() -> dict[str, Any]:
    """Read the signatures of the installed versions."""
    table: dict[str, dict[str, dict[str, str]]] = {}
    for root, (module, parts) in ROOTS.items():
        for part in parts:
            full = f"{root}.{part}".rstrip(".")
            for name, function in functions(module, part):
                found = signature(function)
                if found is not None and refuses(function):
                    table.setdefault(full, {})[name] = found
    return dict(table)
