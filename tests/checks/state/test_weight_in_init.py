from __future__ import annotations

import pytest

from tests.checks.cases import messages

CODE = "KLL201"
TEXT = "note: `{}` in {}: the weight is allocated before any input shape is known"


def gate(init: str, more: str = "", base: str = "layers.Layer") -> str:
    return f"""
class Gate({base}):
    def __init__(self, size, **kwargs):
        super().__init__(**kwargs)
        {init}

{more}
"""


@pytest.mark.parametrize("keras", ["2", "3"])
@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (gate('self.w = self.add_weight(name="w", shape=(size,))  # KLL201'), TEXT.format("add_weight", "`__init__`")),
        (gate("self.w = tf.Variable(1.0)  # KLL201"), TEXT.format("tf.Variable", "`__init__`")),
        (
            gate('self.w = self.add_weight(name="w", shape=())  # KLL201', base="keras.Model"),
            TEXT.format("add_weight", "`__init__`"),
        ),
        (
            gate(
                "self._make()", '    def _make(self):\n        self.w = self.add_weight(name="w", shape=())  # KLL201'
            ),
            TEXT.format("add_weight", "`_make`, called by `__init__`"),
        ),
    ],
)
def test_reported(source: str, expected: str, keras: str) -> None:
    assert messages(CODE, source, keras) == [expected]


@pytest.mark.parametrize("keras", ["2", "3"])
@pytest.mark.parametrize(
    "source",
    [
        gate("self.dense = layers.Dense(size)"),
        gate("self.table = tf.constant([1.0])"),
        pytest.param(
            gate(
                "if size: self.build(None)",
                (
                    '    def build(self, shape):\n        self.w = self.add_weight(name="w", shape=())\n'
                    "        self.built = True"
                ),
            ),
            id="build, which __init__ calls where all shapes are known",
        ),
        pytest.param(
            gate(
                "self.size = size",
                "    def build(self, shape):\n        self._make()\n\n"
                '    def _make(self):\n        self.w = self.add_weight(name="w", shape=())',
            ),
            id="a helper of build",
        ),
    ],
)
def test_silent(source: str, keras: str) -> None:
    assert messages(CODE, source, keras) == []
