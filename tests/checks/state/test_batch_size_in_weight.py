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
    *(
        (f"self.inner = layers.{made}  # here", KERAS_2, KERAS_2, "")
        for made in (
            "Dense(input_shape[0])",
            "Dense(units=input_shape[0], use_bias=False)",
            "Conv1D(input_shape[0], 3)",
            "Embedding(4, input_shape[0])",
            "LSTM(input_shape[0])",
            "MultiHeadAttention(2, key_dim=input_shape[0])",
        )
    ),
    ("last = input_shape[0]\nself.inner = [layers.Dense(last) for _ in range(3)]  # here", KERAS_2, KERAS_2, ""),
    (
        "self.grow(input_shape)",
        KERAS_2,
        KERAS_3,
        ("def grow(self, shape):\n    self.v = self.add_weight(name='v', shape=(shape[0],))  # here\n"),
    ),
]

SILENT = [
    "self.inner = layers.Dense(input_shape[-1])",
    "self.inner = layers.Dense(len(input_shape[0]))",
    "self.inner = layers.Reshape((input_shape[0], -1))",
    "self.inner = layers.Dense(4, name=str(input_shape[0]))",
    "size = self.units if self.flag else input_shape[0]\nself.inner = layers.Dense(size)",
    "self.inner = Unknown(input_shape[0])",
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
