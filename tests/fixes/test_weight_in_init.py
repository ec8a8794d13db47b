"""KLL201: weights of `__init__` that go to `build`, and those that do not."""

from __future__ import annotations

import pytest

from keras_layer_lint import Settings, fix_source

LAYER = """\
import keras


class Scale(keras.layers.Layer):
    def __init__(self, units=4, start="ones", **kwargs):
        super().__init__(**kwargs)
        self.units = units
        {init}
{build}
    def call(self, inputs):
        return inputs * self.w
"""
BUILD = "\n    def build(self, input_shape):\n        {made}super().build(input_shape)\n"


def fixed(source: str, keras: str = "3") -> str:
    return str(fix_source(source, settings=Settings(keras=(keras,), select=("KLL201",)), unsafe=True))


def test_moved() -> None:
    before = LAYER.format(init="self.w = self.add_weight(shape=(units,), name='w')", build=BUILD.format(made=""))
    made = "self.w = self.add_weight(shape=(self.units,), name='w')\n        "
    after = LAYER.format(init="", build=BUILD.format(made=made)).replace("        \n", "")
    assert fixed(before) == after


@pytest.mark.parametrize("build", ["", BUILD.format(made="self.x = self.add_weight(shape=())\n        ")])
def test_weights_keep_their_order(build: str) -> None:
    lines = "self.w = self.add_weight(shape=())\n        self.v = self.add_weight(shape=(units,))"
    done = fixed(LAYER.format(init=lines, build=build))
    places = [done.index(each) for each in ("def build", "self.w = self.add", "self.v = self.add")]
    assert places == sorted(places)
    assert not build or places[-1] < done.index("self.x = self.add")


@pytest.mark.parametrize(
    ("init", "made", "keras"),
    [
        ("self.w = self.add_weight(shape=(units,), initializer=start)", "", "3"),
        ("self.w = self.add_weight(shape=())\n        self.w.assign(2.0)", "", "3"),
        ("self.w = self.add_weight(shape=())  # why", "", "3"),
        ("if units:\n            self.w = self.add_weight(shape=())", "", "3"),
        ("self.w = self.add_weight(shape=())", "", "2"),
    ],
)
def test_left(init: str, made: str, keras: str) -> None:
    source = LAYER.format(init=init, build=BUILD.format(made=made))
    assert fixed(source, keras) == source
