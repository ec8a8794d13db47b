"""KLL161: float32 against the layer's compute dtype. Off unless asked for."""

from __future__ import annotations

import textwrap

import pytest

from keras_layer_lint import Settings, lint_source

HEAD = """
import keras
import numpy as np
import tensorflow as tf
from keras import ops


class Subject(keras.layers.Layer):
    def build(self, input_shape):
        self.w = self.add_weight(name="w", shape=(input_shape[-1],))
        self.raw = tf.Variable(1.0)
        super().build(input_shape)

    def call(self, x, other=None):
"""

REPORTED = [
    "x = x + tf.ones((4,))",
    "x = tf.zeros((4,), tf.float32) - x",
    "x = x * tf.constant([1.0, 2.0])",
    "x *= tf.eye(4)",
    "x = x + tf.random.normal((4,), 0.0, 1.0, tf.float32)",
    "x = x + tf.random.normal((4,), dtype=self.dtype)",
    "x = x * tf.cast(self.w, tf.float32)",
    "x = x * tf.cast(self.w, 'float32')",
    "y = tf.zeros_like(x, tf.float32)\nx = x + y",
    "x = tf.nn.relu(x * 2.0) + tf.ones((4,))",
]
SILENT = [
    "x = x * 2.0 + np.ones(4)",
    "x = x * self.w",
    "x = x + tf.ones((4,), x.dtype)",
    "x = x + tf.ones((4,), dtype=self.compute_dtype)",
    "x = x + tf.ones_like(x)",
    "x = x + tf.constant(1, x.dtype)",
    "x = x + tf.constant(1)",
    "x = tf.cast(x, tf.float32) + tf.ones((4,))",
    "x = tf.cast(x, tf.int32) + tf.ones((4,), tf.int32)",
    "x = x + ops.ones((4,))",
    "x = other + tf.ones((4,))",
    "x = tf.ones((4,)) + tf.zeros((4,))",
]


def severities(body: str, keras: str, select: tuple[str, ...] = ("KLL161",)) -> list[str]:
    source = HEAD + textwrap.indent(body + "\nreturn x\n", " " * 8)
    found = lint_source(source, "subject.py", Settings(keras=(keras,), extend_select=select))
    return [diagnostic.severity.label for diagnostic in found if diagnostic.code == "KLL161"]


@pytest.mark.parametrize("keras", ["2", "3"])
@pytest.mark.parametrize("body", REPORTED)
def test_reported_where_asked_for(body: str, keras: str) -> None:
    assert severities(body, keras) == ["note"]
    assert severities(body, keras, select=()) == []


@pytest.mark.parametrize("keras", ["2", "3"])
@pytest.mark.parametrize("body", SILENT)
def test_silent(body: str, keras: str) -> None:
    assert severities(body, keras) == []


def test_keras_3_casts_a_weight_to_what_it_meets() -> None:
    body = "x = tf.cast(x, tf.float32) * self.w"
    assert severities(body, "2") == ["note"]
    assert severities(body, "3") == []
