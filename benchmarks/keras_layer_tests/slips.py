"""What a fault that was put into a layer does, while the layer runs: mutants import these functions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import keras
from keras import ops


def other(value: Any) -> Any:
    """Another value of the same kind; None where there is none that is surely other."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, float):
        return value + 0.125
    return None


def _of_floats(change: Callable[[Any], Any], outputs: Any) -> Any:
    """The structure with its floating-point tensors changed."""

    def one(leaf: Any) -> Any:
        return change(leaf) if "float" in str(getattr(leaf, "dtype", "")) else leaf

    return keras.tree.map_structure(one, outputs)


def through_numpy(outputs: Any) -> Any:
    return _of_floats(lambda leaf: ops.convert_to_tensor(leaf.numpy()), outputs)


def counted(layer: Any, outputs: Any) -> Any:
    layer.calls_seen = getattr(layer, "calls_seen", 0) + 1
    return _of_floats(lambda leaf: leaf + ops.cast(0.01 * layer.calls_seen, leaf.dtype), outputs)


def with_last(layer: Any, outputs: Any) -> Any:
    last = getattr(layer, "last_outputs", None)
    layer.last_outputs = outputs
    if last is None:
        return outputs
    return keras.tree.map_structure(lambda one, two: one + 0 * ops.mean(two), outputs, last)


def with_noise(outputs: Any) -> Any:
    return _of_floats(lambda leaf: leaf + ops.cast(np.random.default_rng().normal(), leaf.dtype), outputs)


def branching(outputs: Any) -> Any:
    return _of_floats(lambda leaf: -leaf if ops.max(leaf) > 1e9 else leaf, outputs)


def float32(outputs: Any) -> Any:
    return _of_floats(lambda leaf: ops.cast(leaf, "float32"), outputs)


def of_batch(outputs: Any, batch: int) -> Any:
    return _of_floats(lambda leaf: ops.reshape(leaf, (batch, *leaf.shape[1:])), outputs)


def steep(outputs: Any) -> Any:
    return _of_floats(lambda leaf: leaf + ops.sqrt(ops.relu(leaf - ops.cast(1e4, leaf.dtype))), outputs)


def not_compiled(outputs: Any) -> Any:
    import tensorflow as tf

    def one(leaf: Any) -> Any:
        return leaf + tf.numpy_function(lambda array: array * 0, [leaf], leaf.dtype)

    return _of_floats(one, outputs)


def one_more(shape: Any) -> Any:
    """A shape whose last axis is longer by one; a structure of shapes, each of them."""
    if isinstance(shape, (list, tuple)) and shape and isinstance(shape[0], (list, tuple)):
        return type(shape)(one_more(each) for each in shape)
    return shape if not shape or shape[-1] is None else (*shape[:-1], shape[-1] + 1)


def one_axis_less(shape: Any) -> Any:
    if isinstance(shape, (list, tuple)) and shape and isinstance(shape[0], (list, tuple)):
        return type(shape)(one_axis_less(each) for each in shape)
    return tuple(shape[:-1])


def of_int32(spec: Any) -> Any:
    """What is told of the outputs, with another dtype."""
    return keras.tree.map_structure(lambda one: keras.KerasTensor(one.shape, dtype="int32"), spec)


def untracked(layer: Any, shape: Any = (), initializer: Any = None, **more: Any) -> Any:
    """A variable that Keras does not know of."""
    kept = {name: more[name] for name in ("dtype", "trainable", "name") if more.get(name) is not None}
    made = keras.initializers.get(initializer or "glorot_uniform")
    return keras.Variable(made, shape=shape, **{"dtype": layer.variable_dtype, **kept})
