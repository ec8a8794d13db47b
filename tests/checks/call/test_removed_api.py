"""KLL147: what is gone depends on the name it is imported by, and on the base class."""

from __future__ import annotations

import textwrap

import pytest

from keras_layer_lint import Settings, lint_source
from keras_layer_lint.keras.removed_api import is_removed, is_removed_from

HEAD = """
import keras
import tensorflow as tf
from keras import backend as K
from tensorflow.keras import backend as TK
from tensorflow.keras.layers import LocallyConnected1D


class Subject(BASE):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self._updates = []

    def call(self, x, training=None):
"""

REPORTED = [
    (
        "x = K.sum(x)",
        "`K.sum`: Keras 3 has no `keras.backend.sum`, so `call` raises AttributeError",
        "use `keras.ops.sum`",
    ),
    (
        "x = TK.in_train_phase(x, x)",
        "`TK.in_train_phase`: Keras 3 has no `tf.keras.backend.in_train_phase`",
        "write `if training:`",
    ),
    (
        "x = LocallyConnected1D(2, 2)(x)",
        "`LocallyConnected1D`: Keras 3 has no `tf.keras.layers.LocallyConnected1D`",
        "",
    ),
    (
        "self.add_metric(x)",
        "`self.add_metric`: in Keras 3 layers have only a stub of it",
        "keep a `keras.metrics.Mean`",
    ),
    ("self.add_update(x)", "`self.add_update`: in Keras 3 layers do not have it", "assign to the weight"),
    ("x = x * self.input_shape[-1]", "`self.input_shape`: in Keras 3 layers do not have it", "keep what `build"),
    (
        "self._trainable_weights.append(x)",
        "`self._trainable_weights`: in Keras 3 layers do not have it",
        "use `add_weight`",
    ),
]

SILENT = [
    "x = TK.sum(x)",
    "x = x * K.epsilon()",
    "self._updates.append(x)",
    "self.add_loss(x)",
    "x = x * self.trainable_weights[0]",
    "x = tf.cast(x, self.compute_dtype)",
    "try:\n    self.add_metric(x)\nexcept NotImplementedError:\n    pass",
    "if hasattr(self, 'add_update'):\n    self.add_update(x)",
]


def found(body: str, keras: str, base: str = "keras.layers.Layer") -> list[tuple[str, str]]:
    source = HEAD.replace("BASE", base) + textwrap.indent(body + "\nreturn x\n", " " * 8)
    diagnostics = lint_source(source, "subject.py", Settings(keras=(keras,), select=("KLL147",)))
    assert all(diagnostic.severity.label == "error" for diagnostic in diagnostics)
    return [(diagnostic.message, diagnostic.help) for diagnostic in diagnostics]


@pytest.mark.parametrize(("body", "message", "help_opens"), REPORTED)
def test_reported_for_keras_3_only(body: str, message: str, help_opens: str) -> None:
    ((said, helps),) = found(body, "3")
    assert said.startswith(message)
    assert helps.startswith(help_opens)
    assert found(body, "2") == []


@pytest.mark.parametrize("body", SILENT)
def test_silent(body: str) -> None:
    assert found(body, "3") == []


def test_base_class_decides() -> None:
    assert found("x = x * self.input_shape[-1]", "3", "keras.Model") == []
    assert found("if self.stateful:\n    x = x * 2.0", "3", "keras.layers.LSTM") == []
    assert found("if self.stateful:\n    x = x * 2.0", "3") != []
    assert found("x = x * self.input_shape[-1]", "3", "Unknown") == []


def test_tables() -> None:
    assert is_removed("keras.backend.sum")
    assert not is_removed("tensorflow.keras.backend.sum")
    assert is_removed("tensorflow.keras.backend.learning_phase")
    assert is_removed("tensorflow.keras.layers.experimental.preprocessing.Rescaling")
    assert not is_removed("keras.ops.sum")
    assert not is_removed("keras.layers.Dense")
    assert is_removed_from("keras.layers.Layer", "add_update")
    assert is_removed_from("keras.layers.Dense", "add_update")
    assert not is_removed_from("keras.Model", "optimizer")
