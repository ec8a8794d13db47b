"""KLL143: a mask that is used and not handed on. Off unless asked for."""

from __future__ import annotations

import textwrap

import pytest

from keras_layer_lint import Settings, lint_source

HEAD = """
import keras
import tensorflow as tf


class Subject(BASE):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.dense = keras.layers.Dense(4)
        self.drop = keras.layers.Dropout(0.5)
        self.lstm = keras.layers.LSTM(4)
        SETTING

    def call(self, x, PARAMETERS):
"""
MASKED = "y = x * tf.cast(mask[..., None], x.dtype)\n"

REPORTED = [
    MASKED + "return y",
    MASKED + "return tf.nn.relu(self.dense(y)) + x",
    MASKED + "y = self.drop(y, training=True)\nreturn tf.where(mask[..., None], y, 0.0)",
    MASKED + "if self.name:\n    return x\nreturn y",
]
SILENT = [
    "return x * 2.0",
    MASKED + "return tf.reduce_sum(y, axis=1)",
    MASKED + "return self.lstm(y)",
    MASKED + "return y[:, 0]",
    MASKED + "return y, mask",
    MASKED + "return tf.transpose(y, (1, 0, 2))",
    MASKED + "if self.name:\n    return x\nreturn tf.reduce_sum(y, axis=1)",
    MASKED + "y._keras_mask = mask\nreturn y",
]


def codes(
    body: str,
    keras: str,
    *,
    base: str = "keras.layers.Layer",
    setting: str = "pass",
    parameters: str = "mask=None",
    after: str = "",
    select: tuple[str, ...] = ("KLL143",),
) -> list[str]:
    head = HEAD.replace("BASE", base).replace("SETTING", setting).replace("PARAMETERS", parameters)
    source = head + textwrap.indent(body, " " * 8) + "\n" + after
    found = lint_source(source, "subject.py", Settings(keras=(keras,), extend_select=select))
    return [f"{diagnostic.code} {diagnostic.severity.label}" for diagnostic in found if diagnostic.code == "KLL143"]


@pytest.mark.parametrize("keras", ["2", "3"])
@pytest.mark.parametrize("body", REPORTED)
def test_reported_where_asked_for(body: str, keras: str) -> None:
    assert codes(body, keras) == ["KLL143 note"]
    assert codes(body, keras, select=()) == []


@pytest.mark.parametrize("keras", ["2", "3"])
@pytest.mark.parametrize("body", SILENT)
def test_silent(body: str, keras: str) -> None:
    assert codes(body, keras) == []


def test_classes_that_hand_it_on_or_take_no_keras_mask() -> None:
    body = REPORTED[0]
    compute = "\n    def compute_mask(self, inputs, mask=None):\n        return mask\n"
    assert codes(body, "3", setting="self.supports_masking = True") == []
    assert codes(body, "3", after=compute) == []
    assert codes(body, "3", after="\n    supports_masking = True\n") == []
    assert codes(body, "3", parameters="mask") == []
    assert codes(body, "3", base="keras.layers.Dense") == []
    assert codes(body, "3", base="keras.Model") == []
