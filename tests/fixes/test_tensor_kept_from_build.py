"""KLL213: what `build` computes from numbers alone, and what it does not."""

from __future__ import annotations

import pytest

from keras_layer_lint import Settings, fix_source

LAYER = """\
import keras
{imported}from keras import ops


class Steps(keras.layers.Layer):
    def build(self, input_shape):
        {before}
        {kept}
        super().build(input_shape)

    def call(self, inputs):
        return inputs + self.steps
"""
TF = "import tensorflow as tf\n"


def fixed(before: str, kept: str, imported: str) -> tuple[str, str]:
    source = LAYER.format(before=before, kept=kept, imported=imported)
    done = fix_source(source, settings=Settings(keras=("3",), select=("KLL213",)), unsafe=True)
    return source, str(done)


@pytest.mark.parametrize(
    ("before", "value"),
    [
        ("n = input_shape[-1]", "tf.range(n, dtype='float32')"),
        ("n = int(input_shape[-1]) // 2", "tf.zeros((max(n, 1),))"),
        ("self.n = input_shape[-1]", "ops.zeros((self.n,))"),
        ("pass", "tf.cast(tf.linspace(0.0, 1.0, input_shape[-1]), self.compute_dtype)"),
    ],
)
def test_outside_of_the_graph(before: str, value: str) -> None:
    source, done = fixed(before, f"self.steps = {value}", TF)
    assert done == source.replace(
        f"        self.steps = {value}", f"        with tf.init_scope():\n            self.steps = {value}"
    )


@pytest.mark.parametrize(
    ("before", "kept"),
    [
        ("n = tf.range(3)", "self.steps = tf.cast(n, 'float32')"),
        ("self.w = self.add_weight(shape=())", "self.steps = tf.square(self.w)"),
        ("for n in range(3): pass", "self.steps = tf.zeros((n,))"),
        ("input_shape = tf.shape(input_shape)", "self.steps = tf.zeros(input_shape)"),
        ("pass", "self.steps = self.other = tf.zeros(input_shape[1:])"),
    ],
)
def test_left(before: str, kept: str) -> None:
    source, done = fixed(before, kept, TF)
    assert done == source


@pytest.mark.parametrize(
    ("value", "after"),
    [
        ("ops.zeros(input_shape[1:], dtype='int32')", "np.zeros(input_shape[1:], dtype='int32')"),
        ("ops.arange(4, dtype='int32')", "np.arange(4, dtype='int32')"),
        ("ops.ones((4,))", "np.ones((4,), dtype=keras.config.floatx())"),
        ("ops.arange(4)", ""),
        ("ops.linspace(0.0, 1.0, 4)", ""),
    ],
)
def test_arrays(value: str, after: str) -> None:
    source, done = fixed("pass", f"self.steps = {value}", "import numpy as np\n")
    assert done == (source.replace(value, after).replace("from keras import ops\n", "") if after else source)
