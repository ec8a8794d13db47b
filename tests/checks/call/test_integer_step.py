"""KLL402: A learning rate schedule calculates in floats with the step."""

from __future__ import annotations

from pathlib import Path

import pytest

from keras_layer_lint import Settings, lint_paths, lint_source
from tests.checks.cases import HEADER, assert_silent, assert_told

END = "in `fit` it is an integer, and TensorFlow raises TypeError, ValueError or InvalidArgumentError"
SINCE = " (from Keras 2.11 on)"
SCHEDULE = """\
import numpy as np
from keras import ops


class Subject(keras.{base}):
    def __init__(self, rate=0.1, warmup=100):
        super().__init__()
        self.rate = rate
        self.warmup = warmup

    def __call__(self, step):
        {body}
        return result

    def get_config(self):
        return {{"rate": self.rate, "warmup": self.warmup}}

    def scaled(self, value):
        return value * 0.5  # {mark}
"""

REPORTED = [
    # the body of `__call__`, how the message ends in Keras 2 and in Keras 3
    ("result = tf.math.rsqrt(step)  # here", END, END),
    ("result = tf.exp(-step)  # here", END, END),
    ("result = tf.cos(step + 1)  # here", END, END),
    ("result = step * 0.1  # here", END, ""),
    ("result = 0.1 ** step  # here", END, ""),
    ("result = step / 100.0  # here", END, ""),
    ("result = step * self.warmup ** -1.5  # here", END, ""),
    ("result = step * (1 / self.warmup)  # here", END, ""),
    ("result = tf.constant(0.1) * step  # here", END, ""),
    ("step *= 0.5; result = step  # here", END, ""),
    ("result = (step + 1) * 0.1  # here", END, END),
    ("result = 0.5 ** (step // 100)  # here", END, END),
    ("result = (step % 2) - 0.5  # here", END, END),
    ("result = tf.constant(0.1) * (step + 1)  # here", END, END),
    ("result = tf.minimum(step, 1.0)  # here", END, END),
    ("result = tf.maximum(0.0, step)  # here", END, END),
    ("result = tf.pow(step, -0.5)  # here", END, END),
    ("result = tf.math.divide_no_nan(step, 10.0)  # here", END, END),
    ("result = tf.divide(step, 10.0)  # here", END, ""),
]

SILENT = [
    "step = tf.cast(step, tf.float32); result = tf.math.rsqrt(step) * 0.1",
    "result = 0.1 * tf.cast(step, tf.float32)",
    "result = 0.1 * (step / 100)",
    "result = tf.minimum(step / self.warmup, 1.0)",
    "result = 0.1 * ((step + 1) / 100)",
    "result = step // 100 + step % 2",
    "result = step * self.warmup",
    "result = tf.maximum(step, 1)",
    "result = tf.square(step)",
    "result = tf.abs(step)",
    "result = tf.where(step < 100, 0.1, 0.2)",
    "result = ops.sqrt(ops.cast(step, 'float32'))",
    "result = self.rate * tf.sqrt(tf.cast(step, tf.float32) + 1.0)",
    "step = float(self.warmup); result = step * 0.5",
]


def schedule(body: str, base: str = "optimizers.schedules.LearningRateSchedule", mark: str = "") -> str:
    return SCHEDULE.format(body=body, base=base, mark=mark)


@pytest.mark.parametrize(("body", "keras_2", "keras_3"), REPORTED)
def test_reported(body: str, keras_2: str, keras_3: str) -> None:
    assert_told("KLL402", schedule(body), keras_2 and keras_2 + SINCE, keras_3)


@pytest.mark.parametrize("body", SILENT)
def test_silent(body: str) -> None:
    assert_silent("KLL402", schedule(body))


def test_in_a_helper() -> None:
    assert_told("KLL402", schedule("result = self.scaled(step)", mark="here"), END + SINCE, "")


@pytest.mark.parametrize("base", ["regularizers.Regularizer", "constraints.Constraint", "layers.Layer"])
def test_what_gets_no_step(base: str) -> None:
    assert_silent("KLL402", schedule("result = tf.math.rsqrt(step) * 0.1", base))


@pytest.mark.parametrize(("version", "told"), [("2.10", 0), ("2.11", 1), ("2.21", 1)])
def test_older_optimizers_give_a_float(version: str, told: int) -> None:
    text = HEADER + schedule("result = tf.math.rsqrt(step)")
    assert len(lint_source(text, "example.py", Settings(keras=(version,), select=("KLL402",)))) == told


OLD_OR_NEW = """\
import tensorflow as tf


class Subject(tf.keras.optimizers.schedules.LearningRateSchedule):
    def __call__(self, step):
        return tf.math.rsqrt(step)


class Block(tf.keras.layers.Layer):
    def call(self, inputs):
        return inputs


def rate_of(optimizer):
    return optimizer.lr  # as in Keras 2
"""


@pytest.mark.parametrize(
    ("requirement", "told"),
    [("", 0), ("tensorflow", 0), ("tensorflow>=2.3", 0), ("tensorflow==2.10.*", 0), ("tensorflow>=2.4,<2.16", 1)],
)
def test_projects_of_any_age(tmp_path: Path, requirement: str, told: int) -> None:
    """Such code ran before Keras 2.11: nothing is said of a project that names no version as new as that."""
    (tmp_path / "requirements.txt").write_text(f"numpy\n{requirement}\n", encoding="utf-8")
    path = tmp_path / "schedule.py"
    path.write_text(OLD_OR_NEW, encoding="utf-8")
    report = lint_paths([path], Settings(root=str(tmp_path), select=("KLL402",)))
    assert [choice.keras for choice, _ in report.chosen] == [("2",)]
    assert len(report.diagnostics) == told
