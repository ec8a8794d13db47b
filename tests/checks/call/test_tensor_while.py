"""KLL102: Python loops as long as a tensor says so."""

from __future__ import annotations

import pytest

from tests.checks.cases import assert_silent, assert_told, layer

KERAS_2 = "AutoGraph cannot make a loop that starts as a Python one depend on a tensor"
KERAS_3 = "Keras 3 traces `call` as plain Python, so it raises there"

REPORTED = [
    # the body, how the message ends in Keras 2 and in Keras 3, other methods
    ("while ops.sum(x) > 1:  # here\n    x = x / 2", "", KERAS_3, ""),
    ("limit = tf.reduce_max(x)\ni = 0\nwhile i < limit:  # here\n    i += 1", "", KERAS_3, ""),
    ("while self.flag and tf.reduce_sum(x) > 1:  # here\n    x = x / 2", "", KERAS_3, ""),
    (
        "x = self.halved(x)",
        "",
        KERAS_3,
        (
            "def halved(self, value):\n"
            "    while tf.reduce_sum(value) > 1:  # here\n"
            "        value = value / 2\n"
            "    return value\n"
        ),
    ),
    ("while True:  # here\n    x = x / 2\n    if tf.reduce_sum(x) < 1:\n        break", KERAS_2, "", ""),
    ("while tf.reduce_sum(x) > 1:  # here\n    x = x / 2\nelse:\n    x = -x", "tracing raises", KERAS_3, ""),
]

SILENT = [
    ("i = 0\nwhile i < self.units:\n    i += 1", ""),
    ("while x.shape[-1] > 4:\n    x = x[..., ::2]", ""),
    ("depth = len(x.shape)\nwhile depth > 2:\n    x = ops.sum(x, axis=1)\n    depth -= 1", ""),
    ("todo = list(self.blocks)\nwhile todo:\n    x = todo.pop()(x)", ""),
    ("while True:\n    x = x / 2\n    if self.units > 2:\n        break", ""),
    ("x = tf.while_loop(lambda v: tf.reduce_sum(v) > 1, lambda v: (v / 2,), (x,), maximum_iterations=9)[0]", ""),
    ("x = ops.while_loop(lambda v: ops.sum(v) > 1, lambda v: (v / 2,), (x,), maximum_iterations=9)[0]", ""),
    (
        "x = self.halved(x)",
        (
            "@tf.function\n"
            "def halved(self, value):\n"
            "    while tf.reduce_sum(value) > 1:\n"
            "        value = value / 2\n"
            "    return value\n"
        ),
    ),
    ("while self.of_somebody_else(x):\n    x = x / 2", ""),
]


@pytest.mark.parametrize(("body", "keras_2", "keras_3", "methods"), REPORTED)
def test_reported(body: str, keras_2: str, keras_3: str, methods: str) -> None:
    assert_told("KLL102", layer(call=body, methods=methods), keras_2, keras_3)


@pytest.mark.parametrize(("body", "methods"), SILENT)
def test_silent(body: str, methods: str) -> None:
    assert_silent("KLL102", layer(call=body, methods=methods))
