"""Which layers hold variables: one answer, whatever is counted."""

from __future__ import annotations

import pytest

from keras_layer_lint.model.variables import Counted, holds_variables, made_in
from keras_layer_lint.target import Generation
from tests.subjects import layer_class

BUILT = {
    "only_in_build": Counted(only_in_build=True),
    "weights": Counted(),
    "2": made_in(Generation.KERAS2),
    "3": made_in(Generation.KERAS3),
}
SUBLAYER = """
    class Unit(layers.Layer):
        def __init__(self):
            super().__init__()
            {init}

        def build(self, input_shape):
            {build}
"""


def counted(of: str, source: str = "class Gate(layers.Layer): pass") -> set[str]:
    layer = layer_class(source)
    project, ref = layer.project, layer.ref.module.classes.get(of)
    subject = of if ref is None else type(layer.ref)(layer.ref.module, ref)
    return {name for name, what in BUILT.items() if holds_variables(project, subject, what)}


ALL = set(BUILT)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("keras.layers.Dense", ALL),
        ("keras.layers.Flatten", set()),
        ("keras.layers.Dropout", {"3"}),
        ("keras.layers.LSTM", ALL),
        # The variables of these are those of the layers given to them: recurrent ones, or any.
        ("keras.layers.Bidirectional", {"weights", "only_in_build"}),
        ("keras.layers.RNN", {"weights", "only_in_build"}),
        ("keras.layers.TimeDistributed", set()),
        ("keras.layers.Wrapper", set()),
        ("keras.layers.Pipeline", set()),
        ("keras.layers.NoSuchLayer", set()),
    ],
)
def test_known_layers(name: str, expected: set[str]) -> None:
    assert counted(name) == expected


@pytest.mark.parametrize(
    ("init", "build", "expected"),
    [
        ("pass", "self.w = self.add_weight(shape=(1,))", ALL),
        ("self.w = self.add_weight(shape=(1,))", "pass", ALL - {"only_in_build"}),
        ("self.dense = layers.Dense(4)", "pass", ALL),
        ("pass", "self.w = keras.Variable(1.0)", ALL),
        ("self.w = keras.backend.variable(1.0)", "pass", ALL - {"only_in_build"}),
        # Keras 3 does not track it: made, yet no weight in each generation.
        ("pass", "self.w = tf.Variable(1.0)", {"2", "3"}),
        ("self.seeds = keras.random.SeedGenerator(1)", "pass", {"2", "3"}),
        ("self.drop = layers.Dropout(0.5)", "pass", {"3"}),
        ("pass", "if self.name: self.w = self.add_weight(shape=(1,))", set()),
        ("self.own = Own()", "pass", ALL),
        ("self.plain = Plain()", "pass", {"2", "3"}),
        ("pass", "pass", set()),
    ],
)
def test_layers_of_the_project(init: str, build: str, expected: set[str]) -> None:
    others = """
    class Own(layers.Layer):
        def build(self, shape): self.w = self.add_weight(shape=(1,))

    class Plain:
        def __init__(self): self.w = tf.Variable(1.0)
"""
    source = SUBLAYER.format(init=init, build=build) + others + "\n    class Gate(Unit): pass\n"
    assert counted("Unit", source.replace("class Own(layers.Layer)", "class Own(layers.Layer)")) == expected
    assert counted("Gate", source.replace("class Own(layers.Layer)", "class Own(layers.Layer)")) == expected
