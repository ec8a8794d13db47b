"""KLL111, KLL147, KLL148: which function takes the place of one, and when none does."""

from __future__ import annotations

import pytest

from keras_layer_lint import Settings
from keras_layer_lint.fixes.engine import fix_source

LAYER = """\
import keras
import numpy as np
import tensorflow as tf
from keras import backend as K


class Gate(keras.layers.Layer):
    def build(self, input_shape):
        self.total = self.add_weight(name="total", shape=())

    def call(self, inputs):
        return {body}
"""


def fixed(body: str) -> str:
    made = fix_source(LAYER.format(body=body), "a.py", Settings(keras=("3",)), unsafe=True)
    return str(made).partition("        return ")[2].rstrip("\n")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("np.mean(inputs, axis=-1)", "tf.reduce_mean(inputs, axis=-1)"),
        ("np.maximum(inputs, 0.0)", "tf.maximum(inputs, 0.0)"),
        ("np.where(inputs > 0, inputs, 0.0)", "tf.where(inputs > 0, inputs, 0.0)"),
        ("np.argmax(inputs, axis=-1)", "tf.argmax(inputs, axis=-1)"),
        ("self.dense(np.log1p(inputs)[0]) + 1", "self.dense(tf.math.log1p(inputs)[0]) + 1"),
        ("np.log1p(inputs)", "tf.math.log1p(inputs)"),
        ("K.sum(inputs, axis=-1)", "keras.ops.sum(inputs, axis=-1)"),
        ("K.concatenate([inputs, inputs], axis=1)", "keras.ops.concatenate([inputs, inputs], axis=1)"),
        ("inputs * K.int_shape(inputs)[1]", "inputs * tuple(inputs.shape)[1]"),
        ("K.in_train_phase(2 * inputs, inputs, flag)", "2 * inputs if flag else inputs"),
        ("-K.in_test_phase(lambda: inputs, inputs + 1, flag)", "-(inputs + 1 if flag else inputs)"),
        ("inputs * K.learning_phase()", "inputs * (1 if training else 0)"),
        ("tf.random_uniform((2, 3))", "tf.random.uniform((2, 3))"),
        ("keras.ops.concat([inputs, inputs], axis=1)", "keras.ops.concatenate([inputs, inputs], axis=1)"),
        ("inputs * len(self._name)", "inputs * len(self.name)"),
    ],
)
def test_equal(before: str, after: str) -> None:
    assert fixed(before) == after


@pytest.mark.parametrize(
    "body",
    [
        "np.mean(inputs, axis=-1, dtype='float64')",
        "np.argmax(inputs)",
        "open(np.abs(inputs))",
        "np.abs(inputs).copy()",
        "np.where(inputs > 0)",
        "np.concatenate([inputs, inputs])",
        "np.mean(*[inputs])",
        "np.percentile(inputs, 5)",
        "K.concatenate([inputs, inputs])",
        "K.sqrt(inputs)",
        "K.hard_sigmoid(inputs)",
        "K.learning_phase(1) * inputs",
        "K.in_train_phase(self.dense, inputs)",
        "K.in_train_phase(keras.ops.relu, inputs)",
        "K.in_train_phase(lambda x: x, inputs)",
        "K.relu(inputs, max_value=6.0)",
        "inputs * self.add_metric(inputs, name='x')",
    ],
)
def test_without_an_equal(body: str) -> None:
    assert fixed(body) == body
