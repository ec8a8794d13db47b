"""KLL145: what Keras 3 refuses by position."""

from __future__ import annotations

import textwrap

import pytest

from keras_layer_lint import Settings, lint_source

HEAD = """
import keras
import numpy as np
import tensorflow as tf


class Inner(keras.layers.Layer):
    def call(self, x, flag=False, training=None):
        return x


class Free(keras.layers.Layer):
    def __call__(self, x, flag):
        return x

    def call(self, x, flag):
        return x


class Open(keras.layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self._allow_non_tensor_positional_args = True

    def call(self, x, flag):
        return x


class Subject(keras.layers.Layer):
    def __init__(self, flag=True, other=None, **kwargs):
        super().__init__(**kwargs)
        self.flag = flag
        self.inner = Inner()
        self.free = Free()
        self.open = Open()
        self.other = other
        self.drop = keras.layers.Dropout(0.5)
        self.attention = keras.layers.MultiHeadAttention(2, 4)
        self.words = keras.layers.StringLookup()
        self.model = keras.Sequential([keras.layers.Dense(4)])
        self.w = self.add_weight(shape=(4,), name="w")

    def helper(self, x, training):
        return self.drop(x, training)

    def call(self, x, mask=None, training=None):
"""

REPORTED = [
    ("x = self.drop(x, training)", "`training` is given by position to `Dropout`; it is True or False in `fit`"),
    ("x = self.drop(x, True)", "`True` is given by position to `Dropout`; it is bool"),
    ("x = self.inner(x, 'a')", "`'a'` is given by position to `Inner`; it is str"),
    ("x = self.inner(x, [1, 2])", "`[1, 2]` is given by position to `Inner`; it is int"),
    ("x = self.inner(x, x.shape[1])", "`x.shape[1]` is given by position to `Inner`; it is int"),
    ("x = self.inner(x, x.shape)", "`x.shape` is given by position to `Inner`; it is a shape"),
    ("x = self.helper(x, training)", "`training` is given by position to `Dropout`"),
]

SILENT = [
    "x = self.drop(x, training=training)",
    "x = self.inner(x, None)",
    "x = self.inner(x, x)",
    "x = self.inner(x, mask)",
    "x = self.inner(x, self.w)",
    "x = self.inner(x, np.ones(4))",
    "x = self.inner(x, self.flag)",
    "x = self.attention(x, x)",
    "x = self.free(x, True)",
    "x = self.open(x, True)",
    "x = self.other(x, True)",
    "x = self.words(['a'])",
    "x = self.model(x, True)",
    "x = self.drop.call(x, True)",
    "x = super().call(x, True)",
    "x = self.helper(x, None)",
]


def messages(body: str, keras: str) -> list[str]:
    source = HEAD + textwrap.indent(body + "\nreturn x\n", " " * 8)
    found = lint_source(source, "subject.py", Settings(keras=(keras,), select=("KLL145",)))
    return [f"{diagnostic.severity.label} {diagnostic.message}" for diagnostic in found]


@pytest.mark.parametrize(("body", "opening"), REPORTED)
def test_reported_for_keras_3_only(body: str, opening: str) -> None:
    (message,) = messages(body, "3")
    assert message.startswith(f"error {opening}")
    assert "Keras 3 takes only tensors by position" in message
    assert messages(body, "2") == []


@pytest.mark.parametrize("body", SILENT)
def test_silent(body: str) -> None:
    assert messages(body, "3") == []


def test_in_a_loss() -> None:
    source = """
        import keras

        class Noisy(keras.losses.Loss):
            def __init__(self):
                super().__init__()
                self.noise = keras.layers.GaussianNoise(0.1)

            def call(self, y_true, y_pred):
                return y_true - self.noise(y_pred, True)
        """
    found = lint_source(textwrap.dedent(source), "loss.py", Settings(keras=("3",), select=("KLL145",)))
    assert [each.span.line for each in found] == [10]
