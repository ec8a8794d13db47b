"""KLL121: A list that grows in a loop over a tensor is read later, or the result of `write` is dropped."""

from __future__ import annotations

import pytest

from tests.checks.cases import assert_silent, assert_told, layer

KERAS_2 = "what is read after it is out of scope"
KERAS_3 = "no graph's loop can carry a list"

REPORTED = [
    # the body, how the message ends in Keras 2 and in Keras 3, other methods
    ("rows = []\nfor row in x:\n    rows.append(row)  # here\nx = tf.stack(rows)", KERAS_2, KERAS_3, ""),
    ("rows = []\nfor i in tf.range(3):\n    rows += [x]  # here\nx = tf.stack(rows)", KERAS_2, KERAS_3, ""),
    # Keras 3 does not get into the loop: `range()` raises.
    (
        "rows = []\nfor i in range(tf.shape(x)[1]):\n    rows.append(x[:, i])  # here\nx = tf.stack(rows)",
        KERAS_2,
        "",
        "",
    ),
    (
        ("rows = []\nwhile tf.reduce_sum(x) > 1:\n    x = x / 2\n    rows.extend([x])  # here\nx = tf.concat(rows, 0)"),
        KERAS_2,
        KERAS_3,
        "",
    ),
    (
        "array = tf.TensorArray(tf.float32, 3)\narray.write(0, x)  # here\nx = array.stack()",
        "in a graph the array stays as it was",
        "in a graph the array stays as it was",
        "",
    ),
    (
        "rows = self.collected(x)",
        KERAS_2,
        KERAS_3,
        (
            "def collected(self, value):\n"
            "    rows = []\n"
            "    for row in value:\n"
            "        rows.append(row)  # here\n"
            "    return tf.stack(rows)\n"
        ),
    ),
]

SILENT = [
    "rows = []\nfor row in x:\n    rows.append(row)",
    ("rows = []\nfor i in range(x.shape[1]):\n    rows.append(x[:, i])\nx = tf.stack(rows, axis=1)"),
    ("rows = []\nfor part in tf.unstack(x, axis=1):\n    rows.append(part)\nx = tf.stack(rows, axis=1)"),
    "rows = []\nfor block in self.blocks:\n    rows.append(block(x))\nx = ops.add(*rows)",
    "array = tf.TensorArray(tf.float32, 3)\narray = array.write(0, x)\nx = array.stack()",
    "rows = {}\nfor row in x:\n    rows['last'] = row",
    "rows = [None]\nfor row in x:\n    rows[0] = row",
    "rows = []\nfor _ in range(self.units):\n    rows.append(x)\nx = ops.concatenate(rows)",
]


@pytest.mark.parametrize(("body", "keras_2", "keras_3", "methods"), REPORTED)
def test_reported(body: str, keras_2: str, keras_3: str, methods: str) -> None:
    assert_told("KLL121", layer(call=body, methods=methods), keras_2, keras_3)


@pytest.mark.parametrize("body", SILENT)
def test_silent(body: str) -> None:
    assert_silent("KLL121", layer(call=body))
