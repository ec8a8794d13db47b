"""A class whose own `__call__` stands in for Keras's: nothing builds it, and nothing traces its `call`."""

from __future__ import annotations

import textwrap

import pytest

from keras_layer_lint import Settings, lint_source
from tests.checks.cases import HEADER

FORWARD = "def __call__(self, *args, **kwargs):\n    return self.call(*args, **kwargs)"
SUBJECT = """
class Base(layers.Layer):
{base}

class Subject(Base):
{own}

    def call(self, x):
        x = tf.cast(x, "float32")
        return x.numpy()
"""
INITIALIZER = """
class Start(layers.Layer):
    def build(self, shape, dtype=None):
        self.w = self.add_weight(name="w", shape={shape})
        self.built = True

{own}
"""


def codes(source: str, keras: str) -> list[str]:
    found = lint_source(HEADER + source, "a.py", Settings(keras=(keras,), select=("KLL112", "KLL210")))
    return [one.code for one in found]


def subject(base: str, own: str) -> str:
    return SUBJECT.format(base=textwrap.indent(base, " " * 4), own=textwrap.indent(own, " " * 4))


@pytest.mark.parametrize("keras", ["2", "3"])
@pytest.mark.parametrize(
    ("base", "own"),
    [
        (FORWARD, "pass"),
        ("pass", FORWARD),
        ("pass", "def __call__(self, x):\n    return self.call(x)"),
        ("pass", "def __call__(self, x):\n    if isinstance(x, str):\n        x = [x]\n    return self.call(x)"),
        (
            "pass",
            "def __call__(self, x):\n    y = self.run(x)\n    return y\n\ndef run(self, x):\n    return self.call(x)",
        ),
        (FORWARD, "def __call__(self, x):\n    return self.call(x)"),
    ],
)
def test_its_call_is_not_traced(base: str, own: str, keras: str) -> None:
    assert codes(subject(base, own), keras) == []


@pytest.mark.parametrize("keras", ["2", "3"])
@pytest.mark.parametrize(
    ("base", "own"),
    [
        ("pass", "pass"),
        ("pass", "def __call__(self, x):\n    return super().__call__(x)"),
        ("def __call__(self, x):\n    return super().__call__(x * 2.0)", "pass"),
        (
            "pass",
            "def __call__(self, x):\n    if x is None:\n        return self.call(x)\n    return super().__call__(x)",
        ),
        ("pass", "def __call__(self, x):\n    return layers.Layer.__call__(self, x)"),
    ],
)
def test_what_keras_calls_is_traced(base: str, own: str, keras: str) -> None:
    assert codes(subject(base, own), keras) == ["KLL112"]


@pytest.mark.parametrize("keras", ["2", "3"])
@pytest.mark.parametrize(
    "own",
    [
        "def __call__(self, shape, dtype=None):\n    self.build(shape, dtype)\n    return self.w",
        "def __call__(self, w):\n    if not self.built:\n        self.build(w.shape)\n    return w * self.w",
        "def __call__(self, shape, **_):\n    return self.call(shape)\n\ndef call(self, shape):\n    return self.w",
    ],
)
def test_the_shape_of_an_initializer_has_no_batch(own: str, keras: str) -> None:
    for shape in ("shape", "(shape[0],)", "shape[:2]"):
        assert codes(INITIALIZER.format(shape=shape, own=textwrap.indent(own, " " * 4)), keras) == []
    layer = "def call(self, x):\n    return x * self.w"
    assert codes(INITIALIZER.format(shape="shape", own=textwrap.indent(layer, " " * 4)), keras) == ["KLL210"]
