"""Compares Keras 2 with Keras 3: what is gone, and what of it is there under another name."""

from __future__ import annotations

import inspect
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from types import FunctionType, ModuleType
from typing import Any

import numpy as np
import tensorflow as tf
import tf_keras

import keras

SECTIONS = (
    "activations backend callbacks constraints initializers layers losses metrics models optimizers "
    "optimizers.schedules regularizers utils"
).split()
CELLS = ("GRUCell", "LSTMCell", "SimpleRNNCell")
RAISING = {"layer": ["add_metric"]}
"""Still there, to say that they are gone."""


def names(module: Any, section: str) -> set[str]:
    """The public names of a section."""
    for part in section.split("."):
        module = getattr(module, part)
    return {name for name in dir(module) if not name.startswith("_")}


def attributes(thing: Any) -> set[str]:
    """The names of an object that code of a subclass may use."""
    return {name for name in dir(thing) if not name.startswith("__")}


def objects(module: ModuleType, prefix: str = "keras", depth: int = 3) -> Iterator[tuple[str, Any]]:
    """The public classes and functions in a module of Keras and those below it, by their names."""
    package = module.__name__.partition(".")[0]
    for name in sorted(vars(module)):
        if name.startswith("_") or name == "src":
            continue
        thing, path = getattr(module, name), f"{prefix}.{name}"
        if isinstance(thing, (type, FunctionType)):
            yield path, thing
        elif isinstance(thing, ModuleType) and depth and thing.__name__.partition(".")[0] == package:
            yield from objects(thing, path, depth - 1)


def moved() -> Iterator[str]:
    """Names that are gone whose object Keras 2 has under another name, which Keras 3 has, too."""
    by_object: defaultdict[int, list[str]] = defaultdict(list)
    for path, thing in objects(tf_keras):
        by_object[id(thing)].append(path)
    there = {path for path, _ in objects(keras)}
    for paths in by_object.values():
        for path in set(paths) - there:
            module, _, _ = path.rpartition(".")
            if kept := sorted(there & set(paths), key=lambda each: (each.rpartition(".")[0] != module, each)):
                yield f"{path}={kept[0]}"


def measure() -> dict[str, Any]:
    """Compare the installed generations."""
    table: dict[str, list[str]] = {}
    for root, module in (("keras", keras), ("tensorflow.keras", tf.keras)):
        gone = {f"{part}.{name}" for part in SECTIONS for name in names(tf_keras, part) - names(module, part)}
        table[root] = sorted(gone)
    old = tf.compat.v1
    table["tensorflow"] = sorted(n for n in dir(old) if not n.startswith("_") and not hasattr(tf, n))
    classes = [found for name in dir(keras.layers) if isinstance(found := getattr(keras.layers, name), type)]
    sources = {
        inspect.getsource(base) for cls in classes for base in cls.__mro__[:-1] if base.__module__ in sys.modules
    }
    kept = {name for source in sources for name in re.findall(r"self\.(\w+) = ", source)}
    kept |= {name for cls in classes for name in attributes(cls)}
    layer = attributes(tf_keras.layers.Layer()) - attributes(keras.layers.Layer())
    table["layer"] = sorted(layer | set(RAISING["layer"]))
    table["builtin"] = sorted(layer - kept | set(RAISING["layer"]))
    cells = (getattr(tf_keras.layers, name)(4) for name in CELLS)
    cell = set.intersection(*map(attributes, cells)) - attributes(tf_keras.layers.Layer()) - kept
    table["cell"] = sorted(cell)
    inputs = keras.Input((2,))
    functional = keras.Model(inputs, inputs)
    functional.compile("sgd", "mse")
    functional.fit(np.zeros((1, 2)), np.zeros((1, 2)), verbose=0)
    model = attributes(tf_keras.Model()) - attributes(functional)
    table["model"] = sorted(model | set(RAISING["layer"]))
    optimizers = (tf_keras.optimizers.SGD(), tf_keras.optimizers.legacy.SGD())
    new = (keras.optimizers.SGD(), keras.optimizers.Adam(), keras.optimizers.Muon())
    table["optimizer"] = sorted(set().union(*map(attributes, optimizers)) - set().union(*map(attributes, new)))
    table["moved"] = sorted(moved())
    return {key: " ".join(found) for key, found in table.items()}
