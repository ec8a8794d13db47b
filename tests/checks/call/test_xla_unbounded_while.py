"""KLL152: A loop without a limit, whose gradient XLA cannot compile."""

from __future__ import annotations

import pytest

from keras_layer_lint import Settings, Severity, lint_source
from tests.checks.cases import HEADER, assert_silent, assert_told, found, layer

KERAS_2 = "training fails with `jit_compile=True`"
KERAS_3 = "is what Keras 3 chooses where there is a GPU"

REPORTED = [
    # the body, how the message ends in Keras 2 and in Keras 3, other methods
    ("x = tf.while_loop(lambda v: tf.reduce_sum(v) < 9, lambda v: (v * v,), (x,))[0]  # here", KERAS_2, KERAS_3, ""),
    ("x = ops.while_loop(lambda i, v: i < 3, lambda i, v: (i + 1, v * v), [0, x])[1]  # here", KERAS_2, KERAS_3, ""),
    (
        "x = tf.while_loop(lambda v: v[0] < 9, lambda v: (v * v,), (x,), maximum_iterations=None)[0]  # here",
        KERAS_2,
        KERAS_3,
        "",
    ),
    ("x = ops.fori_loop(0, 3, lambda i, v: v * v, x)  # here", KERAS_2, KERAS_3, ""),
    *(
        (f"x = ops.fori_loop(0, 3, lambda i, v: v * v, {start})  # here", KERAS_2, KERAS_3, "")
        for start in (
            "tf.reduce_max(x)",
            "tf.split(x, 2, axis=0)[0]",
            "tf.cast(tf.reduce_max(x), 'float32')",
            "unknown(x) * tf.reduce_sum(x)",
            "1.0 - self.w",
            "self.dense(x)[0]",
            "tf.matmul(unknown(x), self.w)",
        )
    ),
    (
        "x = self.squared(x)",
        KERAS_2,
        KERAS_3,
        ("def squared(self, value):\n    return ops.fori_loop(0, 3, lambda i, v: v * v, value)  # here\n"),
    ),
]

LOOP = "x = ops.fori_loop(0, 3, lambda i, v: v * v, x)  # KLL152"
SLOWLY = "def call(self, x, slowly=False):\n    {}\n    if slowly:\n        " + LOOP + "\n    return x\n"
UNDER_CONDITIONS = [
    # the body, whether the loop runs where nobody sets a flag, other methods
    (f"if self.flag:\n    {LOOP}", False, ""),
    (f"if self.units > 2 and self.flag:\n    {LOOP}", False, ""),
    (f"if self.flag is True:\n    {LOOP}", False, ""),
    (f"if self.units == 5:\n    {LOOP}", False, ""),
    (f"if self.units != 5:\n    {LOOP}", True, ""),
    (f"if not self.flag:\n    {LOOP}", True, ""),
    (f"if self.flag:\n    x = x * 2\nelse:\n    {LOOP}", True, ""),
    (f"if self.units > 2 or self.flag:\n    {LOOP}", True, ""),
    (f"if self.units > 2:\n    {LOOP}", True, ""),
    (f"if training:\n    {LOOP}", True, ""),
    (f"flag = unknown()\nif flag:\n    {LOOP}", True, ""),
    ("pass", False, SLOWLY.format("pass")),
    ("pass", True, SLOWLY.format("slowly = unknown()")),
]
BEHIND_RETURN = [
    (f"if not self.flag:\n    return x\n{LOOP}", False),
    (f"if self.flag:\n    return x\n{LOOP}", True),
]

SILENT = [
    "x = tf.while_loop(lambda i, v: i < 3, lambda i, v: (i + 1, v * v), (0, x), maximum_iterations=3)[1]",
    "steps = tf.while_loop(lambda i: i < 3, lambda i: (i + 1,), (tf.constant(0),))[0]",
    "x = ops.fori_loop(0, 3, lambda i, v: v + 1, 0) + x",
    "x = ops.fori_loop(0, 3, lambda i, v: v + 1, tf.argmax(x, axis=0)) + x",
    "x = ops.fori_loop(0, 3, lambda i, v: v + 1, tf.shape(x)[0]) + x",
    "x = ops.fori_loop(0, 3, lambda i, v: v + 1, tf.cast(tf.reduce_max(x), tf.int32)) + x",
    "x = ops.fori_loop(0, 3, lambda i, v: v + 1, tf.zeros_like(self.w)) + x",
    "x = ops.fori_loop(0, 3, lambda i, v: v + 1, tf.reduce_max(x) > 0.0) + x",
    "x = tf.map_fn(lambda v: v * v, x)",
    "x = tf.scan(lambda a, v: a * v, x)",
    "x = ops.while_loop(lambda v: ops.sum(v) < 9, lambda v: (v * v,), (x,), maximum_iterations=self.units)[0]",
    "for i in range(3):\n    x = x * x",
]


@pytest.mark.parametrize(("body", "keras_2", "keras_3", "methods"), REPORTED)
def test_reported(body: str, keras_2: str, keras_3: str, methods: str) -> None:
    assert_told("KLL152", layer(call=body, methods=methods), keras_2, keras_3)


@pytest.mark.parametrize(("body", "runs", "methods"), UNDER_CONDITIONS)
def test_under_a_condition(body: str, runs: bool, methods: str) -> None:
    (on_tensorflow,) = found("KLL152", layer(call=body, methods=methods), "3")
    assert "so where that runs, training fails" in on_tensorflow.message
    assert on_tensorflow.severity is (Severity.WARNING if runs else Severity.NOTE)


@pytest.mark.parametrize(("body", "runs"), BEHIND_RETURN)
def test_behind_a_return(body: str, runs: bool) -> None:
    (on_tensorflow,) = found("KLL152", layer(call=body), "3")
    assert on_tensorflow.severity is (Severity.WARNING if runs else Severity.NOTE)


@pytest.mark.parametrize(("test", "severity"), [("self.flag", Severity.WARNING), ("not self.flag", Severity.ERROR)])
def test_under_a_condition_on_jax(test: str, severity: Severity) -> None:
    body = f"if {test}:\n    x = ops.while_loop(lambda v: ops.sum(v) < 9, lambda v: (v * v,), (x,))[0]"
    settings = Settings(keras=("3",), backend="jax", select=("KLL152",))
    (on_jax,) = lint_source(HEADER + layer(call=body), "example.py", settings)
    assert on_jax.severity is severity
    assert on_jax.message.endswith("so where that runs, training raises ValueError")


@pytest.mark.parametrize("body", SILENT)
def test_silent(body: str) -> None:
    assert_silent("KLL152", layer(call=body))
