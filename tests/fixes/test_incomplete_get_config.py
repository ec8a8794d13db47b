"""KLL302: which arguments a fix keeps in the config, and which of these fixes are safe."""

from __future__ import annotations

import pytest

from keras_layer_lint import Settings
from keras_layer_lint.fixes.engine import fix_source

LAYER = """\
import keras


class Gate(keras.layers.Layer):
    def __init__(self, size{size}, **kwargs):
        super().__init__(**kwargs)
        {keeps}

    def call(self, inputs):
        return inputs

    def get_config(self):
        return super().get_config()
"""


def fixed(source: str, *, unsafe: bool) -> str:
    made = fix_source(source, "layers.py", Settings(keras=("3",)), unsafe=unsafe)
    assert isinstance(made, str)
    return made


@pytest.mark.parametrize(
    "size", ["=4", '="a"', "=True", "=-0.5", ": int", ": int | None = None", ": Optional[str] = None"]
)
def test_plain_arguments_are_safe(size: str) -> None:
    source = LAYER.format(size=size, keeps="self.size = size")
    assert fixed(source, unsafe=False) == source.replace(
        "return super().get_config()", 'return {**super().get_config(), "size": self.size}'
    )


@pytest.mark.parametrize("size", ["", "=None", ": Layer", ': "Size"', ": list[int] = ()", "=keras.activations.relu"])
def test_others_are_unsafe(size: str) -> None:
    source = LAYER.format(size=size, keeps="self.size = size")
    assert fixed(source, unsafe=False) == source


def test_what_nothing_keeps_is_kept_first() -> None:
    source = LAYER.format(size="=4", keeps="self.twice = size * 2")
    assert fixed(source, unsafe=False) == source
    assert fixed(source, unsafe=True) == source.replace(
        "        self.twice", "        self.size = size\n        self.twice"
    ).replace("return super().get_config()", 'return {**super().get_config(), "size": self.size}')


@pytest.mark.parametrize(
    "keeps",
    [
        "size = size or 4\n        self.twice = size * 2",
        "self.twice = size * 2\n        self.size = self.twice",
        "self.twice = size * 2\n\n    @property\n    def size(self):\n        return 4",
    ],
)
def test_an_attribute_that_is_something_else_stays_so(keeps: str) -> None:
    source = LAYER.format(size="=4", keeps=keeps)
    assert fixed(source, unsafe=True) == source
