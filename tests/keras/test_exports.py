"""Which names of Keras are there under a generation."""

from __future__ import annotations

import pytest

from keras_layer_lint.keras.exports import exists
from keras_layer_lint.target import Generation


@pytest.mark.parametrize(
    ("name", "keras_2", "keras_3"),
    [
        ("keras.ops", False, True),
        ("tensorflow.keras.ops", False, True),
        ("keras.layers.Dense", True, True),
        ("keras.backend.sum", True, False),
        ("tensorflow.keras.layers.AbstractRNNCell", True, False),
        ("keras.layers.experimental.preprocessing", True, False),
        ("keras.preprocessing.text", True, False),
        ("tensorflow.keras.preprocessing.text", True, True),
        # Older releases of Keras 2 had more than the last one.
        ("keras.engine", None, False),
        # An import finds it, and `hasattr` does not before that.
        ("tensorflow.keras.saving", True, None),
        # Of private modules, and of what objects have, nothing is known.
        ("keras.src.layers", None, None),
        ("keras.layers.Dense.units", None, None),
        ("tf_keras.layers.Dense", True, None),
        ("tensorflow.reduce_sum", True, True),
        ("tensorflow.Session", False, False),
        ("tensorflow.math.abs", None, None),
        ("numpy.abs", None, None),
    ],
)
def test_exists(name: str, keras_2: bool | None, keras_3: bool | None) -> None:
    assert (exists(name, Generation.KERAS2), exists(name, Generation.KERAS3)) == (keras_2, keras_3)
