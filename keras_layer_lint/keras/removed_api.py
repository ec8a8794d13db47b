"""What code written for Keras 2 uses and Keras 3 no longer has.

The data, `removed_api.json`, is measured by `tools/removed_api.py`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from keras_layer_lint.keras.exports import exists
from keras_layer_lint.keras.names import canonical
from keras_layer_lint.keras.result import Result
from keras_layer_lint.keras.results import result_of
from keras_layer_lint.keras.tables import read_table
from keras_layer_lint.target import Generation

SPELLED = {
    "keras.ops.range": "keras.ops.arange",
    "keras.ops.reduce_sum": "keras.ops.sum",
    "keras.ops.reduce_mean": "keras.ops.mean",
    "keras.ops.reduce_max": "keras.ops.max",
    "keras.ops.concat": "keras.ops.concatenate",
    "keras.ops.clip_by_value": "keras.ops.clip",
}
"""Functions that Keras has under another name."""
_ROOTS = ("tensorflow.keras.", "keras.")
_BASES = {"keras.layers.Layer": "layer", "keras.Model": "model"}
_CELLS = frozenset({"keras.layers.GRUCell", "keras.layers.LSTMCell", "keras.layers.SimpleRNNCell"})
_PLAIN_BASES = {"keras.layers.AbstractRNNCell": "keras.layers.Layer"}
"""Base classes that are gone and add nothing that Keras 3 asks for: its `RNN` makes the states of any layer."""

_REDUCTIONS = {
    "AUTO": "sum_over_batch_size",
    "SUM_OVER_BATCH_SIZE": "sum_over_batch_size",
    "SUM": "sum",
    "NONE": "none",
}
"""What constants of Keras 2 for `reduction` are in Keras 3, which takes no `"auto"`: by its `Loss`, keras 3.15.

Outside a distribution strategy `AUTO` is `SUM_OVER_BATCH_SIZE` (tf_keras 2.21).
"""
_REDUCTION = re.compile(r"keras\.(?:losses\.Reduction|utils\.ReductionV2)\.(\w+)")


def value_in_3(name: str) -> str | None:
    """The value that takes the place of a constant of Keras 2, by canonical name; None where there is none."""
    found = _REDUCTION.fullmatch(name)
    return None if found is None else _REDUCTIONS.get(found[1])


@cache
def _tables() -> Mapping[str, frozenset[str]]:
    return {key: frozenset(names.split()) for key, names in read_table("removed_api").items() if key != "measured_with"}


def is_removed(name: str) -> bool:
    """Whether a name, as it is imported, is gone: `keras.backend` has lost more than `tf.keras.backend`."""
    name = name.replace("tensorflow.compat.v2.", "tensorflow.", 1)
    root = next((root for root in _ROOTS if name.startswith(root)), None)
    if root is None:
        return False
    gone = _tables()[root.rstrip(".")]
    parts = name[len(root) :].split(".")
    return any(".".join(parts[:length]) in gone for length in range(2, len(parts) + 1))


def is_of_tensorflow_1(name: str) -> bool:
    """Whether a name, as it is imported, is one of `tensorflow` itself that TensorFlow 2 has in `tf.compat.v1` only."""
    module, _, last = name.rpartition(".")
    return module == "tensorflow" and last in _tables()["tensorflow"]


def is_of_another_module(name: str) -> bool:
    """Whether `tf`, `keras` or a module of Keras 3 has no such name, and another module that calculates has it.

    That a name is nowhere says less: a version newer than the tables may have it.
    """
    if exists(name, Generation.KERAS3) is not False:
        return False
    return other_module_with(name) is not None


@cache
def other_module_with(name: str) -> str | None:
    """The full name of a function of `keras.ops`, TensorFlow or NumPy that has the same last name."""
    module, _, last = name.rpartition(".")
    if not re.fullmatch(r"tensorflow|(?:tensorflow\.)?keras(?:\.ops)?", module):
        return None
    first, *others = ("tensorflow", "keras.ops") if module == "tensorflow" else ("keras.ops", "tensorflow")
    places = (first, *(f"tensorflow.{part}" for part in ("math", "linalg", "random", "nn", "image")), *others, "numpy")
    found = (f"{place}.{last}" for place in places if place != module)
    return next((full for full in found if result_of(canonical(full)) is not Result.UNKNOWN), None)


def in_tensorflow_2(last: str) -> str | None:
    """The full name of what TensorFlow 2 has for a function of `tf` in TensorFlow 1, not counting `tf.compat`."""
    places = {"math": last, "linalg": last.removeprefix("matrix_"), "random": last.removeprefix("random_")}
    names = (f"tensorflow.{module}.{name}" for module, name in places.items())
    return next((full for full in names if result_of(canonical(full)) is not Result.UNKNOWN), None)


@cache
def _moved() -> Mapping[str, str]:
    pairs = (pair.partition("=") for pair in _tables()["moved"])
    return {gone: there for gone, _, there in pairs}


def moved_to(name: str) -> str | None:
    """The name in Keras 3 of what Keras 2 had under several, and this one is gone; None where there is none."""
    return _moved().get(canonical(name))


def base_in_3(name: str) -> str | None:
    """What a class derives from in Keras 3 in the place of a base class that is gone; None where that is left open."""
    return _PLAIN_BASES.get(canonical(name))


def successor(name: str) -> str | None:
    """What Keras 3, or TensorFlow 2, has in the place of a function that is gone: the same under another name."""
    if is_of_tensorflow_1(name):
        return in_tensorflow_2(name.rpartition(".")[2])
    if (there := moved_to(name) or SPELLED.get(canonical(name))) is not None:
        return there
    other = other_module_with(name) if name.startswith("tensorflow.") and is_of_another_module(name) else None
    return other if other is not None and other.startswith("tensorflow.") else None


@cache
def may_be_gone(module: str, name: str) -> bool:
    """Whether a name of a module may be gone, whatever the module is imported as."""
    if is_of_another_module(f"{module}.{name}"):
        return True
    last = f"{module.rpartition('.')[2]}.{name}"
    return is_of_tensorflow_1(f"{module}.{name}") or any(last in _tables()[root.rstrip(".")] for root in _ROOTS)


def may_be_removed(attribute: str) -> bool:
    """Whether some kind of layer, or an optimizer, no longer has an attribute or method of the name."""
    return any(attribute in _tables()[kind] for kind in ("layer", "model", "optimizer", "cell"))


def is_removed_from_optimizers(attribute: str) -> bool:
    """Whether an optimizer no longer has an attribute or method."""
    return attribute in _tables()["optimizer"]


def is_removed_from(base: str, attribute: str) -> bool:
    """Whether subclasses of a Keras class, by canonical name, no longer inherit an attribute or method."""
    if base in _CELLS and attribute in _tables()["cell"]:
        return True
    return attribute in _tables()[_BASES.get(base, "builtin")]
