"""KLL103: Python goes over the elements of a tensor."""

from __future__ import annotations

import pytest

from tests.checks.cases import assert_silent, assert_told, layer

KERAS_2 = "AutoGraph converts only `for` statements, so tracing raises"
KERAS_3 = "a symbolic tensor cannot be iterated, so tracing raises"

REPORTED = [
    # the body, how the message ends in Keras 2 and in Keras 3, other methods
    ("for row in x:  # here\n    pass", "", KERAS_3, ""),
    ("for i in tf.range(3):  # here\n    x = x * 2", "", KERAS_3, ""),
    ("for i in ops.arange(self.units):  # here\n    x = x * 2", "", KERAS_3, ""),
    ("rows = [row * 2 for row in x]  # here", KERAS_2, KERAS_3, ""),
    ("total = sum(v for v in self.w)  # here", KERAS_2, KERAS_3, ""),
    ("first, second = ops.split(x, 2, axis=-1)[0]  # here", KERAS_2, KERAS_3, ""),
    ("batch, size = tf.shape(x)  # here", KERAS_2, KERAS_3, ""),
    ("rows = list(x)  # here", KERAS_2, KERAS_3, ""),
    ("x = tf.concat([*x], axis=0)  # here", KERAS_2, KERAS_3, ""),
    ("for i, row in enumerate(x):  # here\n    pass", KERAS_2, KERAS_3, ""),
    ("for block, row in zip(self.blocks, x):  # here\n    x = block(x)", KERAS_2, KERAS_3, ""),
    (
        "for row in x:  # here\n    pass\nelse:\n    x = -x",
        "tracing raises OperatorNotAllowedInGraphError",
        KERAS_3,
        "",
    ),
    (
        "x = self.first(x)",
        "a `return` cannot stand in a loop over a tensor",
        KERAS_3,
        "def first(self, value):\n    for row in value:  # here\n        return row\n",
    ),
]

SILENT = [
    ("for block in self.blocks:\n    x = block(x)", ""),
    ("for i in range(x.shape[1]):\n    x = x + self.w", ""),
    ("for part in tf.unstack(x, axis=1):\n    x = x + part", ""),
    ("for part in ops.split(x, 2, axis=-1):\n    x = x + ops.sum(part)", ""),
    ("batch, size = x.shape", ""),
    ("batch, size = tf.unstack(tf.shape(x))", ""),
    ("first, second = tf.split(x, 2, axis=-1)", ""),
    ("values, places = tf.math.top_k(x, k=2)", ""),
    ("parts = [x, -x]\nx = ops.add(*parts)", ""),
    ("for i, (block, part) in enumerate(zip(self.blocks, [x, x])):\n    x = block(part)", ""),
    ("for name, value in {'a': x}.items():\n    x = x + value", ""),
    ("if isinstance(x, (list, tuple)):\n    first, second = x", ""),
    (
        "x = self.summed(x)",
        (
            "@tf.function\n"
            "def summed(self, value):\n"
            "    total = 0.0\n"
            "    for row in value:\n"
            "        total += tf.reduce_sum(row)\n"
            "    return total\n"
        ),
    ),
    ("x = tf.map_fn(lambda row: row * 2, x)", ""),
    ("x = self.both(x, mask)", "def both(self, pair, mask):\n    first, second = mask\n    return pair[0] * first\n"),
    ("for value in self.of_somebody_else(x):\n    x = x + value", ""),
]


@pytest.mark.parametrize(("body", "keras_2", "keras_3", "methods"), REPORTED)
def test_reported(body: str, keras_2: str, keras_3: str, methods: str) -> None:
    assert_told("KLL103", layer(call=body, methods=methods), keras_2, keras_3)


@pytest.mark.parametrize(("body", "methods"), SILENT)
def test_silent(body: str, methods: str) -> None:
    assert_silent("KLL103", layer(call=body, methods=methods))


RECURRENT = [
    # a layer, how many tensors it returns, whether it is certainly one tensor
    ("layers.Bidirectional(layers.LSTM(4), merge_mode=None)", "first, second", False),
    ("layers.Bidirectional(layers.LSTM(4), None)", "first, second", False),
    ("layers.Bidirectional(layers.LSTM(4), merge_mode=units)", "first, second", False),
    ("layers.Bidirectional(layers.LSTM(4, return_state=True))", "first, *state", False),
    ("layers.LSTM(4, return_state=True)", "first, *state", False),
    ("layers.RNN(layers.GRUCell(4), return_state=flag)", "first, state", False),
    ("layers.Bidirectional(layers.LSTM(4))", "first, second", True),
    ("layers.Bidirectional(layers.LSTM(4), merge_mode='sum')", "first, second", True),
    ("layers.Bidirectional(layers.LSTM(4), 'ave')", "first, second", True),
]


@pytest.mark.parametrize(("made", "names", "is_one"), RECURRENT)
def test_recurrent_layers_may_return_several_tensors(made: str, names: str, is_one: bool) -> None:
    source = layer(init=f"self.inner = {made}", call=f"{names} = self.inner(x)" + "  # here" * is_one)
    assert_told("KLL103", source, KERAS_2 * is_one, KERAS_3 * is_one)
