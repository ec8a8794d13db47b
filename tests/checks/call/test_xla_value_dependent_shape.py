"""KLL154: sizes that come of values, in a loop of the graph."""

from __future__ import annotations

import textwrap

import pytest

from keras_layer_lint import Settings, lint_source
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


LOOPS = [
    # what runs the function `one`, given the rows of `x`; all were compiled with XLA
    "tf.while_loop(lambda i, v: i < 3, lambda i, v: (i + 1, v * one(v)), (0, x[0]))[1]",
    "ops.while_loop(lambda i, v: i < 3, lambda i, v: [i + 1, v + one(v)], (0, x[0]))[1]",
    "ops.fori_loop(0, 3, lambda i, v: v + one(tf.ones((4,)) * tf.cast(i, tf.float32)), x[0])",
    "ops.scan(lambda c, row: (c, one(row)), x[0], x)[1]",
    "tf.scan(lambda c, row: c + one(row), x, initializer=0.0)",
    "tf.foldl(lambda c, row: c + one(row), x, initializer=0.0)",
]


@pytest.mark.parametrize("body", REPORTED[:2] + REPORTED[3:5])
@pytest.mark.parametrize("function", LOOPS)
def test_loops(body: str, function: str) -> None:
    assert_told("KLL154", mapped(body, function), KERAS_2, KERAS_3)


@pytest.mark.parametrize(
    "loop",
    [
        "def body(i, n):\n    y = tf.range(n)\n    return i + 1, n\nx = tf.while_loop(check, body, (0, 5))",
        "def body(i, n):\n    y = tf.range(n)\n    return i + 1, n\nx = tf.while_loop(check, body, (0, tf.size(x)))",
        "def body(i, n):\n    y = tf.range(n)\n    return step(i, n)\nx = tf.while_loop(check, body, (0, 5))",
        "x = ops.scan(lambda n, row: (n, ops.sum(ops.arange(n))), 5, x)[1]",
        "n = tf.cast(x[0, 0], tf.int32)\nx = tf.while_loop(check, lambda i: (i + tf.size(tf.range(n)),), (0,))",
        "x = tf.cond(x[0, 0] > 0, lambda: tf.range(tf.cast(x[0, 0], tf.int32)), lambda: tf.range(2))",
    ],
    ids=["handed on", "a shape handed on", "not known", "carried", "from outside", "no loop"],
)
def test_what_xla_folds(loop: str) -> None:
    assert_silent("KLL154", layer(f"x = x * 1.0\n{loop}"))


@pytest.mark.parametrize(
    "loop",
    [
        "def body(i, a):\n    y = tf.range(i)  # here\n    return i + 1, a\nx = tf.while_loop(check, body, (0, x))",
        "def body(i, a):\n    y = tf.range(i)  # here\n    i += 1\n    return i, a\nx = tf.while_loop(c, body, (0, x))",
        "x = ops.fori_loop(0, 3, lambda i, a: a + ops.sum(ops.arange(i)), x)  # here",
        "x = tf.while_loop(lambda i, a: tf.size(tf.range(i)) < 3, lambda i, a: (i + 1, a), (0, x))  # here",
    ],
    ids=["counter", "counter bound anew", "index", "in the condition"],
)
def test_the_counter_of_a_loop(loop: str) -> None:
    assert_told("KLL154", layer(f"x = x * 1.0\n{loop}"), KERAS_2, KERAS_3)


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


@pytest.mark.parametrize(
    ("body", "count"),
    [
        ("y = x[x > 0.5]", 1),
        ("y = x[ops.logical_and(x > 0, x < 1)]", 1),
        ("y = x[:, ops.any(x > 0, axis=0)]", 1),
        ("y = x[~((x > 0) | ops.isnan(x))]", 1),
        ("y = x[ops.cast(x, 'bool')]", 1),
        ("m = x > 0\nif self.flag:\n    m = x > 1\ny = x[m]", 1),
        ("y = self.w[self.w > 0]", 1),
        ("y = x[:, self.kept]", 0),
        ("y = x[:, self.steps > 1]", 1),
        ("y = x[(x > 0) * 1]", 0),
        ("y = x[ops.cast(x > 0, 'int32')]", 0),
        ("y = x[ops.argmax(x)]", 0),
        ("y = x[:, np.arange(4) > 1]", 0),
        ("y = ops.where(x > 0, x, 0.0)", 0),
        ("y = x[ops.where(x > 0, 1, 2)]", 0),
        ("y = x[unknown(x)]", 0),
        ("if self.w is None:\n    y = x[x > 0]", 0),
    ],
)
def test_masks_on_jax(body: str, count: int) -> None:
    text = (
        "import numpy as np\nimport keras\nfrom keras import ops\n\n\nclass A(keras.layers.Layer):\n"
        "    def build(self, input_shape):\n        self.w = self.add_weight(name='w', shape=(4,))\n"
        "        self.steps = ops.arange(4)\n        self.kept = ops.arange(4) > 1\n\n"
        "    def call(self, x):\n        x = x * 1.0\n" + textwrap.indent(body, " " * 8)
    )
    for backend, expected in (("jax", count), ("tensorflow", 0)):
        found = lint_source(text, "a.py", Settings(select=("KLL154",), keras=("3",), backend=backend))
        assert len(found) == expected
    assert all("NonConcreteBooleanIndexError" in item.message for item in found)
