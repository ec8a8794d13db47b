"""A layer as Keras runs it on JAX: its state and its tensors are arguments of a pure function, which JAX traces."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from typing import Any

from keras_layer_lint.confirm.framework import Framework


class Jitted:
    """A layer that JAX traces once; each call goes on from the state that the one before left behind."""

    def __init__(self, framework: Framework, layer: Any, args: Any, kwargs: Any) -> None:
        if not layer.built:
            layer(*args, **kwargs)
        jax = import_module("jax")
        self._tensors, given = _tensors_of(framework, args, kwargs)
        self._trainable = layer.trainable_variables
        self._rest = layer.non_trainable_variables

        def call(weights: Any, state: Any, tensors: Any) -> Any:
            mapping = [*zip(self._trainable, weights, strict=True), *zip(self._rest, state, strict=True)]
            with framework.keras.StatelessScope(mapping) as scope:
                args, kwargs = given(tensors)
                outputs = layer(*args, **kwargs)
            return outputs, [scope.get_current_value(variable) for variable in self._rest]

        self._function = jax.jit(call)

    def __call__(self) -> Any:
        """The outputs, from compiled code."""
        outputs, state = self._function(*self._arguments())
        for variable, value in zip(self._rest, state, strict=True):
            variable.assign(value)
        return outputs

    def _arguments(self) -> tuple[Any, Any, Any]:
        return _values(self._trainable), _values(self._rest), self._tensors


class Training:
    """The gradient of a loss by the trainable weights of a layer and by its inputs."""

    def __init__(self, framework: Framework, layer: Any, args: Any, kwargs: Any) -> None:
        if not layer.built:
            layer(*args, **kwargs)
        jax = import_module("jax")
        ops = framework.keras.ops
        tensors, given = _tensors_of(framework, args, kwargs)
        places = [place for place, tensor in enumerate(tensors) if _is_float(framework, tensor)]
        trainable, rest = layer.trainable_variables, layer.non_trainable_variables

        def loss(weights: Any, floats: Any) -> Any:
            every = list(tensors)
            for place, value in zip(places, floats, strict=True):
                every[place] = value
            mapping = [*zip(trainable, weights, strict=True), *zip(rest, _values(rest), strict=True)]
            with framework.keras.StatelessScope(mapping):
                args, kwargs = given(every)
                outputs = layer(*args, **kwargs)
            found = [leaf for leaf in framework.tree.flatten(outputs) if _is_float(framework, leaf)]
            return sum((ops.mean(ops.square(ops.cast(leaf, "float32"))) for leaf in found), ops.convert_to_tensor(0.0))

        self._function = jax.jit(jax.value_and_grad(loss, argnums=(0, 1)))
        self._arguments = _values(trainable), [tensors[place] for place in places]

    def __call__(self) -> tuple[Any, tuple[list[Any], list[Any]]]:
        """The loss, and the gradients by weights and by inputs."""
        loss, (by_weights, by_inputs) = self._function(*self._arguments)
        return loss, (by_weights, by_inputs)


def _values(variables: Any) -> list[Any]:
    return [variable.value for variable in variables]


def _tensors_of(framework: Framework, args: Any, kwargs: Any) -> tuple[list[Any], Callable[[Any], Any]]:
    """The tensors among the arguments of a call, and what puts others in their places: all else, masks too, stays."""
    mask_of, set_mask = _masks(framework)
    leaves = framework.tree.flatten([args, kwargs])
    places = [place for place, leaf in enumerate(leaves) if framework.is_tensor(leaf)]

    def given(tensors: Any) -> Any:
        every = list(leaves)
        for place, value in zip(places, tensors, strict=True):
            every[place] = value
            if (mask := mask_of(leaves[place])) is not None:
                set_mask(value, mask)
        return framework.tree.pack_sequence_as([args, kwargs], every)

    return [leaves[place] for place in places], given


def _masks(framework: Framework) -> tuple[Callable[[Any], Any], Callable[[Any, Any], None]]:
    """How the mask that goes with a tensor is read and set. Up to Keras 3.5 it is a plain attribute."""
    try:
        masking = framework.private("backend.common.masking")
    except ModuleNotFoundError:
        return (lambda tensor: getattr(tensor, "_keras_mask", None)), _keep_mask
    return masking.get_keras_mask, masking.set_keras_mask


def _keep_mask(tensor: Any, mask: Any) -> None:
    with suppress(AttributeError):  # a tensor that takes no attribute has no mask there
        tensor._keras_mask = mask


def _is_float(framework: Framework, leaf: Any) -> bool:
    return framework.is_tensor(leaf) and "float" in str(leaf.dtype)
