"""KLL220: TensorFlow functions on what `keras.Input` gives, and on what layers make of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from keras_layer_lint import Settings, lint_source
from keras_layer_lint.lint import report_of_source
from tests.checks.cases import assert_silent, assert_told, found, layer, write

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


FUNCTION = """
import keras
import tensorflow as tf
from keras import layers, ops


def helper(x):
    return {helper}


def wire(depth=12, flag=None):
    inputs = keras.Input((4,))
    {body}
    return keras.Model(inputs, y)
"""
IN_FUNCTIONS = [
    ("x", "y = tf.one_hot(inputs, depth)  # here"),
    ("x", "y = layers.Dense(4)(tf.square(layers.Dense(4)(inputs)))  # here"),
    ("tf.square(x)  # here", "y = helper(inputs)"),
    ("x", "y = helper(tf.square(inputs))  # here"),
]
SILENT_IN_FUNCTIONS = [
    ("x", "y = ops.one_hot(inputs, depth)"),
    ("x", "y = layers.Lambda(lambda x: tf.square(x))(inputs)"),
    ("tf.square(x)", "y = layers.Lambda(helper)(inputs)"),
    ("x", "y = inputs * tf.ones((4,))"),
    ("x", "y = keras.Model(inputs, inputs)(tf.ones((4, 4)))"),
]


@pytest.mark.parametrize(("helper", "body"), IN_FUNCTIONS)
def test_function_of_the_module(helper: str, body: str) -> None:
    assert_told("KLL220", FUNCTION.format(helper=helper, body=body), "", RAISES)


@pytest.mark.parametrize(("helper", "body"), SILENT_IN_FUNCTIONS)
def test_silent_in_function(helper: str, body: str) -> None:
    assert_silent("KLL220", FUNCTION.format(helper=helper, body=body))


ELSEWHERE = """
def by_name(x, name="relu"):
    if name == "square":
        return tf.square(x)
    return x


def squared(x):
    return tf.square(x)
"""


@pytest.mark.parametrize(("call", "is_told"), [("squared(inputs)", True), ("by_name(inputs, flag)", False)])
def test_what_a_function_of_another_file_may_do(tmp_path: Path, call: str, is_told: bool) -> None:
    """Under a condition that this call may not meet it is none of its faults."""
    write(tmp_path, {"elsewhere.py": ELSEWHERE})
    source = FUNCTION.format(helper="x", body=f"y = elsewhere.{call}{'  # KLL220' if is_told else ''}")
    assert len(found("KLL220", "import elsewhere\n" + source, "3", tmp_path / "example.py")) == is_told


def test_function_is_no_class() -> None:
    source = FUNCTION.format(helper="x", body="y = tf.square(inputs)")
    report = report_of_source(source, "<stdin>", Settings(keras=("3",)))
    [diagnostic] = report.diagnostics
    assert (diagnostic.class_name, diagnostic.method, report.layers) == (None, "wire", 0)


def test_functions_are_not_linted_for_keras_2() -> None:
    source = FUNCTION.format(helper="x", body="y = tf.square(inputs)")
    assert lint_source(source, settings=Settings(keras=("2",))) == ()


def test_in_a_loss() -> None:
    source = """\
class Perceptual(keras.losses.Loss):
    def __init__(self):
        super().__init__()
        given = keras.Input((3,))
        self.features = keras.Model(given, tf.square(given))  # here

    def call(self, y_true, y_pred):
        return self.features(y_true) - self.features(y_pred)
"""
    assert_told("KLL220", source, "", RAISES)
