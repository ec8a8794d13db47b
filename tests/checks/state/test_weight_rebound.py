"""KLL214: An attribute that held a weight holds a tensor."""

from __future__ import annotations

import pytest

from tests.checks.cases import assert_silent, assert_told, layer

KERAS_2 = "Keras 2 drops the weight, which is no longer trained"
KERAS_3 = "the weight is kept, but nothing uses it and it gets no gradient"

REPORTED = [
    # the body, how the message ends in Keras 2 and in Keras 3, other methods
    ("self.w = tf.abs(self.w)  # here", KERAS_2, KERAS_3, ""),
    ("self.w = self.w * 2.0  # here", KERAS_2, KERAS_3, ""),
    ("if self.flag:\n    self.w = -1.0 * self.w  # here", KERAS_2, KERAS_3, ""),
    ("self.v = self.add_weight(name='v', shape=())\nself.v = keras.ops.relu(self.v)  # here", KERAS_2, KERAS_3, ""),
    ("self.clip()", KERAS_2, KERAS_3, "def clip(self):\n    self.w = tf.clip_by_value(self.w, 0.0, 1.0)  # here\n"),
]

SILENT = [
    "self.clipped = tf.abs(self.w)",
    "self.w.assign(tf.ones((4,)))",
    "self.w = self.add_weight(name='other', shape=())",
    "self.v = None\nself.v = self.add_weight(name='v', shape=())",
    ("if self.flag:\n    self.v = self.add_weight(name='v', shape=())\nelse:\n    self.v = tf.ones(())"),
    "w = self.w\nw = tf.abs(w)",
    "self.w = self.of_somebody_else(self.w)",
]


@pytest.mark.parametrize(("body", "keras_2", "keras_3", "methods"), REPORTED)
def test_reported(body: str, keras_2: str, keras_3: str, methods: str) -> None:
    assert_told("KLL214", layer(build=body, methods=methods), keras_2, keras_3)


@pytest.mark.parametrize("body", SILENT)
def test_silent(body: str) -> None:
    assert_silent("KLL214", layer(build=body))
