"""KLL216: `compute_output_shape` raises, or returns what Keras 3 cannot use."""

from __future__ import annotations

import textwrap

import pytest

from tests.checks.cases import assert_silent, found, layer

METHOD = "def compute_output_shape(self, input_shape):{mark}\n{body}"
ASKED = "Keras 3 asks it for each call in a functional or Sequential model, which raises ValueError"
NO_ATTRIBUTE = "which have no such attribute, so each call in a functional or Sequential model raises AttributeError"

REPORTED = [
    # the body, how the message ends
    ("return (input_shape[0], input_shape[1] / 2)  # KLL216", ASKED),
    ("half = input_shape[1] / 2\nreturn (input_shape[0], half)  # KLL216", ASKED),
    ("n = self.units * (self.units - 1) / 2\nreturn (None, n)  # KLL216", ASKED),
    ("return (None, (self.units, 3))  # KLL216", ASKED),
    ("return [None, 4, (2, 3)]  # KLL216", ASKED),
    ("return (input_shape[0], (2, 3))  # KLL216", ASKED),
    ("return input_shape[:-1] + self.units  # KLL216", ASKED.replace("ValueError", "TypeError")),
    ("return input_shape[:2] + 4  # KLL216", ASKED.replace("ValueError", "TypeError")),
    ("return input_shape[:-1] + [self.units]  # KLL216", ASKED.replace("ValueError", "TypeError")),
    ("return tuple(input_shape)[:-1] + [4]  # KLL216", ASKED.replace("ValueError", "TypeError")),
    ("return list(input_shape[:-1]) + (4,)  # KLL216", ASKED.replace("ValueError", "TypeError")),
    ("return input_shape + [4]  # KLL216", ASKED.replace("ValueError", "TypeError")),
    ("return tuple(input_shape)[:-1] + (input_shape[-1] / 2,)  # KLL216", ASKED),
    ("return input_shape[:-2] + (4, input_shape[-1] / 2)  # KLL216", ASKED),
    ("return (input_shape[0] * 2, input_shape[1])  # KLL216", ASKED.replace("ValueError", "TypeError")),
    ("b, n = input_shape\nreturn (b // self.units, n)  # KLL216", ASKED.replace("ValueError", "TypeError")),
    (
        "out = list(input_shape)\nif self.flag:\n    out[0] -= self.units  # KLL216\nreturn tuple(out)",
        ASKED.replace("ValueError", "TypeError"),
    ),
    (
        "out = list(input_shape)\nout[-1] = 4\nout[0] -= 2  # KLL216\nreturn tuple(out)",
        ASKED.replace("ValueError", "TypeError"),
    ),
    ("width = input_shape.shape[-1]  # KLL216\nreturn (None, width)", NO_ATTRIBUTE),
    ("return tuple(input_shape.as_list()[:-1])  # KLL216", NO_ATTRIBUTE),
    ("if input_shape.rank == 2:  # KLL216\n    return input_shape\nreturn input_shape[:-1]", NO_ATTRIBUTE),
]

SILENT = [
    "return (input_shape[0], input_shape[1] * 2)",
    "return (None if input_shape[0] is None else input_shape[0] * 2, 3)",
    "b = input_shape[0]\nif b:\n    b = b * 2\nreturn (b, 3)",
    "out = list(input_shape)\nif out[0]:\n    out[0] -= 2\nreturn tuple(out)",
    "out = list(input_shape)\nout[0] = 4\nreturn (out[0] * 2, 3)",
    "out = input_shape[1:]\nreturn (out[0] * 2, 3)",
    "input_shape = self.fixed(input_shape)\nreturn (input_shape[0] * 2, 3)",
    "return (input_shape[0], input_shape[1] // 2)",
    "return (input_shape[0], int(input_shape[1] / 2))",
    "return (input_shape[0], math.ceil(input_shape[1] / 2))",
    "return (*input_shape[:-1], self.units)",
    "return input_shape[:-1] + (self.units,)",
    "return input_shape[:-1] + self.flag",  # which may be a tuple
    "return input_shape[-1] + self.units",
    "return tuple(input_shape)[:-1] + (input_shape[-1] // 2,)",
    "return tuple(list(input_shape[:-1]) + [4])",
    "return [*input_shape[:-1]] + [4]",
    "input_shape = list(input_shape)\nreturn input_shape[:-1] + [4]",
    "if isinstance(input_shape, list):\n    return input_shape[:-1] + [4]\nreturn input_shape",
    "return list(input_shape[:-1]) + [self.units]",
    "input_shape = shape_of(input_shape)\nreturn input_shape[:-1] + self.units",
    "return (None, 3), (None, 4)",
    "return [(None, 3), (None, 4)]",
    "return [input_shape, (None, 4)]",
    "return tf.TensorShape([None, 4])",
    "input_shape = tf.TensorShape(input_shape)\nreturn input_shape.as_list()",
    "if isinstance(input_shape, tf.TensorShape):\n    return input_shape.as_list()\nreturn input_shape",
    "return input_shape.as_list() if hasattr(input_shape, 'as_list') else input_shape",
    "if self.flag:\n    return None\nreturn input_shape",
    "if self.flag:\n    return input_shape",
    "raise NotImplementedError",
    "return self.dense.compute_output_shape(input_shape)",
]

ONE_TENSOR = "x = ops.reshape(x, (-1, 2, 3))"


def subject(body: str, mark: str = "", call: str = ONE_TENSOR) -> str:
    return layer(call, methods=METHOD.format(mark=mark, body=textwrap.indent(body, "    ")))


@pytest.mark.parametrize(("body", "end"), REPORTED)
def test_reported(body: str, end: str) -> None:
    (diagnostic,) = found("KLL216", subject(body), "3")
    assert diagnostic.message.endswith(end)
    assert diagnostic.severity.label == "error"


@pytest.mark.parametrize("body", ["pass", "return None", "return", '"""The shape."""', "shape = input_shape"])
def test_without_a_shape(body: str) -> None:
    (diagnostic,) = found("KLL216", subject(body, "  # KLL216"), "3")
    assert diagnostic.message == f"`compute_output_shape` returns None; {ASKED}"


@pytest.mark.parametrize("body", SILENT)
def test_silent(body: str) -> None:
    assert_silent("KLL216", subject(body))


@pytest.mark.parametrize("body", [body for body, _ in REPORTED])
def test_keras_2_hardly_ever_asks(body: str) -> None:
    assert found("KLL216", subject(body.replace("  # KLL216", "")), "2") == ()


def test_of_several_inputs_the_first_shape_is_a_tuple() -> None:
    assert_silent("KLL216", subject("return (input_shape[0], (2, 3))", call="x, y = x"))


def test_of_several_inputs_the_shapes_are_a_list() -> None:
    assert_silent("KLL216", subject("return (input_shape[:1] + [(None, 3)])[0]", call="x, y = x"))


def test_compute_output_spec_is_asked_instead() -> None:
    methods = METHOD.format(mark="", body="    return None") + "\n\ndef compute_output_spec(self, x):\n    return x"
    assert_silent("KLL216", layer(methods=methods))
