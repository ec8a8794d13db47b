"""KLL113: A tensor is made a Python number."""

from __future__ import annotations

import pytest

from tests.checks.cases import assert_silent, assert_told, layer

END = "it raises TypeError"

REPORTED = [
    # the body, how the message ends in Keras 2 and in Keras 3, other methods
    ("value = float(ops.sum(x))  # here", "", END, ""),
    ("size = int(tf.shape(x)[0])  # here", "", END, ""),
    ("size = len(x)  # here", "", END, ""),
    ("for i in range(tf.shape(x)[1]):  # here\n    x = x * 2", "", END, ""),
    ("root = math.sqrt(ops.sum(x))  # here", END, END, ""),
    ("text = f'{tf.reduce_sum(x):.2f}'  # here", END, END, ""),
    ("text = '%.2f' % tf.reduce_sum(x)  # here", END, END, ""),
    ("text = '{:.2f}'.format(tf.reduce_sum(x))  # here", END, END, ""),
    (
        "root = math.sqrt(self.w[0])  # here",
        "it raises AttributeError or TypeError",
        "it raises AttributeError or TypeError",
        "",
    ),
    ("value = float(self.w[0])  # here", "", "it raises AttributeError or TypeError", ""),
    ("x = x * self.norm(x)", END, END, "def norm(self, value):\n    return math.sqrt(tf.reduce_sum(value))  # here\n"),
]

SILENT = [
    "size = int(x.shape[-1])\nx = x / math.sqrt(size)",
    "depth = len(x.shape)",
    "count = len([x, x])",
    "rate = float(self.units)",
    "for i in range(ops.shape(x)[1]):\n    x = x * 2",
    "text = f'{x} {x.shape}'",
    "text = str(x) + '%s' % x",
    "text = f'{self.units:03d}'",
    "root = math.sqrt(self.units)",
    "x = ops.cast(ops.sum(x), 'float32')",
    "value = float(self.of_somebody_else(x))",
    "if isinstance(x, (list, tuple)):\n    count = len(x)",
    "blocks = len(self.blocks)",
]


@pytest.mark.parametrize(("body", "keras_2", "keras_3", "methods"), REPORTED)
def test_reported(body: str, keras_2: str, keras_3: str, methods: str) -> None:
    assert_told("KLL113", layer(call=body, methods=methods), keras_2, keras_3)


@pytest.mark.parametrize("body", SILENT)
def test_silent(body: str) -> None:
    assert_silent("KLL113", layer(call=body))


PAIRS = """
class Scores(layers.Layer):
    def call(self, inputs, mask=None):
        found, _ = self.pair({first})
        if mask is not None:
            found = found * self.scored(mask)
        return found

    def scored(self, values):
        return self.pair(values)[0]

    def pair(self, values):
        if len(values) != 2:  # here
            raise NotImplementedError(values)
        first, second = values
        return first, second
"""


def test_a_mask_is_a_list_where_a_method_takes_the_inputs_for_one() -> None:
    assert_silent("KLL113", PAIRS.format(first="inputs"))
    assert_silent("KLL113", PAIRS.format(first="values=inputs"))


def test_a_mask_is_one_tensor_where_the_input_is() -> None:
    assert_told("KLL113", PAIRS.format(first="[inputs - 1.0, inputs]"), "", END)
