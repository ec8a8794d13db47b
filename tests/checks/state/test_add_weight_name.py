"""KLL209: Weights without a name, or of one name, which Keras 2 cannot save to `.h5`."""

from __future__ import annotations

import pytest

from tests.checks.cases import assert_silent, assert_told, layer

KERAS_2 = "saving raises ValueError"

REPORTED = [
    # the body, how the message ends in Keras 2 and in Keras 3
    ("self.a = self.add_weight(shape=())\nself.b = self.add_weight(shape=())  # here", KERAS_2, ""),
    (
        ("self.a = self.add_weight(name='a', shape=())\nself.b = self.add_weight(name='a', shape=())  # here"),
        KERAS_2,
        "",
    ),
    ("self.a = tf.Variable(1.0)\nself.b = tf.Variable(2.0)  # here", KERAS_2, ""),
]

SILENT = [
    ("self.a = self.add_weight(name='a', shape=())\nself.b = self.add_weight(name='b', shape=())"),
    "self.a = self.add_weight(shape=())",
    "self.a = [self.add_weight(name=f'a{i}', shape=()) for i in range(3)]",
    ("if self.flag:\n    self.a = self.add_weight(shape=())\nelse:\n    self.a = self.add_weight(shape=())"),
    ("for scope in 'ab':\n    with tf.name_scope(scope):\n        self.a = self.add_weight(name='a', shape=())"),
    ("self.a = self.add_weight(name=self.name, shape=())\nself.b = self.add_weight(name=self.name + '_b', shape=())"),
    ("if self.flag:\n    self.a = self.add_weight(name='a', shape=())\nself.b = self.add_weight(name='a', shape=())"),
]


@pytest.mark.parametrize(("body", "keras_2", "keras_3"), REPORTED)
def test_reported(body: str, keras_2: str, keras_3: str) -> None:
    assert_told("KLL209", layer(build=body), keras_2, keras_3)


@pytest.mark.parametrize("body", SILENT)
def test_silent(body: str) -> None:
    assert_silent("KLL209", layer(build=body))
