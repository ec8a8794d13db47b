"""What the help says is for the case at hand, and the report says nothing twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from keras_layer_lint import Settings, lint_paths, lint_source
from keras_layer_lint.report.concise import render as concise
from keras_layer_lint.report.full import render

IN_CALL = """\
import keras
import numpy as np
import tensorflow as tf


class Gate(keras.layers.Layer):
    def call(self, x):
{body}
        return x
"""
CHOOSE = "use `tf.cond(condition, true_fn, false_fn)`, or `tf.where` to choose between two tensors"


def helps(body: str, keras: str) -> list[str]:
    lines = "".join(f"        {line}\n" for line in body.splitlines()).rstrip("\n")
    found = lint_source(IN_CALL.format(body=lines), "gate.py", Settings(keras=(keras,)))
    return [each.help for each in found if each.code != "KLL301"]


@pytest.mark.parametrize(
    ("body", "keras", "expected"),
    [
        (
            "if tf.reduce_any(x < 0):\n    raise ValueError",
            "2",
            "check it with `tf.debugging.assert_*`, which runs in the graph",
        ),
        (
            "if tf.reduce_any(x < 0):\n    raise ValueError",
            "3",
            "check it before the layer is called, or on TensorFlow with `tf.debugging.assert_*`, "
            "which runs in the graph",
        ),
        (
            "if tf.reduce_any(x < 0):\n    y = x + 1\nx = x + y",
            "2",
            "set `y` on both branches, or before the `if`",
        ),
        (
            "y = 0\nfor row in x:\n    y = y + tf.reduce_mean(row)\nx = x + y",
            "2",
            "begin with a float: `y = 0.0`",
        ),
        (
            "match tf.argmax(x):\n    case 0:\n        x = x + 1",
            "2",
            f"write `if` and `elif`; or {CHOOSE}",
        ),
        ("x = x + np.prod(x)", "2", "use `tf.reduce_prod`"),
        ("x = x + np.prod(x)", "3", "use `keras.ops.prod`"),
        ("x = x + np.argmax(x)", "2", "use a function of TensorFlow with the same meaning"),  # it wants an axis there
    ],
)
def test_in_call(body: str, keras: str, expected: str) -> None:
    assert helps(body, keras) == [expected]


@pytest.mark.parametrize(
    ("given", "keras", "expected"),
    [
        ("'scale', shape=(3,)", "3", "pass everything by keyword"),
        ("shape=3", "3", "pass a tuple, such as `shape=(units,)`; for a single number `shape=()`"),
        ("shape=(7 / 2,)", "3", "divide with `//`, which gives an int"),
        ("shape=(3,), name='a/b'", "3", "write `_` in place of `/`"),
        ("shape=(3,), use_resource=True", "3", "leave `use_resource` out"),
    ],
)
def test_of_add_weight(given: str, keras: str, expected: str) -> None:
    source = f"""\
import keras


class Gate(keras.layers.Layer):
    def build(self, input_shape):
        self.scale = self.add_weight({given})
        super().build(input_shape)

    def call(self, x):
        return x * self.scale
"""
    (found,) = lint_source(source, "gate.py", Settings(keras=(keras,)))
    assert found.code == "KLL208"
    assert found.help.startswith(expected)


@pytest.mark.parametrize(
    ("parameters", "given", "expected"),
    [
        ("x, factor, *, shift=0", "x", "it takes `x`, `factor`, `shift`"),
        ("", "x", "it takes no argument"),
    ],
)
def test_of_a_function_of_the_project(parameters: str, given: str, expected: str) -> None:
    source = f"""\
import keras


def scaled({parameters}):
    return 0


class Gate(keras.layers.Layer):
    def call(self, x):
        return scaled({given})
"""
    (found,) = lint_source(source, "gate.py", Settings(keras=("3",)))
    assert (found.code, found.help) == ("KLL149", expected)


def test_the_signature_that_keras_calls() -> None:
    source = """\
import keras


class Hits(keras.metrics.Metric):
    def update_state(self, y_true, y_pred):
        pass

    def result(self):
        return 0.0
"""
    helps = [each.help for each in lint_source(source, "hits.py", Settings(keras=("3",))) if each.code == "KLL222"]
    assert helps == ["write `def update_state(self, y_true, y_pred, sample_weight=None)`"]


def test_a_label_is_not_said_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    source = IN_CALL.format(body="        if tf.reduce_sum(x) < 0:\n            x = x + 1")
    Path("gate.py").write_text(source)
    report = lint_paths(["gate.py"], Settings(keras=("3",)))
    (found,) = report.diagnostics
    reason = "`tf.reduce_sum(...)` returns one"
    assert found.message.startswith(f"`if` on a tensor: {reason} (line 8); Keras 3")
    shown = render(report, lambda _: source.splitlines())
    assert "(tensor-if): `if` on a tensor; Keras 3" in shown
    assert shown.count(reason) == 1
    assert reason in concise(report)  # which has no frame
