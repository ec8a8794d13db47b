"""How long the last axis of a tensor is, where that is certain."""

from __future__ import annotations

from collections.abc import Iterable

from keras_layer_lint.keras.layers import Trait, has_trait
from keras_layer_lint.keras.result_traits import CONCATENATIONS, ONE_HOT, SAME_SHAPE
from keras_layer_lint.values.arguments import CallArguments
from keras_layer_lint.values.containers import Sequence
from keras_layer_lint.values.dimension import Dimension
from keras_layer_lint.values.ranks import MADE, RESHAPES
from keras_layer_lint.values.value import Layer, PythonValue, Tensor, Value

_SIZES = {
    "keras.layers.Dense": (0, "units"),
    "keras.layers.Embedding": (1, "output_dim"),
    "keras.layers.GRU": (0, "units"),
    "keras.layers.LSTM": (0, "units"),
    "keras.layers.SimpleRNN": (0, "units"),
}
"""The argument of layers that says how long the last axis of what they return is."""
_OF_THEIR_OWN = frozenset({"keras.layers.EinsumDense", "keras.layers.MultiHeadAttention", *_SIZES})
"""Layers that keep the number of axes, and do not say so simply how long the last one is."""


def last_of_call(name: str, arguments: CallArguments) -> int | None:
    """That of the tensor which a function returns."""
    if name in MADE or name in RESHAPES:
        shape = arguments.get(0, "shape", "dims") if name in MADE else arguments.get(1, "shape", "newshape")
        return _size(shape.items[-1]) if isinstance(shape, Sequence) and shape.items else None
    if name in SAME_SHAPE:
        return broadcast_last(arguments.values())
    if name in ONE_HOT and arguments.get(4 if name.startswith("tensorflow") else 2, "axis") is None:
        return _size(arguments.get(1, "depth", "num_classes"))
    first = next(iter(arguments.positional), None)
    if name in CONCATENATIONS and isinstance(first, Sequence) and first.items:
        sizes = [item.last if isinstance(item, Tensor) else None for item in first.items]
        axis = arguments.get(1, "axis")
        if isinstance(axis, PythonValue) and axis.constant == -1:
            known = [size for size in sizes if size is not None]
            return sum(known) if len(known) == len(sizes) else None
    return None


def broadcast_last(values: Iterable[Value]) -> int | None:
    """That of what element by element is computed of some values."""
    found: set[int] = set()
    for value in values:
        if isinstance(value, PythonValue | Dimension):
            continue
        if not isinstance(value, Tensor) or value.last is None:
            return None
        found.add(value.last)
    wide = found - {1}
    return next(iter(wide or found), None) if len(wide) <= 1 else None


def made_last(of: str, arguments: CallArguments) -> int | None:
    """That of what a built-in layer returns, by what it is made with."""
    return _size(arguments.get(*_SIZES[of])) if of in _SIZES else None


def last_of_result(layer: Layer, first: Value | None) -> int | None:
    """That of what a built-in layer returns where it is called on a value."""
    if layer.last is not None or not isinstance(first, Tensor) or layer.of in _OF_THEIR_OWN:
        return layer.last
    return first.last if has_trait(layer.of, Trait.KEEPS_AXES) else None


def _size(value: Value | None) -> int | None:
    """A length that is written there, -1 apart."""
    if not isinstance(value, PythonValue) or type(value.constant) is not int:
        return None
    return value.constant if value.constant > 0 else None
