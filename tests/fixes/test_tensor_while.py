"""KLL102: which loops become loops of the graph."""

from __future__ import annotations

import pytest

from keras_layer_lint import Settings, fix_source

LAYER = """\
import keras
import tensorflow as tf


class Gate(keras.layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.supports_jit = False

    def call(self, inputs):
        step = 0
{loop}
        return inputs
"""


def fixed(loop: str) -> str:
    before, after = LAYER.split("{loop}")
    body = "\n".join(f"        {line}" for line in loop.splitlines())
    done = fix_source(before + body + after, settings=Settings(keras=("3",), select=("KLL102",)), unsafe=True)
    assert isinstance(done, str)
    return "\n".join(line.removeprefix("        ") for line in done[len(before) : -len(after)].splitlines())


def test_one_name() -> None:
    assert fixed("while tf.norm(inputs) > 1:\n    inputs /= 2") == (
        "(inputs,) = tf.while_loop(\n    lambda inputs: tf.norm(inputs) > 1,\n    lambda inputs: (inputs / 2,),\n"
        "    (inputs,),\n)"
    )


@pytest.mark.parametrize(
    "loop",
    [
        "while tf.norm(inputs) > 1:\n    inputs /= 2\n    break",
        "while tf.norm(inputs) > 1:\n    print(step)\n    inputs /= 2",
        "while tf.norm(inputs) > 1:\n    half = inputs / 2\n    inputs = half",
        "while tf.norm(inputs) > 1:\n    other = inputs / 2",
        "while tf.norm(inputs) > 1:\n    inputs /= 2  # half",
        "while tf.norm(inputs) > 1:\n    inputs /= 2\nelse:\n    step = 1",
        "while tf.norm(inputs) > 1 and step < 3:\n    inputs /= 2",
        "while tf.norm(inputs) > 1:\n    return inputs",
    ],
)
def test_left(loop: str) -> None:
    assert fixed(loop) == loop
