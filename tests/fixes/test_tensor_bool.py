"""KLL104: what the graph decides, and what is left to Python."""

from __future__ import annotations

import pytest

from keras_layer_lint import Settings
from keras_layer_lint.fixes.engine import fix_source

LAYER = """\
import keras
import tensorflow as tf


class Gate(keras.layers.Layer):
    def call(self, inputs, mask=None):
        peak = tf.reduce_max(inputs)
        {body}
        return inputs
"""


def fixed(body: str) -> str:
    source = LAYER.format(body=body.replace("\n", "\n        "))
    made = fix_source(source, "a.py", Settings(keras=("3",)), unsafe=True)
    inner = str(made).partition("reduce_max(inputs)\n        ")[2]
    return inner.removesuffix("        return inputs\n").rstrip("\n").replace("\n        ", "\n")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("x = peak > 1 or peak < 0", "x = tf.logical_or(peak > 1, peak < 0)"),
        (
            "x = peak > 1 and peak < 2 and peak != 3",
            "x = tf.logical_and(tf.logical_and(peak > 1, peak < 2), peak != 3)",
        ),
        ("x = not (peak > 1 and peak < 2)", "x = tf.logical_not(tf.logical_and(peak > 1, peak < 2))"),
        ("x = 0 < peak <= 2", "x = tf.logical_and(0 < peak, peak <= 2)"),
        ("x = min(peak, 3.0)", "x = tf.minimum(peak, 3.0)"),
        ("x = sum(inputs)", "x = tf.reduce_sum(inputs, axis=0)"),
        ("x = any(inputs > 1)", "x = tf.reduce_any(inputs > 1)"),
        ("x = 0 in inputs", "x = tf.reduce_any(inputs == 0)"),
        ("assert peak > 1 and peak < 2, ''", "tf.debugging.Assert(tf.logical_and(peak > 1, peak < 2), [''])"),
        (
            "x = 1 if peak > 1 and peak < 2 else 3",
            "x = tf.cond(tf.logical_and(peak > 1, peak < 2), lambda: 1, lambda: 3)",
        ),
        (
            "if bool(tf.equal(peak, 1)):\n    peak = -peak",
            "peak = tf.cond(tf.equal(peak, 1), lambda: -peak, lambda: peak)",
        ),
        ("assert peak > 1, 'low'", "tf.debugging.Assert(peak > 1, ['low'])"),
    ],
)
def test_decided_in_the_graph(before: str, after: str) -> None:
    assert fixed(before) == after


@pytest.mark.parametrize(
    "body",
    [
        "x = mask is not None and peak > 1",
        "x = isinstance(inputs, tf.Tensor) and peak > 1",
        "x = self.flag and peak > 1",
        "x = peak and 1.0",
        "x = not peak",
        "x = bool(peak)",
        "x = 0 < tf.reduce_min(inputs) < 2",
        "x = max(peak, 3.0, 4.0)",
        "x = max(inputs)",
        "x = sum(inputs, 1.0)",
        "x = all(inputs)",
        "x = [1, 2][peak]",
        "x = peak in (1, 2)",
        "assert peak > 1, f'{peak}'",
        "assert peak",
    ],
)
def test_left_to_python(body: str) -> None:
    assert fixed(body) == body
