"""What the `build` of a layer makes, and what it leaves to others."""

from __future__ import annotations

import pytest

from keras_layer_lint.target import Target
from keras_layer_lint.values.analysis import Analysis
from keras_layer_lint.values.building import Building
from tests.subjects import layer_class

GATE = """
    class Base(layers.Layer):
        def build(self, input_shape):
            self.made = self.add_weight(shape=(1,))
            self.unread = 1

    class Once(layers.Layer):
        def build(self, input_shape):
            if self.built: return

    class Own(layers.Layer):
        def build(self, input_shape):
            self.w = self.add_weight(shape=(1,))

    class Gate({base}):
        def __init__(self):
            super().__init__()
            {init}

        def build(self, input_shape):
            {build}

        def call(self, x):
            {call}

        def helper(self, shape):
            self.inner.build(shape)
"""


def building(
    build: str = "pass", init: str = "pass", call: str = "return x", base: str = "layers.Layer", keras: str = "23"
) -> Building:
    layer = layer_class(GATE.format(base=base, init=init, build=build, call=call), keras=keras)
    return Building(layer, Analysis(layer))


@pytest.mark.parametrize(
    ("build", "init", "expected"),
    [
        ("self.w = self.add_weight(shape=(1,))", "pass", True),
        ("self.inner = layers.Dense(2)", "pass", False),  # which has none before it is called
        ("self.inner = make()", "pass", True),
        ("self.parts = [1]", "pass", True),
        ("self.size = 1", "pass", False),
        ("import functools; self.run = functools.partial(max, 1)", "pass", False),
        ("self.inner.build(input_shape)", "self.inner = layers.Dense(2)", True),
        ("self.inner.build(input_shape) if not self.inner.built else 1", "self.inner = layers.Dense(2)", False),
        ("self.inner.build(input_shape)", "self.inner = Once()", False),
        ("self.helper(input_shape)", "self.inner = layers.Dense(2)", True),
    ],
)
def test_makes_weights(build: str, init: str, expected: bool) -> None:
    assert building(build, init).makes_weights() is expected


@pytest.mark.parametrize(
    ("base", "call", "expected"),
    [
        ("Base", "return x * self.made", "Base"),
        ("Base", "return x", None),
        ("Base", "return x * self.absent", None),
        ("layers.Layer", "return x * self.made", None),
        ("layers.Dense", "return super().call(x)", "Dense"),
        ("layers.Dense", "return x", None),
    ],
)
@pytest.mark.parametrize("target", [Target.KERAS2, Target.KERAS3])
def test_skipped_base(base: str, call: str, expected: str | None, target: Target) -> None:
    assert building(base=base, call=call).skipped_base(target) == expected


@pytest.mark.parametrize(
    ("build", "init", "expected"),
    [
        ("pass", "self.a = layers.Dense(1); self.b = Own()", ["a", "b"]),
        ("self.a.build(input_shape)", "self.a = layers.Dense(1); self.b = Own()", ["b"]),
        ("pass", "self.a = layers.Flatten()", []),
        ("[part.build(input_shape) for part in self.layers]", "self.a = layers.Dense(1)", []),
        ("getattr(self, 'a').build(input_shape)", "self.a = layers.Dense(1)", []),
        ("self.helper(input_shape)", "self.inner = layers.Dense(1); self.b = Own()", ["b"]),
        ("pass", "self.a = layers.Dense(1); self.a.build((None, 2))", []),
        ("self.a = layers.Dense(1)", "pass", ["a"]),
    ],
)
def test_unbuilt(build: str, init: str, expected: list[str]) -> None:
    assert building(build, init).unbuilt() == expected
