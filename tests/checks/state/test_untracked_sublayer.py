from __future__ import annotations

import textwrap

import pytest

from keras_layer_lint import Settings, lint_source

SOURCE = """
import keras
from contextlib import suppress


class Inner(keras.layers.Layer):
    def __init__(self, learn=False, **kwargs):
        super().__init__(**kwargs)
        self.learn = learn

    def build(self, input_shape):
{body}

    def call(self, inputs):
        return inputs


class Holder(keras.layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.parts = {{Inner()}}

    def call(self, inputs):
        for part in self.parts:
            inputs = part(inputs)
        return inputs
"""
MAKE = 'self.scale = self.add_weight(name="scale", shape=(4,))'


@pytest.mark.parametrize(
    ("body", "is_reported"),
    [
        (MAKE, True),
        (f"with keras.name_scope('inner'):\n    {MAKE}", True),
        (f"if self.learn:\n    {MAKE}", False),
        (f"with keras.name_scope('inner'):\n    if self.learn:\n        {MAKE}", False),
        (f"with suppress(ValueError):\n    {MAKE}", False),
        (f"if not self.learn:\n    return\n{MAKE}", False),
        (f"while self.learn:\n    {MAKE}\n    break", False),
        ('self.scale = self.learn and self.add_weight(name="scale", shape=(4,))', False),
        (f"if input_shape is None:\n    raise ValueError\n{MAKE}", True),
    ],
)
def test_a_layer_in_a_set_that_may_have_no_weights(body: str, is_reported: bool) -> None:
    source = SOURCE.format(body=textwrap.indent(body, " " * 8))
    found = [d for d in lint_source(source, "example.py", Settings(keras=("3",))) if d.code == "KLL206"]
    assert len(found) == is_reported


@pytest.mark.parametrize(("keras", "is_reported"), [("2.3", False), ("2.11", False), ("2.12", True), ("2", True)])
def test_containers_in_containers_before_there_were_keras_files(keras: str, is_reported: bool) -> None:
    source = (
        "import tensorflow as tf\n\nclass A(tf.keras.layers.Layer):\n    def __init__(self, **kwargs):\n"
        "        super().__init__(**kwargs)\n        self.blocks = [[tf.keras.layers.Dense(4)]]\n\n"
        "    def call(self, x):\n        return self.blocks[0][0](x)\n"
    )
    found = lint_source(source, "example.py", Settings(keras=(keras,)))
    assert ("KLL206" in [d.code for d in found]) is is_reported
