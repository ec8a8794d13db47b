"""KLL115 and KLL132: what is made once, in `__init__`, and what is left where it is."""

from __future__ import annotations

import pytest

from keras_layer_lint import Settings
from keras_layer_lint.fixes.engine import fix_source

LAYER = """\
import keras
from keras import layers, ops


class Block({base}):
    def __init__(self, units=8, **kwargs):
        super().__init__(**kwargs)
        self.units = units

    def build(self, input_shape):
        self.width = input_shape[-1]

    def call(self, inputs):
        {body}
"""


def fixed(body: str, base: str = "layers.Layer") -> str:
    source = LAYER.format(body=body.replace("\n", "\n        "), base=base)
    made = fix_source(source, "a.py", Settings(keras=("3",)), unsafe=True)
    head, _, rest = str(made).partition("inputs):\n        ")
    new = head.removeprefix(source.partition("    def __init__")[0]).partition("    def build")[0]
    added = [line.strip() for line in new.splitlines() if line and line not in source]
    return "\n".join([*added, "--", rest.rstrip("\n").replace("\n        ", "\n")])


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("return layers.Dense(4)(inputs)", "self.dense = layers.Dense(4)\n--\nreturn self.dense(inputs)"),
        (
            "x = layers.Dense(4)(inputs)\nx = layers.Dense(4)(x)",
            "self.dense = layers.Dense(4)\nself.dense_1 = layers.Dense(4)\n--\n"
            "x = self.dense(inputs)\nx = self.dense_1(x)",
        ),
        (
            "for_all = [layers.Dense(4)(inputs), layers.Dense(4)(inputs), layers.Dense(4)(inputs)]",
            "self.dense = layers.Dense(4)\nself.dense_1 = layers.Dense(4)\nself.dense_2 = layers.Dense(4)\n--\n"
            "for_all = [self.dense(inputs), self.dense_1(inputs), self.dense_2(inputs)]",
        ),
        (
            "dense = layers.Dense(self.units, activation=ops.relu)\nreturn dense(inputs)",
            "self.dense = layers.Dense(self.units, activation=ops.relu)\n--\ndense = self.dense\nreturn dense(inputs)",
        ),
        (
            "if self.units:\n    inputs = layers.Dense(4)(inputs)\nreturn inputs",
            "self.dense = layers.Dense(4)\n--\nif self.units:\n    inputs = self.dense(inputs)\nreturn inputs",
        ),
        (
            "return inputs + keras.random.normal(ops.shape(inputs))",
            "self.seed_generator = keras.random.SeedGenerator()\n--\n"
            "return inputs + keras.random.normal(ops.shape(inputs), seed=self.seed_generator)",
        ),
        (
            "return keras.random.dropout(inputs, 0.5, None, 7)",
            "self.seed_generator = keras.random.SeedGenerator(7)\n--\n"
            "return keras.random.dropout(inputs, 0.5, None, self.seed_generator)",
        ),
    ],
)
def test_made_once(before: str, after: str) -> None:
    assert fixed(before) == after


@pytest.mark.parametrize(
    "body",
    [
        "for _ in range(2):\n    inputs = layers.Dense(4)(inputs)\nreturn inputs",
        "return [layers.Dense(4)(inputs) for _ in range(2)][0]",
        "return layers.Dense(inputs.shape[-1])(inputs)",
        "n = 4\nreturn layers.Dense(n)(inputs)",
        "return layers.Dense(self.width)(inputs)",
        "if self.units:\n    inputs = layers.Dense(self.units)(inputs)\nreturn inputs",
        "apply = lambda x: layers.Dense(4)(x)\nreturn apply(inputs)",
        "def apply(x):\n    return layers.Dense(4)(x)\nreturn apply(inputs)",
        "layers = keras.layers\nreturn layers.Dense(4)(inputs)",
        "return inputs + keras.random.normal(**{'shape': (8, 4)})",
    ],
)
def test_left_where_it_is(body: str) -> None:
    assert fixed(body) == f"--\n{body}"


def test_another_base_may_have_a_generator() -> None:
    body = "return inputs + keras.random.normal(ops.shape(inputs))"
    assert body in fixed(body, "layers.GaussianNoise")
