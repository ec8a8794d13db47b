"""KLL221: where `training` can be handed on."""

from __future__ import annotations

import pytest

from keras_layer_lint import Settings, fix_source

LAYER = """\
import keras


class Scale(keras.layers.Layer):
    def call(self, inputs, training):
        return inputs


class Block(keras.layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.scale = Scale()

    def call(self, {given}):
        return {called}
"""


def fixed(given: str, called: str) -> tuple[str, str]:
    source = LAYER.format(given=given, called=called)
    return source, str(fix_source(source, settings=Settings(keras=("3",), select=("KLL221",))))


@pytest.mark.parametrize(
    ("called", "after"),
    [
        ("self.scale(inputs)", "self.scale(inputs, training=training)"),
        (
            "self.scale(\n            inputs,\n        )",
            "self.scale(\n            inputs,\n            training=training,\n        )",
        ),
        ("self.scale(self.scale(inputs))", "self.scale(self.scale(inputs, training=training), training=training)"),
    ],
)
def test_handed_on(called: str, after: str) -> None:
    source, done = fixed("inputs, training=None", called)
    assert done == source.replace(called, after)


def test_left() -> None:
    source, done = fixed("inputs", "self.scale(inputs)")
    assert done == source
