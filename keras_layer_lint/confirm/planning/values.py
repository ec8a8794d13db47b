"""Inputs as values: seeded arrays in a sane range, tensors of the framework, specifications and symbolic tensors."""

from __future__ import annotations

import importlib
from typing import Any, Protocol

from keras_layer_lint.confirm.planning.inputs import Inputs, Structure, Tensor, mapped
from keras_layer_lint.target import Generation

SEED = 7
_WORDS = ("a", "b", "one two", "c")
RANGES = ((0.1, 0.9), (-0.9, 0.9), (-0.9, -0.1), (0.1, 0.9), (2.0, 9.0), (-9.0, 9.0))
"""Where the numbers of a tensor lie, draw by draw."""


class Framework(Protocol):
    """One generation of Keras, as the process that runs layers has imported it."""

    @property
    def generation(self) -> Generation: ...

    @property
    def keras(self) -> Any: ...

    @property
    def tf(self) -> Any:
        """TensorFlow; None where Keras runs on something else."""


def seed(framework: Framework, draw: int = 0) -> None:
    """Make what follows repeatable."""
    framework.keras.utils.set_random_seed(SEED + draw)


class Values:
    """Makes the tensors of one call, from one stream of random numbers."""

    def __init__(self, framework: Framework, old_batch: int | None, batch: int, draw: int = 0) -> None:
        np = importlib.import_module("numpy")
        self._framework = framework
        self._random = np.random.default_rng(SEED + draw)
        self._range = RANGES[draw % len(RANGES)]
        self._np = np
        self._old_batch = old_batch
        self._batch = batch

    def structure(self, value: Structure) -> Any:
        """The structure with a value for each of its tensors."""
        return mapped(value, self.tensor)

    def array(self, tensor: Tensor) -> Any:
        """Numbers for one tensor: small, and of both truths where they are flags."""
        shape = tensor.of_batch(self._old_batch, self._batch)
        random = self._random
        if tensor.dtype == "string":
            return random.choice(self._np.asarray(_WORDS, dtype=object), shape)
        if tensor.dtype == "bool":
            flags = self._np.asarray(random.uniform(size=shape) < 0.7)
            if flags.ndim:
                flags[..., :1] = True
            return flags
        if "int" in tensor.dtype:
            return random.integers(tensor.least, int(tensor.below or tensor.least + 4), shape).astype(tensor.dtype)
        top = 1.0 if tensor.below is None else tensor.below
        low, high = (bound * top if tensor.below is None else min(bound, 0.9) * top for bound in self._range)
        values = self._np.asarray(random.uniform(low, high, shape))
        return values if tensor.dtype == "bfloat16" else values.astype(tensor.dtype)

    def tensor(self, tensor: Tensor) -> Any:
        """One tensor of the framework."""
        return tensor_of(self._framework, tensor, self.array(tensor))


def tensor_of(framework: Framework, tensor: Tensor, array: Any) -> Any:
    """The tensor of the framework that holds the numbers of an array."""
    if framework.tf is None:
        made = framework.keras.ops.convert_to_tensor(array, dtype=tensor.dtype)
        return framework.keras.layers.Masking()(made) if tensor.kind == "masked" else made
    made = framework.tf.constant(array, dtype=tensor.dtype)
    match tensor.kind:
        case "sparse":
            return framework.tf.sparse.from_dense(made)
        case "ragged":
            return framework.tf.RaggedTensor.from_tensor(made)
        case "masked":
            return framework.keras.layers.Masking()(made)
    return made


def specification(framework: Framework, tensor: Tensor, shape: tuple[int | None, ...]) -> Any:
    """What a traced function is told of a tensor: its shape and dtype."""
    tf = framework.tf
    if tf is None:
        return importlib.import_module("jax").ShapeDtypeStruct(shape, tensor.dtype)
    if tensor.kind == "sparse":
        return tf.SparseTensorSpec(shape, tensor.dtype)
    if tensor.kind == "ragged":
        return tf.RaggedTensorSpec((*shape[:1], None, *shape[2:]), tensor.dtype)
    return tf.TensorSpec(shape, tensor.dtype)


def symbolic(framework: Framework, tensor: Tensor, shape: tuple[int | None, ...]) -> Any:
    """A symbolic input of a functional model."""
    keras = framework.keras
    extra = {tensor.kind: True} if tensor.kind in ("sparse", "ragged") else {}
    if tensor.kind == "ragged":
        shape = (*shape[:1], None, *shape[2:])  # else Keras 2 makes a plain tensor of it
    made = keras.Input(batch_shape=shape, dtype=tensor.dtype, **extra)
    return keras.layers.Masking()(made) if tensor.kind == "masked" else made


def structures(inputs: Inputs, change: Any) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Arguments of a call by position and by name, with each tensor changed."""
    changed = inputs.map(change)
    return changed.positional, changed.named
