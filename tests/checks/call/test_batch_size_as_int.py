from __future__ import annotations

from pathlib import Path

import pytest

from tests.checks.cases import messages, write

CODE = "KLL141"
SIZE = "warning: the batch size, None in the static shape while tracing,"
RAISES = "which raises TypeError or ValueError unless every batch has a size known beforehand"


def layer(body: str) -> str:
    lines = "\n".join(f"        {line}" for line in body.splitlines())
    return f"""
import numpy as np
from keras import backend as K, ops

class Subject(layers.Layer):
    def __init__(self, units=4, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.dense = layers.Dense(units)

    def build(self, shape):
        self.w = self.add_weight(name="w", shape=(4, 4))
        super().build(shape)

    def call(self, x, training=None):
        rank = len(x.shape)
{lines}
        return x
"""


@pytest.mark.parametrize("keras", ["2", "3"])
@pytest.mark.parametrize(
    ("body", "what"),
    [
        ("x = tf.reshape(x, (x.shape[0], -1))  # KLL141", f"is given to `tf.reshape(...)`, {RAISES}"),
        ("x = tf.reshape(x, [x.shape[0], 2, 2])  # KLL141", f"is given to `tf.reshape(...)`, {RAISES}"),
        ("x = ops.reshape(x, x.shape)  # KLL141", f"is given to `ops.reshape(...)`, {RAISES}"),
        ("x = x + tf.zeros(shape=x.shape)  # KLL141", f"is given to `tf.zeros(...)`, {RAISES}"),
        ("x = x + tf.zeros(x.shape[:1] + (4,))  # KLL141", f"is given to `tf.zeros(...)`, {RAISES}"),
        ("s = x.shape.as_list()\nx = tf.reshape(x, s)  # KLL141", f"is given to `tf.reshape(...)`, {RAISES}"),
        ("s = x.get_shape()\nx = tf.tile(x[:1], [s[0], 1])  # KLL141", f"is given to `tf.tile(...)`, {RAISES}"),
        ("s = K.int_shape(x)\nx = K.reshape(x, (s[0], 4))  # KLL141", f"is given to `K.reshape(...)`, {RAISES}"),
        ("n = np.prod(x.shape)  # KLL141", f"is given to `np.prod(...)`, {RAISES}"),
        ("i = tf.range(x.shape[0])  # KLL141", f"is given to `tf.range(...)`, {RAISES}"),
        (
            "h = self.dense(x)\nx = tf.reshape(h, (h.shape[0], -1))  # KLL141",
            f"is given to `tf.reshape(...)`, {RAISES}",
        ),
        ("b, d = x.shape\nn = b * d  # KLL141\nx = tf.reshape(x, (n,))", f"is calculated with, {RAISES}"),
        ("x = x / x.shape[0]  # KLL141", f"is calculated with, {RAISES}"),
        ("if x.shape[0] > 2: x = -x  # KLL141", f"is compared by size, {RAISES}"),
        ("for i in range(x.shape[0]): x = -x  # KLL141", f"is given to `range()`, {RAISES}"),
        ("n = int(x.shape[0])  # KLL141", f"is given to `int()`, {RAISES}"),
        ("n = min(x.shape[0], 8)  # KLL141", f"is given to `min()`, {RAISES}"),
        ("if x.shape[0] == 1: x = -x  # KLL141", "is compared with a number, which is silently False"),
        ("if x.shape[0] != self.units: x = -x  # KLL141", "is compared with a number, which is silently True"),
    ],
)
def test_reported(body: str, what: str, keras: str) -> None:
    assert messages(CODE, layer(body), keras) == [f"{SIZE} {what}"]


@pytest.mark.parametrize("keras", ["2", "3"])
@pytest.mark.parametrize(
    "body",
    [
        "x = tf.reshape(x, (-1, x.shape[1]))",
        "x = tf.reshape(x, (tf.shape(x)[0], -1))",
        "b, d = ops.shape(x)\nx = ops.reshape(x, (b * d,))",
        "x = tf.reshape(x, [-1] + x.shape.as_list()[1:])",
        "x = x[: x.shape[0]]",
        "x = tf.ensure_shape(x, x.shape)",
        "x.set_shape(x.shape)",
        "b = x.shape[0] or tf.shape(x)[0]\nx = tf.reshape(x, (b, -1))",
        "b = x.shape[0]\nif b is None:\n    b = tf.shape(x)[0]\nx = tf.reshape(x, (b, -1))",
        "b = x.shape[0]\nif b:\n    x = tf.reshape(x, (b, -1))",
        "if x.shape[0] is not None:\n    x = tf.reshape(x, (x.shape[0], -1))",
        "if x.shape[0]:\n    x = tf.reshape(x, (x.shape[0], -1))",
        "if x.shape.is_fully_defined():\n    x = tf.reshape(x, x.shape)",
        "if x.shape[0] is None:\n    raise ValueError('a static batch size')\nx = tf.reshape(x, (x.shape[0], -1))",
        "b = -1 if x.shape[0] is None else x.shape[0]\nx = tf.reshape(x, (b, 4))",
        "try:\n    x = tf.reshape(x, x.shape)\nexcept ValueError:\n    pass",
        "s = x.shape.as_list()\ns[0] = -1\nx = tf.reshape(x, s)",
        "s = x.shape.as_list()\nfor i, n in enumerate(s):\n    if n is None:\n        s[i] = 1\nx = tf.reshape(x, s)",
        "if len(x.shape) == 1:\n    x = tf.reshape(x, (x.shape[0], 1))",
        "if x.shape.rank == 1:\n    x = tf.reshape(x, (x.shape[0], 1))",
        "y = x * 2.0\nif x.shape[0] != y.shape[0]:\n    raise ValueError('sizes')",
        "n = self.w.shape[0] * 2",
        "y = tf.transpose(x)\nn = y.shape[0] * 2",
        "text = f'{x.shape[0]} rows'",
        "assert x.shape[1] == 4",
    ],
)
def test_silent(body: str, keras: str) -> None:
    assert messages(CODE, layer(body), keras) == []


def test_a_function_elsewhere_may_be_given_anything(tmp_path: Path) -> None:
    write(tmp_path, {"helpers.py": "def rows(values):\n    return tf.range(values.shape[0])\n"})
    source = "from helpers import rows\n" + layer("i = rows(x)")
    assert messages(CODE, source, "3", tmp_path / "example.py") == []
