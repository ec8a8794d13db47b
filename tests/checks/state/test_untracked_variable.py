"""KLL205: A variable that Keras 3 does not track."""

from __future__ import annotations

import pytest

from tests.checks.cases import assert_silent, assert_told, layer

KERAS_3 = "it is silently neither trained nor saved in `.keras` and `.weights.h5` files"

REPORTED = [
    # the body, how the message ends in Keras 2 and in Keras 3, other methods
    ("self.v = tf.Variable(1.0)  # here", "", KERAS_3, ""),
    ("self.v = [tf.Variable(1.0, name=str(i)) for i in range(3)]  # here", "", KERAS_3, ""),
    ("self.v = {'a': tf.Variable(1.0)}  # here", "", KERAS_3, ""),
    (
        "self.v = tf.Variable(0, trainable=False)  # here",
        "",
        "it is silently not saved in `.keras` and `.weights.h5` files",
        "",
    ),
    ("from tensorflow import Variable\nself.v = Variable(1.0)  # here", "", KERAS_3, ""),
    ("self.grow()", "", KERAS_3, "def grow(self):\n    self.v = tf.Variable(1.0)  # here\n"),
]

SILENT = [
    ("self.v = keras.Variable(1.0)", ""),
    ("self.v = self.add_weight(name='v', shape=())", ""),
    ("v = tf.Variable(1.0)", ""),
    ("self.v = tf.constant(1.0)", ""),
    ("self.v = np.zeros(4)", ""),
    ("self.v = None", ""),
    ("self.v = tf.Variable(1.0)", "def save_own_variables(self, store):\n    store['v'] = self.v\n"),
    ("pass", "def grow(self):\n    return tf.Variable(1.0)\n"),
]


@pytest.mark.parametrize(("body", "keras_2", "keras_3", "methods"), REPORTED)
def test_reported(body: str, keras_2: str, keras_3: str, methods: str) -> None:
    assert_told("KLL205", layer(init=body, methods=methods), keras_2, keras_3)


@pytest.mark.parametrize(("body", "methods"), SILENT)
def test_silent(body: str, methods: str) -> None:
    assert_silent("KLL205", layer(init=body, methods=methods))
