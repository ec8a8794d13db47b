"""A framework of a few lines whose layers fail with the words of Keras, so that the search is tested without one."""

from __future__ import annotations

import types
from typing import Any

from keras_layer_lint.target import Generation


class Layer:
    def __init__(self, name: str | None = None) -> None:
        self.name = name

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.call(*args, **kwargs)

    def call(self, *args: Any, **kwargs: Any) -> Any:
        raise NotImplementedError


class Dense(Layer):
    def __init__(self, units: int) -> None:
        super().__init__()
        self.units = units

    def call(self, inputs: Any) -> Any:
        return inputs


def wants_rank(tensor: Any, rank: int) -> None:
    if tensor.ndim != rank:
        raise ValueError(
            f'Input 0 of layer "gate" is incompatible with the layer: expected ndim={rank}, found ndim={tensor.ndim}. '
            f"Full shape received: {tensor.shape}"
        )


class Fake:
    generation = Generation.KERAS3
    tf = None
    keras = types.SimpleNamespace(
        layers=types.SimpleNamespace(Layer=Layer, Dense=Dense),
        activations=types.SimpleNamespace(relu=abs),
        utils=types.SimpleNamespace(set_random_seed=lambda seed: None),
        ops=types.SimpleNamespace(convert_to_tensor=lambda array, dtype: array),
    )
