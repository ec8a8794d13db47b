"""KLL144: which uses of the masks of several inputs fail where there are none."""

from __future__ import annotations

import textwrap

import pytest

from keras_layer_lint import Settings, lint_source

HEAD = """
import keras
import tensorflow as tf
from keras import ops


class Subject(keras.layers.Layer):
    def call(self, PARAMETERS):
"""
UNPACK = "a, b = x\ny = a + b\n"

REPORTED = [
    "if mask is not None:\n    y = y * mask[0]",
    "if mask is not None:\n    y *= mask[1]",
    "if mask is not None:\n    y = y * tf.cast(mask[0], y.dtype)",
    "if mask is not None:\n    y = y * mask[0][:, None]",
    "if mask is not None:\n    first, second = mask\n    y = y * first",
    "if mask is not None:\n    y = tf.where(mask[0], y, 0.0)",
    "if mask is not None:\n    y = y * tf.cast(mask, y.dtype)",
    "if mask is not None:\n    if mask.shape[-1] > 2:\n        y = y * 2.0",
    "if mask is not None and mask[1] is not None:\n    y = y * mask[0]",
    "if mask is None:\n    return y\ny = y * mask[0]",
    "if mask:\n    y = y * mask[0]",
]

SILENT = [
    "if mask is not None and mask[0] is not None:\n    y = y * mask[0]",
    "if mask is not None:\n    if mask[0] is not None:\n        y = y * mask[0]",
    "if mask is not None:\n    first, second = mask\n    if first is not None:\n        y = y * first",
    "if mask is not None:\n    for one in mask:\n        if one is not None:\n            y = y * one",
    "if mask is not None and all(m is not None for m in mask):\n    y = y * mask[0]",
    "if mask is not None and None not in mask:\n    y = y * mask[0]",
    "if mask is not None:\n    mask = [m for m in mask if m is not None]\n    y = y * mask[0]",
    "if mask is None:\n    raise ValueError('masks are needed')\ny = y * mask[0]",
    "first, second = mask\ny = y * first",
    "y = self.inner(y, mask=mask)",
    "if mask is not None:\n    y = self.inner(y, mask=mask[0])",
    "mask = mask[0] if isinstance(mask, list) else mask\nif mask is not None:\n    y = y * mask",
    "if mask is not None:\n    first = None if mask[0] is None else tf.cast(mask[0], y.dtype)",
]


def codes(body: str, keras: str, parameters: str = "x, mask=None") -> list[str]:
    source = HEAD.replace("PARAMETERS", parameters) + textwrap.indent(body + "\nreturn y\n", " " * 8)
    found = lint_source(source, "subject.py", Settings(keras=(keras,), select=("KLL144",)))
    return [f"{diagnostic.code} {diagnostic.severity.label}" for diagnostic in found]


@pytest.mark.parametrize("body", REPORTED)
def test_reported_for_keras_3_only(body: str) -> None:
    assert codes(UNPACK + body, "3") == ["KLL144 error"]
    assert codes(UNPACK + body, "2") == []


@pytest.mark.parametrize("body", SILENT)
def test_silent(body: str) -> None:
    assert codes(UNPACK + body, "3") == []


@pytest.mark.parametrize(
    ("parameters", "opening"),
    [
        ("x, mask=None", "y = x * 2.0\n"),
        ("x, mask", UNPACK),
        ("x, state=None, mask=None", UNPACK),
        ("*x, mask=None", UNPACK),
        ("x, mask=None", "if isinstance(x, list):\n    a, b = x\nelse:\n    a = b = x\ny = a + b\n"),
    ],
)
def test_other_signatures(parameters: str, opening: str) -> None:
    assert codes(opening + REPORTED[0], "3", parameters) == []
