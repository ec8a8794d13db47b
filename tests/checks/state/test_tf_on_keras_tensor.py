"""KLL220: TensorFlow functions on what `keras.Input` gives, and on what layers make of it."""

from __future__ import annotations

import pytest

from tests.checks.cases import assert_silent, assert_told, layer

RAISES = "Keras 3 raises ValueError, for TensorFlow cannot compute with it"
INPUT = "inputs = keras.Input((4,))\n"

REPORTED = [
    "y = tf.square(inputs)  # here",
    "y = tf.math.reduce_sum(inputs, axis=-1)  # here",
    "y = tf.cast(inputs, 'int32')  # here",
    "y = tf.nn.relu(inputs)  # here",
    "y = tf.concat([inputs, inputs], 1)  # here",
    "y = tf.stack((inputs, inputs))  # here",
    "y = tf.square(inputs * 2.0)  # here",
    "y = tf.square(inputs[:, 0])  # here",
    "y = tf.square(inputs + inputs)  # here",
    "y = tf.square(layers.Dense(4)(inputs))  # here",
    "y = tf.square(layers.Concatenate()([inputs, inputs]))  # here",
    "y = tf.square(self.dense(inputs))  # here",
    "y = tf.square(ops.sum(inputs, -1))  # here",
    "y = tf.square(keras.activations.relu(inputs))  # here",
    "y = tf.square(keras.Sequential([layers.Dense(4)])(inputs))  # here",
    "y = tf.square(Own()(inputs))  # here",
    "many = [keras.Input((4,)) for _ in range(3)]\ny = tf.concat(many, 1)  # here",
    "x = inputs\nfor dense in self.blocks:\n    x = dense(x)\ny = tf.square(x)  # here",
    "if flag:\n    y = tf.square(inputs)  # here",
    "y = (lambda x: tf.square(x))(inputs)  # here",
]

SILENT = [
    "y = tf.is_tensor(inputs)",
    "tf.print(inputs)",
    "y = tf.square(2.0)",
    "y = tf.ones((4,)) * inputs",
    "y = ops.square(inputs)",
    "y = keras.layers.Lambda(lambda x: tf.square(x))(inputs)",
    "y = Called()(inputs)\nz = tf.square(y)",
    "y = unknown(inputs)\nz = tf.square(y)",
    "y = inputs\nif flag:\n    y = tf.ones((4,))\nz = tf.square(y)",
    "y = tf.square(keras.Input(tensor=tf.ones((4,))))",
    "try:\n    y = tf.square(inputs)\nexcept ValueError:\n    pass",
    "y = tf.keras.losses.mse(inputs, inputs)",
    "y = tf.reshape(tensor=inputs, shape=(-1,))",
    "y = tf.zeros(inputs.shape[1:])",
]

OTHERS = """

class Own(layers.Layer):
    def call(self, inputs):
        return inputs * 2.0


class Called(layers.Layer):
    def __call__(self, inputs):
        return tf.ones((4,))
"""


@pytest.mark.parametrize("body", REPORTED)
def test_reported(body: str) -> None:
    assert_told("KLL220", layer(init=INPUT + body) + OTHERS, "", RAISES)


@pytest.mark.parametrize("body", SILENT)
def test_silent(body: str) -> None:
    assert_silent("KLL220", layer(init=INPUT + body) + OTHERS)


def test_inputs_of_call_are_tensors() -> None:
    assert_silent("KLL220", layer("x = tf.square(self.dense(x))"))


def test_helper() -> None:
    helper = "def wire(self, inputs):\n    return tf.square(inputs)  # here\n"
    assert_told("KLL220", layer(init=INPUT + "y = self.wire(inputs)", methods=helper), "", RAISES)
