"""KLL105: tests of how the layer is run that choose between two computations."""

from __future__ import annotations

import pytest

from tests.checks.cases import assert_silent, assert_told, layer

OTHERWISE = "and something else is computed otherwise: `fit` and `predict` give other outputs than a direct call"
EAGER = f"holds only eagerly, {OTHERWISE}"
TRACED = f"holds only when traced, {OTHERWISE}"

REPORTED = [
    ("if tf.executing_eagerly():  # here\n    x = x * 2.0", EAGER),
    ("if not tf.executing_eagerly():  # here\n    x += 1.0", TRACED),
    ("if hasattr(x, 'numpy'):  # here\n    x = 1.0 - x", EAGER),
    ("if tf.inside_function():  # here\n    x = x * self.w", TRACED),
    ("if hasattr(x, 'numpy'):\n    pass\nelse:\n    return tf.zeros_like(x)", ""),
    ("if not hasattr(x, 'numpy'):  # here\n    return tf.zeros_like(x)\nx = self.dense(x)", TRACED),
    ("if hasattr(x, 'numpy'):  # here\n    return tf.square(x)\nelse:\n    return tf.ones((3,))", EAGER),
    ("if hasattr(x, 'numpy'):  # here\n    y = tf.square(x)\nelse:\n    y = tf.zeros((3,))\nreturn y", EAGER),
    ("x = x * (1.0 if tf.executing_eagerly() else 2.0)  # here", EAGER),
    ("is_eager = tf.executing_eagerly()\nif is_eager:  # here\n    x = x * 2.0", EAGER),
]

SILENT = [
    "if tf.executing_eagerly():\n    tf.debugging.assert_non_negative(x)",
    "if tf.executing_eagerly():\n    raise ValueError('not here')",
    "if tf.executing_eagerly():\n    print(x)",
    "if tf.executing_eagerly():\n    count = 1\n    count += 1",
    "if tf.executing_eagerly():\n    y = x * 2.0",
    "if tf.executing_eagerly():\n    y = tf.identity(x)\nelse:\n    y = x\nx = y",
    "if hasattr(x, 'numpy'):\n    n = x.shape[0]\nelse:\n    n = tf.shape(x)[0]\nx = tf.reshape(x, (n, -1))",
    "if hasattr(x, 'numpy'):\n    return tf.convert_to_tensor(np.sum(x.numpy()))\nreturn tf.reduce_sum(x)",
    "if hasattr(x, 'numpy'):\n    return self.dense(x)\nelse:\n    return self.blocks[0](x)",
    "if tf.executing_eagerly():\n    return tf.zeros((3,))\nreturn tf.zeros((4,))",
    "if isinstance(x, tf.keras.KerasTensor):\n    x = x * 2.0",
    "if self.flag:\n    x = x * 2.0",
    "x = x * (1.0 if tf.executing_eagerly() else 1.0)",
    "x = x * (1.0 if self.flag else 2.0)",
    "n = x.shape[0] if tf.executing_eagerly() else tf.shape(x)[0]",
]


@pytest.mark.parametrize(("body", "told"), REPORTED)
def test_reported(body: str, told: str) -> None:
    assert_told("KLL105", layer(body), told, told)


@pytest.mark.parametrize("body", SILENT)
def test_silent(body: str) -> None:
    assert_silent("KLL105", layer(body))


def test_run_eagerly() -> None:
    body = "if tf.executing_eagerly():  # here\n    x = x * 2.0"
    dynamic = layer(body).replace("super().__init__(**kwargs)", "super().__init__(dynamic=True, **kwargs)")
    assert_told("KLL105", dynamic, "", EAGER)
    own = layer(body.replace("  # here", ""), methods="def __call__(self, x):\n    return self.call(x)\n")
    assert_silent("KLL105", own)
