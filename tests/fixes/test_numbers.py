"""KLL112 and KLL113: tensors stay tensors, where what follows can take them."""

from __future__ import annotations

import pytest

from keras_layer_lint import Settings
from keras_layer_lint.fixes.engine import fix_source

LAYER = """\
import math

import keras
import tensorflow as tf
from keras import ops


class {name}:
    def call(self, inputs):
        {body}
"""


def fixed(body: str, name: str = "Halves(keras.layers.Layer)") -> str:
    source = LAYER.format(body=body.replace("\n", "\n        "), name=name)
    made = fix_source(source, "a.py", Settings(keras=("3",)), unsafe=True)
    return str(made).partition("inputs):\n        ")[2].rstrip("\n").replace("\n        ", "\n")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "return inputs * float(tf.reduce_max(inputs))",
            "return inputs * tf.cast(tf.reduce_max(inputs), self.compute_dtype)",
        ),
        ("return inputs[: int(tf.shape(inputs)[0])]", "return inputs[: tf.shape(inputs)[0]]"),
        ("return inputs[: int(ops.sum(inputs))]", 'return inputs[: ops.cast(ops.sum(inputs), "int32")]'),
        ("return ops.reshape(inputs, (len(inputs), -1))", "return ops.reshape(inputs, (ops.shape(inputs)[0], -1))"),
        (
            "return inputs * math.sqrt(tf.shape(inputs)[1])",
            "return inputs * tf.math.sqrt(tf.cast(tf.shape(inputs)[1], self.compute_dtype))",
        ),
        ("x = inputs.numpy()\nreturn tf.sort(x[0], axis=-1) - x", "x = inputs\nreturn tf.sort(x[0], axis=-1) - x"),
        ("return inputs - (inputs + 1.0).numpy()", "return inputs - (inputs + 1.0)"),
        ("return inputs - tf.sort(inputs).numpy().shape[1]", "return inputs - tf.sort(inputs).shape[1]"),
        (
            "return inputs - inputs.numpy().astype('float32')",
            "return inputs - tf.cast(inputs, 'float32')",
        ),
    ],
)
def test_stays_a_tensor(before: str, after: str) -> None:
    assert fixed(before) == after


@pytest.mark.parametrize(
    "body",
    [
        "return inputs[: len(inputs) - 1]",
        "return inputs if int(tf.reduce_max(inputs)) > 2 else -inputs",
        "n = int(tf.reduce_max(inputs))\nfor _ in range(n):\n    inputs = inputs + 1.0\nreturn inputs",
        "n = max(int(tf.reduce_max(inputs)), 3)\nreturn inputs",
        "return inputs * math.floor(tf.reduce_max(inputs))",
        "return inputs * math.pow(tf.reduce_max(inputs), 2.0)",
        "for _ in range(int(tf.reduce_max(inputs))):\n    inputs = inputs * 2.0\nreturn inputs",
        "text = f'{tf.reduce_max(inputs):.2f}'\nreturn tf.ensure_shape(inputs, (None, 4), name=text)",
        "return inputs - inputs.numpy().mean()",
        "return inputs - inputs.numpy().astype('float32', copy=True)",
        "inputs.numpy()\nreturn inputs",
        "x = ops.convert_to_numpy(inputs)\nreturn self.session.run(x)",
        "x = ops.convert_to_numpy(inputs).astype('float32')\nreturn self.session.run({'x': x})",
        "return self.session.run(inputs.numpy())",
        "for x in inputs.numpy():\n    pass\nreturn inputs",
        "x = inputs.numpy()\ny = x\nreturn y",
        "x = inputs.numpy()\nx[0] += 1.0\nreturn x",
        "x = inputs.numpy()\nx += 1.0\nreturn x",
        "x = inputs.numpy()\nx = tf.abs(x)\nreturn x",
        "x = inputs.numpy()\nx[0] = 1.0\nreturn x",
    ],
)
def test_left_alone(body: str) -> None:
    assert fixed(body) == body


def test_what_is_no_layer_has_no_dtype() -> None:
    source = """\
import keras
import tensorflow as tf


class Scaled(keras.losses.Loss):
    def call(self, y_true, y_pred):
        return y_pred * math.sqrt(tf.reduce_max(y_true))
"""
    made = str(fix_source("import math\n" + source, "a.py", Settings(keras=("3",)), unsafe=True))
    assert made == source.replace(
        "math.sqrt(tf.reduce_max(y_true))", 'tf.math.sqrt(tf.cast(tf.reduce_max(y_true), "float32"))'
    )
