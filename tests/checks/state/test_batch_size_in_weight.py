"""KLL210: The batch size, unknown while a model is built, stands in the shape of a weight."""

from __future__ import annotations

import pytest

from tests.checks.cases import assert_silent, assert_told, layer

KERAS_2 = "TypeError or ValueError"
KERAS_3 = "ValueError"

REPORTED = [
    # the body, how the message ends in Keras 2 and in Keras 3, other methods
    ("self.v = self.add_weight(name='v', shape=input_shape)  # here", KERAS_2, KERAS_3, ""),
    ("self.v = self.add_weight(name='v', shape=(input_shape[0], 4))  # here", KERAS_2, KERAS_3, ""),
    (
        ("batch, size = input_shape\nself.v = self.add_weight(name='v', shape=(batch, size))  # here"),
        KERAS_2,
        KERAS_3,
        "",
    ),
    (
        "self.grow(input_shape)",
        KERAS_2,
        KERAS_3,
        ("def grow(self, shape):\n    self.v = self.add_weight(name='v', shape=(shape[0],))  # here\n"),
    ),
]

SILENT = [
    "self.v = self.add_weight(name='v', shape=input_shape[1:])",
    "self.v = self.add_weight(name='v', shape=(input_shape[-1], 4))",
    ("first, second = input_shape\nself.v = self.add_weight(name='v', shape=(first[-1], second[-1]))"),
    "_, *others = input_shape\nself.v = self.add_weight(name='v', shape=others)",
    ("shape = tf.TensorShape(input_shape).as_list()\nself.v = self.add_weight(name='v', shape=shape[1:])"),
    "self.v = self.add_weight(name='v', shape=self.shape_of_somebody_else(input_shape))",
    "rank = len(input_shape)\nself.v = self.add_weight(name='v', shape=(rank,))",
    "self.v = self.add_weight(name='v', shape=[1] * (len(input_shape) - 1) + [input_shape[-1]])",
]


@pytest.mark.parametrize(("body", "keras_2", "keras_3", "methods"), REPORTED)
def test_reported(body: str, keras_2: str, keras_3: str, methods: str) -> None:
    assert_told("KLL210", layer(build=body, methods=methods), keras_2, keras_3)


@pytest.mark.parametrize("body", SILENT)
def test_silent(body: str) -> None:
    assert_silent("KLL210", layer(build=body))
