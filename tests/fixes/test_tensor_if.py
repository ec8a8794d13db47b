"""KLL101: which branches become a choice of the graph, and which are left alone."""

from __future__ import annotations

import pytest

from keras_layer_lint import Settings
from keras_layer_lint.fixes.engine import fix_source

LAYER = """\
import keras
from keras import ops


class Gate(keras.layers.Layer):
    def call(self, inputs, training=None):
        peak = ops.max(inputs)
        {body}
"""


def fixed(body: str, head: str = "") -> str:
    source = head + LAYER.format(body=body.replace("\n", "\n        "))
    made = fix_source(source, "a.py", Settings(keras=("3",)), unsafe=True)
    return str(made).partition("ops.max(inputs)\n        ")[2].rstrip("\n").replace("\n        ", "\n")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "if peak > 1: return inputs\nelse: return -inputs",
            "return ops.cond(peak > 1, lambda: inputs, lambda: -inputs)",
        ),
        (
            "if peak > 1:\n    x = inputs\nelse:\n    x = -inputs\nreturn x",
            "x = ops.cond(peak > 1, lambda: inputs, lambda: -inputs)\nreturn x",
        ),
        (
            "if peak > 1:\n    inputs = inputs / peak\nreturn inputs",
            "inputs = ops.cond(peak > 1, lambda: inputs / peak, lambda: inputs)\nreturn inputs",
        ),
        (
            "if peak > 1:\n    inputs *= peak - 2\nreturn inputs",
            "inputs = ops.cond(peak > 1, lambda: inputs * (peak - 2), lambda: inputs)\nreturn inputs",
        ),
        (
            "if peak > 1:\n    x, y = 1, 2\n    inputs -= 1\nreturn inputs",
            "if peak > 1:\n    x, y = 1, 2\n    inputs -= 1\nreturn inputs",
        ),
        (
            "y = inputs\nif peak > 1:\n    y = y + 1\n    inputs -= 1\nreturn y",
            "y = inputs\ny, inputs = ops.cond(peak > 1, lambda: (y + 1, inputs - 1), lambda: (y, inputs))\nreturn y",
        ),
        (
            "if training:\n    if peak > 1:\n        inputs = -inputs\nreturn inputs",
            "if training:\n    inputs = ops.cond(peak > 1, lambda: -inputs, lambda: inputs)\nreturn inputs",
        ),
        (
            "if peak > 1:\n    x = 1.0\nelif training:\n    x = 2.0\nelse:\n    x = 3.0\nreturn x",
            "x = ops.cond(peak > 1, lambda: 1.0, lambda: 2.0 if training else 3.0)\nreturn x",
        ),
        (
            "if peak > 1 and not peak > 2: x = 1\nelse: x = 2\nreturn x",
            "x = ops.cond(ops.logical_and(peak > 1, ops.logical_not(peak > 2)), lambda: 1, lambda: 2)\nreturn x",
        ),
        (
            "return 1 if 0 < peak < 2 else 3",
            "return ops.cond(ops.logical_and(0 < peak, peak < 2), lambda: 1, lambda: 3)",
        ),
        (
            "return (inputs if peak > 1 else -inputs) * (2.0)",
            "return ops.cond(peak > 1, lambda: inputs, lambda: -inputs) * (2.0)",
        ),
        (
            "pick = lambda x: x if ops.any(x > 1) else -x\nreturn pick(inputs)",
            "pick = lambda x: ops.cond(ops.any(x > 1), lambda: x, lambda: -x)\nreturn pick(inputs)",
        ),
    ],
)
def test_chosen(before: str, after: str) -> None:
    assert fixed(before) == after


@pytest.mark.parametrize(
    "body",
    [
        "return inputs if training and peak > 1 else -inputs",
        "return inputs if not peak else -inputs",
        "if peak > 1:\n    raise ValueError\nreturn inputs",
        "if peak > 1:\n    self.x = inputs\nreturn inputs",
        "if peak > 1:\n    self.count.assign(2)\nreturn inputs",
        "if peak > 1:\n    y = inputs\nreturn inputs",
        "if training:\n    y = inputs\nif peak > 1:\n    y = -inputs\nreturn y",
        "if peak > 1:\n    x = 1\nelse:\n    x = 2.0\nreturn x",
        "x = None\nif peak > 1:\n    x = inputs\nelse:\n    x = None\nreturn x",
        "if peak > 1:\n    x = [inputs]\nelse:\n    x = inputs\nreturn x",
        "if peak > 1:\n    x = (inputs, inputs)\nelse:\n    x = inputs\nreturn x",
        "if peak > 1:\n    name = 'a'\nelse:\n    name = 'b'\nreturn inputs",
        "if peak > 1:\n    return super().call(inputs)\nreturn inputs",
        "if peak > 1:\n    return inputs\ninputs = inputs + 1.0\nreturn inputs",
        "if peak > 1:\n    x = (y := inputs)\nelse:\n    x = y = inputs\nreturn x",
        "if peak > 1:\n    inputs = -inputs\n    inputs = inputs + 1.0\nreturn inputs",
        "if peak > 1:\n    y = inputs\n    x = y + 1\nelse:\n    y = x = inputs\nreturn x + y",
        "rows = [inputs]\nif peak > 1:\n    rows += [inputs]\nreturn rows",
        "for i in range(3):\n    if peak > 1:\n        break\n    inputs = inputs + 1.0\nreturn inputs",
        "if peak > 1:\n    inputs @= inputs\nreturn inputs",
        "if training:\n    inputs = inputs + 1\nelif peak > 1:\n    inputs = -inputs\nreturn inputs",
        "return [x for x in (inputs, -inputs) if peak > 1][0]",
        "ops = None\nif peak > 1:\n    inputs = -inputs\nreturn inputs",
    ],
)
def test_left_alone(body: str) -> None:
    assert fixed(body) == body or body.startswith("ops")


def test_a_tensor_of_tensorflow_is_chosen_with_tensorflow() -> None:
    source = """\
import keras
import tensorflow as tf


class Gate(keras.layers.Layer):
    def call(self, inputs):
        return inputs if tf.reduce_max(inputs) > 1.0 else -inputs
"""
    made = fix_source(source, "a.py", Settings(keras=("3",)), unsafe=True)
    assert "return tf.cond(tf.reduce_max(inputs) > 1.0, lambda: inputs, lambda: -inputs)" in str(made)


@pytest.mark.parametrize(
    ("before", "arguments"),
    [
        (
            "if peak > 1:  # a\n    x = inputs\nelse:\n    x = -inputs",
            ["# a", "peak > 1", "lambda: inputs", "lambda: -inputs"],
        ),
        (
            "if peak > 1:\n    # a\n    x = inputs  # b\n    # c\nelse:  # d\n    x = -inputs",
            ["peak > 1", "# a", "# b", "# c", "lambda: inputs", "# d", "lambda: -inputs"],
        ),
        (
            "if peak > 1:\n    x = 1.0\n# a\nelif training:\n    x = 2.0  # b\nelse:\n    x = 3.0  # c",
            ["peak > 1", "lambda: 1.0", "# a", "# b", "# c", "lambda: 2.0 if training else 3.0"],
        ),
    ],
)
def test_comments_go_with_their_branches(before: str, arguments: list[str]) -> None:
    rows = [f"    {each}" if each.startswith("#") else f"    {each}," for each in arguments]
    assert fixed(f"{before}\nreturn x").split("\n") == ["x = ops.cond(", *rows, ")", "return x"]


def test_comments_of_the_return_behind() -> None:
    done = fixed("if peak > 1:\n    return inputs  # a\n# b\nreturn -inputs  # c")
    rows = ["peak > 1,", "# a", "lambda: inputs,", "# b", "# c", "lambda: -inputs,"]
    assert done.split("\n") == ["return ops.cond(", *(f"    {each}" for each in rows), ")"]


def test_a_comment_behind_the_last_branch() -> None:
    body = "if peak > 1:\n    x = inputs\nelse:\n    x = -inputs\n    # why\nreturn x"
    assert fixed(body) == body


@pytest.mark.parametrize("value", ["(\n        inputs  # why\n    )", "'#' and inputs"])
def test_comments_in_expressions(value: str) -> None:
    body = f"if peak > 1:\n    x = {value}\nelse:\n    x = -inputs\nreturn x"
    assert fixed(body) == body
