"""KLL207: which shapes the code of `call` tells."""

from __future__ import annotations

import pytest

from keras_layer_lint import Settings, fix_source

LAYER = """\
import keras
import tensorflow as tf


class Two(keras.layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.a = keras.layers.Dense(4)
        self.b = keras.layers.{kind}

    def build(self, {parameters}):
        self.scale = self.add_weight(name="scale", shape=()){more}
        super().build({first})

    def call(self, x, y=None, training=None):
        {body}

    def compute_output_shape(self, {parameters}):
        return {first}
"""
BEHIND = "\n        self.{}.build({})"


def of(body: str, more: str = "", parameters: str = "shape", kind: str = "Dense(4)") -> str:
    first = parameters.partition(",")[0]
    return LAYER.format(body=body, more=more, parameters=parameters, kind=kind, first=first)


def fixed(source: str) -> str:
    return str(fix_source(source, settings=Settings(keras=("3",), select=("KLL207",)), unsafe=True))


OF_A = "self.a.compute_output_shape(shape)"


@pytest.mark.parametrize(
    ("body", "built"),
    [
        ("return self.a(x) + self.b(x)", [("a", "shape"), ("b", "shape")]),
        ("return self.b(self.a(x))", [("a", "shape"), ("b", OF_A)]),
        ("h = tf.nn.relu(self.a(x)) * 2.0\n        return self.b(h)", [("a", "shape"), ("b", OF_A)]),
        ("h = self.a(x)\n        h = self.b(h)\n        return h", [("a", "shape"), ("b", OF_A)]),
        ("if training:\n            y = x * 2\n        return self.a(x) + self.b(x)", [("a", "shape"), ("b", "shape")]),
    ],
)
def test_built(body: str, built: list[tuple[str, str]]) -> None:
    assert fixed(of(body)) == of(body, "".join(BEHIND.format(*each) for each in built))


def test_several_shapes() -> None:
    body, parameters = "return self.a(x) + self.b(y)", "x_shape, y_shape"
    more = BEHIND.format("a", "x_shape") + BEHIND.format("b", "y_shape")
    assert fixed(of(body, parameters=parameters)) == of(body, more, parameters)


@pytest.mark.parametrize(
    "body",
    [
        "return self.a(x) if training else self.b(x)",
        "return self.a(x) + self.b(tf.reshape(x, (1, -1)))",
        "return self.a(x) + self.b(x + y)",
        "if training:\n            x = x[0]\n        return self.a(x) + self.b(x)",
        "if training:\n            return x\n        return self.a(x) + self.b(x)",
        "for _ in range(2):\n            x = self.a(x)\n        return self.b(x)",
        "x = x[0]\n        return self.a(x) + self.b(x)",
        "x, z = x\n        return self.a(x) + self.b(x)",
        "return [self.a(each) for each in x] + [self.b(x)]",
    ],
)
def test_left(body: str) -> None:
    assert fixed(of(body)) == of(body)


def test_a_layer_whose_output_may_have_another_shape() -> None:
    body = "return self.a(self.b(x))"
    assert fixed(of(body, kind="LSTM(4, return_state=True)")) == of(body, kind="LSTM(4, return_state=True)")


def test_a_shape_that_is_bound_anew() -> None:
    body, more = "return self.a(x) + self.b(x)", "\n        shape = (1, 4)"
    assert fixed(of(body, more)) == of(body, more)
