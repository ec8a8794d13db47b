from __future__ import annotations

import pytest

from keras_layer_lint import Settings
from keras_layer_lint.fixes.engine import fix_source

SOURCE = """\
import keras
import tensorflow as tf
from keras import ops


class Gate(keras.layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.inner = keras.layers.{made}

    def call(self, x):
        return self.inner({called})
"""


def fixed(made: str, called: str, keras: str) -> str:
    source = SOURCE.format(made=made, called=called)
    done = fix_source(source, "gate.py", Settings(keras=(keras,), select=("KLL149",)), unsafe=True)
    assert isinstance(done, str)
    return done


@pytest.mark.parametrize(
    ("made", "called", "keras", "made_then", "called_then"),
    [
        ("Dense(4)", "tf.nn.softmax(x, dim=-1)", "2", "Dense(4)", "tf.nn.softmax(x, axis=-1)"),
        ("Dense(4)", "tf.reduce_sum(x, 1, keep_dims=True)", "3", "Dense(4)", "tf.reduce_sum(x, 1, keepdims=True)"),
        ("Dense(4)", "ops.transpose(x, perm=(1, 0))", "3", "Dense(4)", "ops.transpose(x, axes=(1, 0))"),
        ("LeakyReLU(negative_slope=0.1)", "x", "2", "LeakyReLU(alpha=0.1)", "x"),
        ("Dense(4)", "tf.nn.softmax(x, dim=-1, axis=-1)", "2", "Dense(4)", "tf.nn.softmax(x, dim=-1, axis=-1)"),
        ("Dense(4)", "tf.nn.softmax(x, width=-1)", "2", "Dense(4)", "tf.nn.softmax(x, width=-1)"),
        ("Dense(4, weights=None)", "x", "3", "Dense(4, weights=None)", "x"),
        ("Dense(4)", "ops.expand_dims(x)", "3", "Dense(4)", "ops.expand_dims(x)"),
    ],
)
def test_names(made: str, called: str, keras: str, made_then: str, called_then: str) -> None:
    assert fixed(made, called, keras) == SOURCE.format(made=made_then, called=called_then)
