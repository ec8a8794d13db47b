"""One generation of Keras on TensorFlow, imported where it is needed: never by the process that runs pytest."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from importlib import import_module
from types import ModuleType
from typing import Any

import numpy as np

Values = list[Any]
"""Arrays: what a nested structure of tensors holds."""


@dataclass(frozen=True, slots=True)
class Framework:
    generation: str
    tf: Any
    keras: Any

    def values(self, structure: Any) -> Values:
        return [np.asarray(leaf) for leaf in self.tf.nest.flatten(structure)]

    def is_layer(self, value: Any) -> bool:
        return isinstance(value, type) and issubclass(value, self.keras.layers.Layer)


def load(generation: str) -> Framework:
    """Import TensorFlow and Keras and execute no operation: a process that has executed one cannot fork any more."""
    os.environ["TF_USE_LEGACY_KERAS"] = "1" if generation == "2" else "0"
    tensorflow = import_module("tensorflow")
    if generation == "2":
        keras = import_module("tf_keras")
        _answer_to_keras(keras)
    else:
        keras = import_module("keras")
    return Framework(generation, tensorflow, keras)


def _answer_to_keras(tf_keras: ModuleType) -> None:
    """Let `import keras` mean Keras 2, as it did before TensorFlow 2.16."""
    for name in [name for name in sys.modules if name == "keras" or name.startswith("keras.")]:
        del sys.modules[name]
    for name, module in list(sys.modules.items()):
        if name == tf_keras.__name__ or name.startswith(f"{tf_keras.__name__}."):
            sys.modules["keras" + name.removeprefix(tf_keras.__name__)] = module


def same(first: Values, second: Values) -> bool:
    return len(first) == len(second) and all(
        a.shape == b.shape and np.allclose(a, b, rtol=1e-4, atol=1e-5) for a, b in zip(first, second, strict=True)
    )
