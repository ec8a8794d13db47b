"""KLL151: XLA has no kernel for an operation."""

from __future__ import annotations

import pytest

from tests.checks.cases import assert_silent, assert_told, layer

KERAS_2 = "the layer fails with `jit_compile=True`"
KERAS_3 = "is what Keras 3 chooses where there is a GPU"

REPORTED = [
    # the body, how the message ends in Keras 2 and in Keras 3, other methods
    ("tf.print('values', x)  # here", KERAS_2, KERAS_3, ""),
    ("x = tf.numpy_function(lambda v: v, [x], tf.float32)  # here", KERAS_2, KERAS_3, ""),
    ("if x.dtype == tf.string:\n    return x\nx = tf.sets.difference(x, x)  # here", KERAS_2, KERAS_3, ""),
    ("t = tf.constant(['a', 'b'])\ny = tf.gather(t, training)  # here", KERAS_2, KERAS_3, ""),
    ("t = ops.convert_to_tensor(self.units, dtype='string')\ny = ops.take(t, x)  # here", KERAS_2, KERAS_3, ""),
    ("x = tf.image.resize(x, (4, 4), 'area')  # here", KERAS_2, KERAS_3, ""),
    ("x = tf.image.resize(x, (4, 4), antialias=True)  # here", KERAS_2, KERAS_3, ""),
    ("x = keras.random.gamma(ops.shape(x), 0.5)  # here", KERAS_2, KERAS_3, ""),
    ("x = tf.math.segment_sum(x, [0, 0, 1])  # here", KERAS_2, KERAS_3, ""),
    # Keras 3 has it under one of these names, and there is nothing to compile under the other.
    ("x = keras.backend.ctc_batch_cost(x, x, x, x)  # here", KERAS_2, "", ""),
    ("x = tf.keras.backend.ctc_batch_cost(x, x, x, x)  # here", KERAS_2, KERAS_3, ""),
    ("self.show(x)", KERAS_2, KERAS_3, "def show(self, value):\n    tf.print(value)  # here\n"),
    ("from tensorflow import print as show\nshow(x)  # here", KERAS_2, KERAS_3, ""),
]

SILENT = [
    ("tf.debugging.assert_positive(x)", ""),
    ("x = tf.boolean_mask(x, x > 0)", ""),
    ("y = tf.gather(tf.constant([1.0, 2.0]), training)", ""),
    ("y = tf.gather(x, 1)", ""),
    ("t = tf.constant(['a', 'b'])", ""),
    ("x = ops.inner(x, x)", ""),  # fails for some shapes only
    ("x = tf.image.resize(x, (4, 4))", ""),
    ("x = tf.image.resize(x, (4, 4), method=self.name)", ""),
    ("x = tf.where(x > 0, x, -x)", ""),
    ("values, places = tf.unique(x)", ""),
    ("x = tf.map_fn(lambda v: v * v, x)", ""),
    ("x = tf.strings.lower(x)", ""),
    ("x = tf.py_function(lambda v: pd.to_datetime(v.numpy()), [x], tf.float32)", ""),
    ("x = tf.py_function(lambda v: [len(w.decode('utf-8')) for w in v.numpy()], [x], tf.float32)", ""),
    ("if isinstance(x, tf.RaggedTensor):\n    x = x.to_tensor()", ""),
    ("print(x.shape)", ""),
    ("pass", "def show(self, x):\n    tf.print(x)\n"),
]


@pytest.mark.parametrize(("body", "keras_2", "keras_3", "methods"), REPORTED)
def test_reported(body: str, keras_2: str, keras_3: str, methods: str) -> None:
    assert_told("KLL151", layer(call=body, methods=methods), keras_2, keras_3)


@pytest.mark.parametrize(("body", "methods"), SILENT)
def test_silent(body: str, methods: str) -> None:
    assert_silent("KLL151", layer(call=body, methods=methods))
