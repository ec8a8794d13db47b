"""Layers of the project whose `call` says what it returns."""

from __future__ import annotations

import pytest

from keras_layer_lint import Settings, lint_source

HEAD = """
import tensorflow as tf
from tensorflow.keras import layers


class Inner(layers.Layer):
    def call(self, values, mask=None, flag=False):
{inner}


class Outer(layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.inner = Inner()

    def build(self, input_shape):
        self.scale = self.add_weight(name="scale", shape=(4, 4))
        super().build(input_shape)

    def call(self, inputs):
        return len(self.inner({given}))
"""

ONE_TENSOR = [
    ("return values", "self.scale"),
    ('"""Drop the mask."""\nreturn values', "self.scale"),
    ("return tf.concat(values, 1)", "inputs"),
    ("return 2.0 * tf.reduce_sum(values)", "inputs"),
    ("if flag:\n    return values\nreturn tf.exp(values)", "inputs"),
    ("values = tf.exp(values)\nif flag:\n    values = tf.abs(values)\nreturn values", "inputs"),
    ("if flag:\n    return tf.abs(values)\nvalues = values + 1.0\nreturn tf.exp(values)", "inputs"),
]
OTHERS = [
    ("values = tf.exp(values)\nif flag:\n    values = unknown(values)\nreturn values", "inputs"),
    ("if flag:\n    return [values]\nreturn tf.exp(values)", "inputs"),
    ("return Inner()(tf.exp(values))", "inputs"),
    ("return values", "[inputs, inputs]"),
    ("return mask", "self.scale"),
    ("values = unknown(values)\nreturn values", "self.scale"),
    ("return tf.nn.moments(values, 1)", "inputs"),
    ("return unknown(values)", "inputs"),
    ("return self.made(values)", "inputs"),
    ("if flag:\n    return tf.exp(values)", "inputs"),
    ("return values\n\ndef __call__(self, values):\n    return [values]", "self.scale"),
]


def found(inner: str, given: str) -> list[str]:
    lines = "\n".join(f"{'    ' * (1 if '__call__' in line else 2)}{line}" for line in inner.splitlines())
    source = HEAD.format(inner=lines, given=given)
    return [each.code for each in lint_source(source, "layers.py", Settings(keras=("3",), select=("KLL113",)))]


@pytest.mark.parametrize(("inner", "given"), ONE_TENSOR)
def test_one_tensor(inner: str, given: str) -> None:
    assert found(inner, given) == ["KLL113"]


@pytest.mark.parametrize(("inner", "given"), OTHERS)
def test_others(inner: str, given: str) -> None:
    assert found(inner, given) == []


BATCHED = """
import tensorflow as tf
from tensorflow.keras import layers


class Outer(layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.inner = Inner()

    def call(self, inputs):
        return tf.zeros(self.inner(inputs).shape[:-1])


class Inner(layers.Layer):
    def call(self, values):
        values = tf.exp(values)
        return {returned}
"""


@pytest.mark.parametrize(
    ("returned", "expected"),
    [("values", ["KLL141"]), ("tf.reduce_mean(values, axis=0)", []), ("tf.transpose(values)", []), ("[values]", [])],
)
def test_first_axis(returned: str, expected: list[str]) -> None:
    source = BATCHED.format(returned=returned)
    settings = Settings(keras=("2",), select=("KLL141",))
    assert [each.code for each in lint_source(source, "layers.py", settings)] == expected
