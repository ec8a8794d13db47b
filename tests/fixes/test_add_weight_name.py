"""KLL209: weights that get a name, and those whose name is for a person to choose."""

from __future__ import annotations

import pytest

from keras_layer_lint import Settings
from keras_layer_lint.fixes.engine import fix_source

LAYER = """\
import tensorflow as tf


class Affine(tf.keras.layers.Layer):
    def build(self, input_shape):
        self.scale = self.add_weight(shape=(), initializer="ones")
        {second}
        super().build(input_shape)

    def call(self, inputs):
        return inputs * self.scale
"""


def fixed(second: str, *, unsafe: bool = True) -> str:
    made = fix_source(LAYER.format(second=second), "layers.py", Settings(keras=("2",)), unsafe=unsafe)
    assert isinstance(made, str)
    return made


@pytest.mark.parametrize(
    ("second", "after"),
    [
        ("self.offset = self.add_weight(shape=())", 'self.offset = self.add_weight(shape=(), name="offset")'),
        ("self._offset = self.add_weight()", 'self._offset = self.add_weight(name="offset")'),
        ("self.offset = tf.Variable(0.0)", 'self.offset = tf.Variable(0.0, name="offset")'),
        (
            "self.offset = self.add_weight(\n            shape=()\n        )",
            'self.offset = self.add_weight(\n            shape=(), name="offset"\n        )',
        ),
    ],
)
def test_named_as_the_attribute(second: str, after: str) -> None:
    assert fixed(second) == LAYER.format(second=after)
    assert fixed(second, unsafe=False) == LAYER.format(second=second)


@pytest.mark.parametrize(
    "second",
    [
        'self.offset = self.add_weight(shape=())\n        self.other = self.add_weight(name="offset", shape=())',
        "self.offset = self.add_weight(None, ())",
        "self.offset = [self.add_weight(shape=())]",
        "self.offsets = []\n        for _ in range(2):\n            self.offset = self.add_weight(shape=())",
        "self.offset = self.add_weight(shape=(), name=None)",
    ],
)
def test_others_are_left(second: str) -> None:
    assert fixed(second) == LAYER.format(second=second)
