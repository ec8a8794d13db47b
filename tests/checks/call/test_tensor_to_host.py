"""KLL112: The value of a tensor is asked for on the host."""

from __future__ import annotations

import pytest

from tests.checks.cases import assert_silent, assert_told, layer

END = "a tensor has no value while it is traced, so it raises"

REPORTED = [
    # the body, how the message ends in Keras 2 and in Keras 3, other methods
    ("value = x.numpy()  # here", END, END, ""),
    ("value = ops.sum(x).item()  # here", END, END, ""),
    ("values = x.tolist()  # here", END, END, ""),
    ("value = self.w.numpy()  # here", END, END, ""),
    ("values = self.dense.get_weights()  # here", END, END, ""),
    ("value = ops.convert_to_numpy(x)  # here", END, END, ""),
    ("value = keras.backend.get_value(x)  # here", END, END, ""),
    ("x = self.read(x)", END, END, "def read(self, value):\n    return value.numpy()  # here\n"),
    ("totals = [ops.sum(block(x)) for block in self.blocks]\nvalue = totals[0].numpy()  # here", END, END, ""),
]

SILENT = [
    ("x = tf.py_function(lambda v: v.numpy(), [x], tf.float32)", ""),
    ("if hasattr(x, 'numpy'):\n    value = x.numpy()", ""),
    ("if tf.executing_eagerly():\n    value = x.numpy()", ""),
    ("try:\n    value = x.numpy()\nexcept AttributeError:\n    value = None", ""),
    ("value = self.of_somebody_else(x).numpy()", ""),
    ("values = np.ones(3).tolist()", ""),
    ("value = np.float32(self.units).item()", ""),
    ("value = keras.backend.int_shape(x)", ""),
    ("pass", "def show(self, x):\n    return self.w.numpy(), x.numpy()\n"),
    ("x = keras.backend.cast(x, 'float32')", ""),
]


@pytest.mark.parametrize(("body", "keras_2", "keras_3", "methods"), REPORTED)
def test_reported(body: str, keras_2: str, keras_3: str, methods: str) -> None:
    assert_told("KLL112", layer(call=body, methods=methods), keras_2, keras_3)


@pytest.mark.parametrize(("body", "methods"), SILENT)
def test_silent(body: str, methods: str) -> None:
    assert_silent("KLL112", layer(call=body, methods=methods))
