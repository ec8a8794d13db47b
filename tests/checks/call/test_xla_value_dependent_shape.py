"""KLL154: sizes that come of values, in the function of `tf.map_fn`."""

from __future__ import annotations

import textwrap

import pytest

from tests.checks.cases import assert_silent, assert_told, layer

KERAS_2 = "XLA wants a constant there, so the layer raises InvalidArgumentError with `jit_compile=True`"
KERAS_3 = f"{KERAS_2}, which is what Keras 3 chooses where there is a GPU"
START = "n = tf.cast(tf.reduce_sum(row), tf.int32)\n"

REPORTED = [
    "y = tf.repeat(row, n)  # here",
    "y = tf.repeat(row, repeats=tf.cast(row, tf.int32))  # here",
    "y = tf.range(n)  # here",
    "y = tf.range(0, n + 1)  # here",
    "y = tf.zeros((n, 2))  # here",
    "y = tf.tile(row, [2 * n])  # here",
    "y = tf.pad(row, [[0, 4 - n]])  # here",
    "y = tf.one_hot([1], n)  # here",
    "y = tf.sequence_mask([1], n)  # here",
    "y = ops.arange(n)  # here",
    "y = ops.repeat(row, n)  # here",
    "y = tf.range(tf.maximum(n, 2))  # here",
    "y = tf.reshape(row, (n, -1))  # here",
]

SILENT = [
    "y = tf.repeat(row, 2)",
    "y = tf.range(tf.shape(row)[0])",
    "y = tf.range(tf.size(row))",
    "y = tf.zeros((tf.size(row) + 1, 2))",
    "y = tf.zeros_like(row)",
    "y = tf.reshape(row, (self.units, -1))",
    "y = tf.tile(row, tf.constant([2]))",
    "y = tf.boolean_mask(row, row > 0)",
    "y = tf.where(row > 0)",
    "y = row[:n]",
    "y = tf.math.top_k(row, n)",
    "y = tf.repeat(row, unknown(n))",
]


def mapped(body: str, function: str = "tf.map_fn(one, x)") -> str:
    inner = textwrap.indent(f"{START}{body}\nreturn tf.reduce_sum(row)", " " * 4)
    return layer(f"x = x * 1.0\n\ndef one(row):\n{inner}\n\nx = {function}")


@pytest.mark.parametrize("body", REPORTED)
def test_reported(body: str) -> None:
    assert_told("KLL154", mapped(body), KERAS_2, KERAS_3)
    assert_told("KLL154", mapped(body, "ops.map(one, x)"), KERAS_2, KERAS_3)


@pytest.mark.parametrize("body", SILENT)
def test_silent(body: str) -> None:
    assert_silent("KLL154", mapped(body))


@pytest.mark.parametrize("body", REPORTED)
@pytest.mark.parametrize("function", ["tf.vectorized_map(one, x)", "one(x)", "tf.map_fn(other, x)"])
def test_outside_of_a_loop(body: str, function: str) -> None:
    assert_silent("KLL154", mapped(body.removesuffix("  # here"), function))


def test_structures() -> None:
    source = layer(
        "rows = (x * 1.0, x * 2.0)\n\ndef one(pair):\n    steps, counts = pair\n"
        "    return tf.reduce_sum(tf.repeat(steps, counts))  # here\n\nx = tf.map_fn(one, rows)"
    )
    assert_told("KLL154", source, KERAS_2, KERAS_3)


def test_layers_that_are_not_compiled() -> None:
    source = mapped("y = tf.range(n)").replace(
        "self.flag = flag", "self.flag = flag\n        self.supports_jit = False"
    )
    assert_told("KLL154", source.replace("tf.range(n)", "tf.range(n)  # here"), KERAS_2, "")
