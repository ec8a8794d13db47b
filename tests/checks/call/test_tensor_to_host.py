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
    ("value = self.dense.predict(x)  # here", END, END, ""),
    ("value = self.flag.predict_on_batch(x)  # here", END, END, ""),
    ("value = keras.backend.get_value(x)  # here", END, END, ""),
    ("x = self.read(x)", END, END, "def read(self, value):\n    return value.numpy()  # here\n"),
    ("totals = [ops.sum(block(x)) for block in self.blocks]\nvalue = totals[0].numpy()  # here", END, END, ""),
]

SILENT = [
    ("value = self.flag.predict(x)", ""),
    ("value = self.flag.predict_on_batch(self.units)", ""),
    ("value = self.predict(x)", "def predict(self, x):\n    return x\n"),
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


REBOUND = """\
class Subject(layers.Layer):
    def call(self, x, edges=None):
        {start}
        {read}
        return x
"""
STARTS = [
    "if isinstance(x, (tuple, list)): x, edges = x[0], x[1]",
    "if edges is None and isinstance(x, list): x = x[0]",
    "x = x if edges is None else keras.ops.argmax(x, axis=-1)",
    "if edges is not None: x = keras.ops.add(x, edges)",
]


@pytest.mark.parametrize("start", STARTS)
def test_an_argument_that_some_path_replaces(start: str) -> None:
    source = REBOUND.format(start=start, read="labels = keras.ops.convert_to_numpy(x)  # here")
    assert_told("KLL112", source, END, END)


@pytest.mark.parametrize(
    ("start", "read"),
    [
        (STARTS[0], "labels = keras.ops.convert_to_numpy(self.table)"),
        (STARTS[2], "labels = keras.ops.convert_to_tensor(x)"),
        ("x = unknown(x)", "labels = keras.ops.convert_to_numpy(x)"),
        ("n = x.shape[-1]", "labels = keras.ops.convert_to_numpy(n)"),
    ],
)
def test_what_is_no_argument(start: str, read: str) -> None:
    assert_silent("KLL112", REBOUND.format(start=start, read=read))


TWIN = """\
class Twin(keras.Model):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.fast = layers.Dense(3)
        self.slow = layers.Dense(3)

    def call(self, x):
        return self.fast(x) - self.slow(x)

    def {method}(self, data):
        {body}
        return {{}}
"""


@pytest.mark.parametrize("method", ["train_step", "test_step", "predict_step"])
@pytest.mark.parametrize(
    "body", ["self.slow.set_weights(self.fast.get_weights())  # here", "w = self.get_weights()  # here"]
)
def test_all_weights_in_a_step(method: str, body: str) -> None:
    assert_told("KLL112", TWIN.format(method=method, body=body), END, END)


@pytest.mark.parametrize(
    ("method", "body"),
    [
        ("sync", "self.slow.set_weights(self.fast.get_weights())"),
        ("on_epoch_end", "w = self.fast.get_weights()"),
        ("train_step", "w = self.fast.trainable_variables"),
        ("train_step", "for a, b in zip(self.fast.weights, self.slow.weights): b.assign(a)"),
    ],
)
def test_weights_outside_of_traces(method: str, body: str) -> None:
    assert_silent("KLL112", TWIN.format(method=method, body=body))


def test_a_layer_of_the_project_may_have_a_method_of_the_name() -> None:
    inner = "class Inner(layers.Layer):\n    def predict(self, x):\n        return x\n\n\n"
    assert_silent("KLL112", inner + layer(call="value = self.inner.predict(x)", init="self.inner = Inner()"))
