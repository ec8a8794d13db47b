"""Names that no version of TensorFlow or Keras has, one letter away from one that is there."""

from __future__ import annotations

import pytest

from keras_layer_lint.keras.misspelt import misspelt


@pytest.mark.parametrize(
    ("name", "written", "meant"),
    [
        ("tensorflow.functin", "tensorflow.functin", "tensorflow.function"),
        ("tensorflow.boradcast_to", "tensorflow.boradcast_to", "tensorflow.broadcast_to"),
        ("tensorflow.zero_like", "tensorflow.zero_like", "tensorflow.zeros_like"),
        ("tensorflow.keras.layers.Droput", "tensorflow.keras.layers.Droput", "tensorflow.keras.layers.Dropout"),
        ("tf_keras.layers.Droput", "tf_keras.layers.Droput", "tf_keras.layers.Dropout"),
        ("keras.intializers.Ones", "keras.intializers", "keras.initializers"),
        ("keras.ops.concatenat", "keras.ops.concatenat", "keras.ops.concatenate"),
    ],
)
def test_a_letter_is_wrong(name: str, written: str, meant: str) -> None:
    assert misspelt(name) == (written, meant)


@pytest.mark.parametrize(
    "name",
    [
        "tensorflow.function",
        "keras.layers.Dense.units",  # what objects have is not known
        "tensorflow.elu",  # short names are near to each other
        "keras.optimizers.adam",  # Keras had names in small letters, too
        "keras.regularizer.l2",  # and names without the `s`
        "keras.layers.Conv4D",
        "tensorflow.Print",  # TensorFlow 1 has it
        "keras.backend.sum",  # Keras 2 has it
        "keras.layers.came_with_a_later_version",
        "keras.src.layrs",
        "numpy.arrange",
    ],
)
def test_nothing_is_said(name: str) -> None:
    assert misspelt(name) is None
