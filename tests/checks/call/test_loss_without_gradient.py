"""KLL407: A loss is computed from the prediction by functions that have no gradient."""

from __future__ import annotations

import textwrap

import pytest

from keras_layer_lint import Settings, lint_source
from tests.checks.cases import HEADER, assert_silent, assert_told

END = "`fit` raises ValueError, for no weight gets one"
LOSS = """\
from keras import ops
from keras import backend as K


class Subject({base}):
    def call(self, y_true, y_pred):  # here
{body}

{more}
"""
REPORTED = [
    "return tf.cast(tf.argmax(y_pred, axis=-1) == tf.argmax(y_true, axis=-1), tf.float32)",
    "return ops.abs(y_true - ops.round(y_pred))",
    "hard = ops.cast(y_pred > 0.5, 'float32')\nreturn ops.mean(y_true * hard)",
    "y_pred = K.cast(y_pred, 'int32')\nreturn ops.cast(y_pred, 'float32') - y_true",
    "wrong = ops.not_equal(ops.argsort(y_pred), y_true)\nloss = ops.cast(wrong, 'float32')\nreturn loss + 1.0",
    "a, b = y_pred > 0.5, y_true > 0.5\nreturn ops.mean(ops.cast(a & b, 'float32'))",
    "y_pred = tf.stop_gradient(y_pred)\nreturn tf.square(y_true - y_pred)",
    "return tf.reduce_sum(tf.one_hot(tf.math.argmax(y_pred, -1), 4) * y_true, axis=-1)",
    "y_pred = tf.round(y_pred)\nif self.from_logits:\n    y_pred = tf.sigmoid(y_pred)\nreturn y_true - y_pred",
    "if self.hard:\n    y_pred = tf.round(y_pred)\nelse:\n    y_pred = tf.argmax(y_pred, -1)\nreturn y_true - y_pred",
    "if self.hard:\n    return y_true - tf.round(y_pred)\nreturn tf.cast(y_pred > 0.5, 'float32')",
    "total = 0.0\nfor weight in self.weights:\n    total += weight * tf.round(y_pred)\nreturn total",
    "with tf.name_scope('loss'):\n    y_pred = tf.round(y_pred)\nreturn y_true - y_pred",
    "y_pred = ops.round(y_pred)\nsizes = [ops.sum(part) for part in y_true]\nreturn sum(sizes) - y_pred",
    "y_pred = ops.round(y_pred)\nreturn ops.vectorized_map(lambda pair: pair[0] - pair[1], (y_true, y_pred))",
    "if y_pred.shape.rank > 2:\n    raise ValueError(y_pred)\nreturn tf.round(y_pred) - y_true",
]
SILENT = [
    "return ops.square(y_true - y_pred)",
    "return ops.where(y_pred > 0.5, y_pred, y_true)",
    "hard = ops.cast(y_pred > 0.5, y_pred.dtype)\nreturn hard * y_pred",
    "return y_pred + tf.stop_gradient(tf.round(y_pred) - y_pred)",
    "return self.score(y_pred > 0.5, y_pred)",
    "return tf.cast(y_pred, tf.float32) - y_true",
    "return straight_through(tf.round)(y_pred)",
    "if self.hard:\n    y_pred = tf.round(y_pred)\nreturn y_true - y_pred",
    "if self.hard:\n    return y_true - tf.round(y_pred)\nreturn y_true - y_pred",
    "last = y_true\nfor step in range(2):\n    loss = tf.round(y_pred) - last\n    last = y_pred\nreturn loss",
    "while self.more:\n    y_true = y_pred\nreturn tf.round(y_pred) - y_true",
    "for y_true in [y_pred]:\n    pass\nreturn tf.round(y_pred) - y_true",
    "with self.scope(y_pred) as y_true:\n    pass\nreturn tf.round(y_pred) - y_true",
    "try:\n    return tf.round(y_pred) - y_true\nexcept ValueError:\n    return y_pred",
    "self.kept = y_pred\nreturn tf.round(y_pred) - y_true",
    "return ops.square(y_true)",
    "return tf.map_fn(lambda each: tf.round(each), y_pred)",
    "return round_somehow(y_pred)",
    "hard = tf.round(y_pred)\nreturn sum([part for part in y_pred]) - hard",
    "hard = tf.round(y_pred)\nreturn tf.map_fn(lambda each: each - y_pred, hard)",
]


def loss(body: str, base: str = "keras.losses.Loss", more: str = "") -> str:
    return LOSS.format(base=base, body=textwrap.indent(body, " " * 8), more=more)


@pytest.mark.parametrize("body", REPORTED)
def test_reported(body: str) -> None:
    assert_told("KLL407", loss(body), END, END)


@pytest.mark.parametrize("body", SILENT)
def test_silent(body: str) -> None:
    assert_silent("KLL407", loss(body))


CALL = """\
    def __call__(self, y_true, y_pred, sample_weight=None):
        {}
"""
HANDED_ON = [
    "return super().__call__(y_true, y_pred, sample_weight)",
    "losses = super().__call__(y_true, y_pred, None)\n        return losses if sample_weight is None else losses * 2.0",
]
NOT_HANDED_ON = [
    "return super().__call__(y_true, tf.cast(y_pred, tf.float32))",
    "y_pred = self.net(y_pred)\n        return super().__call__(y_true, y_pred)",
    "return self.call(y_true, y_pred)",
    "if sample_weight is None:\n            return y_pred\n        return super().__call__(y_true, y_pred)",
    "return super().__call__(*self.both(y_true, y_pred))",
]


@pytest.mark.parametrize("body", HANDED_ON)
def test_a_call_of_its_own_that_hands_on(body: str) -> None:
    assert_told("KLL407", loss("return tf.round(y_pred) - y_true", more=CALL.format(body)), END, END)


@pytest.mark.parametrize("body", NOT_HANDED_ON)
def test_a_call_of_its_own_that_does_more(body: str) -> None:
    assert_silent("KLL407", loss("return tf.round(y_pred) - y_true", more=CALL.format(body)))


@pytest.mark.parametrize(
    "parts", [{"base": "keras.metrics.Metric"}, {"more": "    def __call__(self, a, b):\n        return b"}]
)
def test_what_is_no_plain_loss(parts: dict[str, str]) -> None:
    assert_silent("KLL407", loss("return tf.round(y_pred) - y_true", **parts))


def test_silent_on_jax() -> None:
    text = HEADER.replace("import tensorflow as tf\n", "") + loss("return ops.round(y_pred) - y_true")
    assert lint_source(text, "example.py", Settings(keras=("3",), backend="jax", select=("KLL407",))) == ()
