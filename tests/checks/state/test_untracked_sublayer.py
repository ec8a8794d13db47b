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
