"""What klint says where Keras 3 runs on PyTorch, which traces and compiles nothing."""

from __future__ import annotations

import pytest

from keras_layer_lint import Settings, lint_source

SOURCE = """
import keras
{more}
from keras import ops, random


class Noise(keras.layers.Layer):
    def __init__(self, rate, **kwargs):
        super().__init__(**kwargs)
        self.seeds = random.SeedGenerator(1)

    def call(self, x):
        if ops.max(x) > 1:
            x = x / 2
        mean = float(ops.mean(x))
        return x * random.binomial(ops.shape(x), 1, 0.5, seed=self.seeds) - mean

    def get_config(self):
        super().get_config()
"""


@pytest.mark.parametrize(
    ("more", "codes"),
    [
        ("import torch", ["KLL305"]),
        ("import tensorflow as tf", ["KLL101", "KLL113", "KLL151", "KLL305"]),
        ("import tensorflow as tf\nimport torch", ["KLL101", "KLL113", "KLL151", "KLL305"]),
    ],
)
def test_a_module_for_torch(more: str, codes: list[str]) -> None:
    found = lint_source(SOURCE.format(more=more), "noise.py", Settings(keras=("3",)))
    assert sorted({one.code for one in found}) == codes
