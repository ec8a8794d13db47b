"""KLL131: weights of `call` that go to `build`, and those that do not."""

from __future__ import annotations

import pytest

from keras_layer_lint import Settings, fix_source

LAYER = """\
import keras
import tensorflow as tf


class Scale(keras.{base}):
    def __init__(self, units=4, **kwargs):
        super().__init__(**kwargs)
        self.units = units
{build}
    def call(self, inputs, mask=None):
        {body}
        return inputs
"""
BUILD = "\n    def build(self, {name}):{made}\n        super().build({name})\n"


def fixed(source: str) -> str:
    return str(fix_source(source, settings=Settings(keras=("3",), select=("KLL131",)), unsafe=True))


def of(body: str, build: str = "", base: str = "layers.Layer") -> str:
    return LAYER.format(body=body, build=build, base=base)


@pytest.mark.parametrize(
    ("given", "made"),
    [
        ("name='w', shape=(inputs.shape[-1], self.units)", "name='w', shape=(shape[-1], self.units)"),
        ("name='w', shape=(keras.backend.int_shape(inputs)[1],)", "name='w', shape=(shape[1],)"),
        ("name='w', shape=()", "name='w', shape=()"),
    ],
)
def test_moved(given: str, made: str) -> None:
    body = "inputs = inputs * {}"
    before = of(body.format(f"self.add_weight({given})"), BUILD.format(name="shape", made=""))
    weight = f"\n        self.w = self.add_weight({made})"
    assert fixed(before) == of(body.format("self.w"), BUILD.format(name="shape", made=weight))


@pytest.mark.parametrize(
    ("body", "build", "base"),
    [
        ("w = self.add_weight(name='w', shape=(mask.shape[-1],))", "", "layers.Layer"),
        ("n = 4\n        w = self.add_weight(name='w', shape=(n,))", "", "layers.Layer"),
        ("if mask is None:\n            w = self.add_weight(name='w', shape=())", "", "layers.Layer"),
        ("w = [self.add_weight(shape=()) for _ in range(2)]", "", "layers.Layer"),
        ("w = tf.Variable(1.0)", "", "layers.Layer"),
        ("w = self.add_weight(name='w', shape=())", BUILD.format(name="a, b", made=""), "layers.Layer"),
        ("w = self.add_weight(name='w', shape=())", "", "Model"),
    ],
)
def test_left(body: str, build: str, base: str) -> None:
    source = of(body, build.replace("build(a, b)\n", "build(a)\n"), base)
    assert fixed(source) == source
