"""KLL141: where a batch size is asked for, and where a fix leaves it alone."""

from __future__ import annotations

import pytest

from keras_layer_lint import Settings
from keras_layer_lint.fixes.engine import fix_source

LAYER = """\
import keras
import tensorflow as tf
from keras import ops


class Halves(keras.layers.Layer):
    def call(self, inputs):
        {body}
"""


def fixed(body: str, *, unsafe: bool = False) -> str:
    source = LAYER.format(body=body.replace("\n", "\n        "))
    made = fix_source(source, "a.py", Settings(keras=("3",)), unsafe=unsafe)
    assert isinstance(made, str)
    head, _, rest = made.partition("inputs):\n        ")
    assert source.startswith(head)
    return rest.rstrip("\n").replace("\n        ", "\n")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("return tf.reshape(inputs, [inputs.shape[0], -1])", "return tf.reshape(inputs, [tf.shape(inputs)[0], -1])"),
        ("return tf.zeros(inputs.shape)", "return tf.zeros(tf.shape(inputs))"),
        ("return ops.zeros(inputs.shape)", "return ops.zeros(ops.shape(inputs))"),
        (
            "return ops.ones(inputs.shape[:-1] + (1,))",
            "return ops.ones(ops.shape(inputs)[:-1] + (1,))",
        ),
        (
            "b, n, d = inputs.shape\nreturn tf.reshape(inputs, (b, d, n))",
            "b, n, d = inputs.shape\nreturn tf.reshape(inputs, (tf.shape(inputs)[0], d, n))",
        ),
        (
            "b = inputs.shape[0]\nreturn tf.reshape(inputs, (b, 2, -1)) + tf.zeros((b, 1, 1))",
            "b = tf.shape(inputs)[0]\nreturn tf.reshape(inputs, (b, 2, -1)) + tf.zeros((b, 1, 1))",
        ),
        (
            "b = inputs.shape[0]\nprint(b)\nreturn tf.reshape(inputs, (b, 2, -1))",
            "b = inputs.shape[0]\nprint(b)\nreturn tf.reshape(inputs, (tf.shape(inputs)[0], 2, -1))",
        ),
        (
            "shape = inputs.shape\nreturn tf.reshape(inputs, (shape[0], -1))",
            "shape = inputs.shape\nreturn tf.reshape(inputs, (tf.shape(inputs)[0], -1))",
        ),
    ],
)
def test_asked_for(before: str, after: str) -> None:
    assert fixed(before) == after


@pytest.mark.parametrize(
    "body",
    [
        "b = inputs.shape[0]\ninputs = inputs[:2]\nreturn tf.reshape(inputs, (b, -1))",
        "b = inputs.shape[0]\nb = b or 2\nreturn tf.reshape(inputs, (b, -1))",
        "for _ in range(2):\n    b = inputs.shape[0]\n    y = tf.zeros((b, 2))\n    inputs = inputs[:1]\nreturn inputs",
        "return tf.reshape(inputs, inputs.shape[:-1] + (1, 4))",
        "return tf.reshape(inputs, (int(inputs.shape[0]), -1))",
        "for i in range(inputs.shape[0]):\n    inputs = inputs + 1.0\nreturn inputs",
        "return inputs if inputs.shape[0] == 1 else -inputs",
        "tf = ops\nreturn tf.reshape(inputs, (inputs.shape[0], -1))",
        "return tf.reduce_sum(inputs) / (inputs.shape[0] * 2)",
    ],
)
def test_left_alone(body: str) -> None:
    left = fixed(body, unsafe=True)
    assert left == body or "tf = ops" in body


def test_what_is_divided_is_unsafe() -> None:
    body = "return tf.reduce_sum(inputs, axis=0) / inputs.shape[0]"
    assert fixed(body) == body
    assert fixed(body, unsafe=True) == body.replace("inputs.shape[0]", "tf.cast(tf.shape(inputs)[0], inputs.dtype)")
