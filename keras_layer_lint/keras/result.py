"""The kinds of results of a call."""

from __future__ import annotations

from enum import Enum


class Result(Enum):
    """What a call returns while `call` is traced into a graph."""

    TENSOR = "tensor"
    """One tensor, whatever the arguments; sparse and ragged tensors too."""
    TENSORS = "tensors"
    """A list, tuple or named tuple whose elements are all tensors."""
    NEST = "nest"
    """Tensors in a structure that the arguments, often the functions among them, decide."""
    STATIC = "static"
    """A Python value known when tracing."""
    SHAPE = "shape"
    """A static shape, `TensorShape` or tuple: the batch element may be None."""
    OPS_SHAPE = "ops_shape"
    """The tuple of `keras.ops.shape`: known elements are ints, the others tensors."""
    TENSOR_ARRAY = "tensor_array"
    NOTHING = "nothing"
    """Called for its effect: None or an operation, no tensor."""
    NUMPY_VALUE = "host"
    """A NumPy array or scalar, or several."""
    VARIABLE = "variable"
    UNKNOWN = "unknown"
