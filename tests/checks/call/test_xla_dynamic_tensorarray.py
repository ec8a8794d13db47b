"""KLL153: A `TensorArray` that grows, which XLA cannot."""

from __future__ import annotations

import pytest

from tests.checks.cases import assert_silent, assert_told, layer

END = "its gradient fails or ends the process"

REPORTED = [
    # the body, how the message ends in Keras 2 and in Keras 3, other methods
    (
        ("array = tf.TensorArray(tf.float32, size=0, dynamic_size=True)  # here\nx = array.write(0, x).stack()"),
        END,
        END,
        "",
    ),
    (
        "array = tf.TensorArray(x.dtype, 3, True)  # here\nx = array.write(0, x).stack()",
        "with `jit_compile=True`, its gradient fails or ends the process",
        "is what Keras 3 chooses where there is a GPU, its gradient fails or ends the process",
        "",
    ),
    (
        "x = self.made().write(0, x).stack()",
        END,
        END,
        "def made(self):\n    return tf.TensorArray(tf.float32, 0, dynamic_size=True)  # here\n",
    ),
]

SILENT = [
    ("array = tf.TensorArray(tf.float32, size=3)\nx = array.write(0, x).stack()", ""),
    ("array = tf.TensorArray(tf.float32, 3, False)\nx = array.write(0, x).stack()", ""),
    (("array = tf.TensorArray(tf.float32, 3, dynamic_size=self.flag)\nx = array.write(0, x).stack()"), ""),
    ("pass", "def made(self):\n    return tf.TensorArray(tf.float32, 0, dynamic_size=True)\n"),
]


@pytest.mark.parametrize(("body", "keras_2", "keras_3", "methods"), REPORTED)
def test_reported(body: str, keras_2: str, keras_3: str, methods: str) -> None:
    assert_told("KLL153", layer(call=body, methods=methods), keras_2, keras_3)


@pytest.mark.parametrize(("body", "methods"), SILENT)
def test_silent(body: str, methods: str) -> None:
    assert_silent("KLL153", layer(call=body, methods=methods))
