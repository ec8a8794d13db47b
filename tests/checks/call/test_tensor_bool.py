"""KLL104: Python asks a tensor for a truth value or an index, outside of a condition."""

from __future__ import annotations

import pytest

from tests.checks.cases import assert_silent, assert_told, layer

KERAS_2 = "AutoGraph does not convert it, so tracing raises"
KERAS_3 = "Keras 3 traces it as plain Python, so tracing raises"

REPORTED = [
    # the body, how the message ends in Keras 2 and in Keras 3, other methods
    ("assert tf.reduce_all(x > 0)  # here", KERAS_2, KERAS_3, ""),
    ("assert tf.shape(x)[1] == 4, 'size'  # here", KERAS_2, KERAS_3, ""),
    ("found = bool(tf.reduce_any(x > 0))  # here", KERAS_2, KERAS_3, ""),
    ("found = tf.argmax(self.w) in (0, 1)  # here", KERAS_2, KERAS_3, ""),
    ("largest = max(tf.reduce_sum(x), 1.0)  # here", KERAS_2, KERAS_3, ""),
    ("found = any([ops.sum(x) > 0, True])  # here", KERAS_2, KERAS_3, ""),
    ("both = ops.sum(x) > 0 and ops.sum(x) < 2  # here", "", KERAS_3, ""),
    ("none = not tf.reduce_any(x > 0)  # here", "", KERAS_3, ""),
    ("inside = 0 < tf.reduce_sum(x) < 1  # here", "", KERAS_3, ""),
    (
        "x = self.blocks[tf.argmax(self.w)](x)  # here",
        "only a Python integer can be one, so it raises",
        "only a Python integer can be one, so it raises",
        "",
    ),
    (
        "x = self.checked(x)",
        KERAS_2,
        KERAS_3,
        ("def checked(self, value):\n    assert tf.reduce_sum(value) > 0  # here\n    return value\n"),
    ),
]

SILENT = [
    "assert x.shape[-1] == 4 and len(x.shape) == 2",
    "assert mask is None or self.flag",
    "depth = min(x.shape[1], self.units)",
    "flags = [self.flag, self.units > 2]\nfound = any(flags)",
    "x = sum([x, x])",
    "other = training or self.flag",
    "found = self.units in (2, 4)",
    "found = x.dtype in ('float16', 'bfloat16')",
    "inside = 0 < self.units < 9",
    "x = self.blocks[self.units - 4](x)",
    "x = ops.logical_and(x > 0, x < 2)",
    "tf.debugging.assert_positive(x)",
    "x = {'a': x}['a']",
    "found = bool(self.of_somebody_else(x))",
]


@pytest.mark.parametrize(("body", "keras_2", "keras_3", "methods"), REPORTED)
def test_reported(body: str, keras_2: str, keras_3: str, methods: str) -> None:
    assert_told("KLL104", layer(call=body, methods=methods), keras_2, keras_3)


@pytest.mark.parametrize("body", SILENT)
def test_silent(body: str) -> None:
    assert_silent("KLL104", layer(call=body))
