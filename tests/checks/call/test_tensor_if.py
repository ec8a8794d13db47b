"""KLL101: Python decides by a tensor. Keras 2 converts what AutoGraph can."""

from __future__ import annotations

import pytest

from tests.checks.cases import assert_silent, assert_told, layer

KERAS_2 = "tracing raises OperatorNotAllowedInGraphError"
AUTOGRAPH = "the `raise` under it fires while tracing, whatever the tensor holds"
KERAS_3 = "Keras 3 traces `call` as plain Python, so it raises there"

REPORTED = [
    # the body, how the message ends in Keras 2 and in Keras 3, other methods
    ("if ops.sum(x) > 0:  # here\n    x = -x", "", KERAS_3, ""),
    # Keras 3 does not get into the loop: `range()` raises.
    ("for i in range(tf.shape(x)[1]):\n    if i > 0:  # here\n        raise ValueError", AUTOGRAPH, "", ""),
    ("for i in range(tf.shape(x)[1]):\n    if tf.reduce_sum(x) > 0:  # here\n        x = -x", "", KERAS_3, ""),
    ("positive = tf.reduce_all(x > 0)\nif not positive:  # here\n    x = -x", "", KERAS_3, ""),
    ("x = -x if self.w[0] > 0 else x  # here", "", KERAS_3, ""),
    (
        "if self.flag:\n    pass\nelif self.value(x) > 0:  # here\n    x = -x",
        "",
        KERAS_3,
        "def value(self, x):\n    return ops.sum(x)\n",
    ),
    (
        "x = self.turned(x)",
        "",
        KERAS_3,
        (
            "def turned(self, value):\n"
            "    if tf.reduce_sum(value) > 0:  # here\n"
            "        return -value\n"
            "    return value\n"
        ),
    ),
    (("turned = lambda value: -value if tf.reduce_sum(value) > 0 else value  # here\nx = turned(x)"), "", KERAS_3, ""),
    (
        "if tf.reduce_sum(x) > 0:  # here\n    raise ValueError('positive')",
        AUTOGRAPH,
        KERAS_3,
        "",
    ),
    (
        "if tf.reduce_sum(x) > 0:  # here\n    scale = 2.0\nx = x * scale",
        "AutoGraph needs it in the `else` branch as well",
        KERAS_3,
        "",
    ),
    (
        "scale = 1\nif tf.reduce_sum(x) > 0:  # here\n    scale = 0.5\nx = x * scale",
        "`scale` is an int in one branch and a float in the other",
        KERAS_3,
        "",
    ),
    (
        "shift = None\nif tf.reduce_sum(x) > 0:  # here\n    shift = x\nif shift is not None:\n    x += shift",
        "`shift` is None at the end of one branch and not of the other",
        KERAS_3,
        "",
    ),
    ("scale = 1.0\nif tf.reduce_sum(x) > 0:  # here\n    scale = 2.0\nx = x * scale", "", KERAS_3, ""),
    (
        "shift = None\nif tf.reduce_sum(x) > 0:  # here\n    shift = x\nelif training:\n    shift = -x\nelse:\n"
        "    shift = 2 * x\nx = x + shift",
        "",
        KERAS_3,
        "",
    ),
    (
        "if (total := tf.reduce_sum(x)) > 0:  # here\n    x = x / total",
        f"{KERAS_2} (up to Keras 2.13 and from 2.16 on)",
        KERAS_3,
        "",
    ),
    (
        "kept = [block for block in self.blocks if ops.sum(x) > 0]  # here",
        "AutoGraph does not convert comprehensions, so tracing raises",
        KERAS_3,
        "",
    ),
    ("if mask is not None and tf.reduce_any(mask):  # here\n    x = -x", "", KERAS_3, ""),
    ("match ops.sum(x):  # here\n    case 0:\n        x = -x", KERAS_2, KERAS_3, ""),
]

SILENT = [
    ("for i in range(tf.shape(x)[1]):\n    if i > 0:\n        x = -x", ""),
    ("if training:\n    x = -x", ""),
    ("if not training and self.flag:\n    x = -x", ""),
    ("if training is None or training == 1:\n    x = -x", ""),
    ("if mask is None:\n    x = -x", ""),
    ("if x.shape[-1] == self.units:\n    x = -x", ""),
    ("if len(x.shape) == 3 or x.ndim == 2:\n    x = -x", ""),
    ("if ops.shape(x)[1] > 2:\n    x = -x", ""),
    ("if x.dtype == 'float16':\n    x = -x", ""),
    ("if isinstance(x, (list, tuple)) or tf.is_tensor(x):\n    x = -x", ""),
    ("if tf.executing_eagerly():\n    x = -x", ""),
    ("first, *others = x.shape\nif others[0] == 4:\n    x = -x", ""),
    (("total = None\nif self.flag:\n    total = ops.sum(x)\nif total is not None:\n    x = x / total"), ""),
    ("x = tf.cond(tf.reduce_sum(x) > 0, lambda: x, lambda: -x)", ""),
    ("x = ops.where(x > 0, x, -x)", ""),
    ("if self.of_somebody_else(x):\n    x = -x", ""),
    (
        "x = self.turned(x)",
        (
            "@tf.function\n"
            "def turned(self, value):\n"
            "    if tf.reduce_sum(value) > 0:\n"
            "        value = -value\n"
            "    return value\n"
        ),
    ),
    ("if self.wide:\n    x = -x", "@property\ndef wide(self):\n    return self.units > 4\n"),
    ("pass", ("def not_reached(self, x):\n    if tf.reduce_sum(x) > 0:\n        return -x\n    return x\n")),
]


@pytest.mark.parametrize(("body", "keras_2", "keras_3", "methods"), REPORTED)
def test_reported(body: str, keras_2: str, keras_3: str, methods: str) -> None:
    assert_told("KLL101", layer(call=body, methods=methods), keras_2, keras_3)


@pytest.mark.parametrize(("body", "methods"), SILENT)
def test_silent(body: str, methods: str) -> None:
    assert_silent("KLL101", layer(call=body, methods=methods))
