"""Reads off TensorFlow which public name each function of its private modules has."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any

import tensorflow as tf
from tensorflow.python.util import tf_decorator

PACKAGES = tuple(f"tensorflow.python.{name}" for name in ("eager", "framework", "ops", "ops.ragged"))
MODULES = ("tensorflow.python.util.nest",)


def modules() -> Iterator[Any]:
    """Yield the private modules that code outside TensorFlow imports from."""
    for package in PACKAGES:
        for found in pkgutil.iter_modules(importlib.import_module(package).__path__):
            if not found.ispkg and not found.name.endswith(("_test", "_testlib")) and not is_generated(found.name):
                try:
                    yield importlib.import_module(f"{package}.{found.name}")
                except Exception:
                    continue
    for name in MODULES:
        yield importlib.import_module(name)


def is_generated(module: str) -> bool:
    """Whether a module only repeats what others hold; code outside imports from three of them."""
    return module == "standard_ops" or (
        module.startswith("gen_") and module not in ("gen_array_ops", "gen_math_ops", "gen_nn_ops")
    )


def is_public(name: str) -> bool:
    """Whether TensorFlow 2, or else TensorFlow 1, has the name."""
    for value in (tf, tf.compat.v1):
        for part in name.split("."):
            value = getattr(value, part, None)
        if value is not None:
            return True
    return False


def public_name(value: Any, constants: dict[str, str], name: str) -> str | None:
    """Return the name that TensorFlow exports a value under, as its documentation spells it."""
    if name in constants:
        return constants[name]
    try:
        value = tf_decorator.unwrap(value)[1]
    except Exception:
        return None
    own = vars(value) if hasattr(value, "__dict__") else {}
    exported = (*own.get("_tf_api_names", ()), *own.get("_tf_api_names_v1", ()))
    return next((found for found in exported if is_public(found)), None)


def measure() -> dict[str, Any]:
    """Read all modules, and group what they hold by the module of the public name."""
    table: dict[str, dict[str, list[str]]] = {}
    for module in modules():
        exported = getattr(module, "_tf_api_constants", ())
        constants = {name: min(names, key=len) for names, name in exported if names and is_public(names[0])}
        for name in sorted(vars(module)):
            if name.startswith("_"):
                continue
            public = public_name(getattr(module, name), constants, name)
            if public is not None:
                prefix, _, last = public.rpartition(".")
                word = name if name == last else f"{name}={last}"
                table.setdefault(module.__name__, {}).setdefault(prefix, []).append(word)
    return {
        "tensorflow": {
            module: {prefix: " ".join(words) for prefix, words in sorted(prefixes.items())}
            for module, prefixes in sorted(table.items())
        }
    }
