"""KLL207: nothing builds a sublayer before Keras 3 loads its weights."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from keras_layer_lint.diagnostic import Severity
from keras_layer_lint.lint import lint_paths
from keras_layer_lint.settings import Settings
from tests.checks.cases import assert_silent, assert_told

SUBJECT = """\
class Early(layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.w = self.add_weight(name="w", shape=(4,))


class Late(layers.Layer):
    def build(self, input_shape):
        self.w = self.add_weight(name="w", shape=(4,))


class Looped(layers.Layer):
    def build(self, input_shape):
        self.w = [self.add_weight(name=f"w{{i}}", shape=(4,)) for i in range(self.n)]


class Cell(layers.Layer):
    state_size = 4

    def __init__(self, model=None, **kwargs):
        super().__init__(**kwargs)
        self.model = model


class LateCell(Cell):
    def build(self, input_shape):
        self.w = self.add_weight(name="w", shape=(4,))


class Subject({base}):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
{init}

    def call(self, x):
        return x

{methods}
"""
BUILD = "def build(self, input_shape):  # here\n    {}\n\n"
SHAPE = "def compute_output_shape(self, input_shape):{}\n    return input_shape\n"
NOT_BUILT = SHAPE.format("  # here")
LAYER_END = "never traces the `call` of `Subject`, and loading a saved model raises ValueError"
MODEL_END = "so `load_model` leaves these layers without them, silently or with ValueError"

REPORTED = [
    # base, `__init__`, methods, how the message ends in Keras 3
    ("layers.Layer", "self.d = layers.Dense(4)", NOT_BUILT, LAYER_END),
    ("layers.Layer", "self.d = layers.Dense(4)", BUILD.format("pass") + SHAPE.format(""), LAYER_END),
    ("layers.Layer", "self.d = [layers.Dense(4) for _ in range(2)]", NOT_BUILT, LAYER_END),
    ("layers.Layer", "self.d = Late()", NOT_BUILT, LAYER_END),
    (
        "layers.Layer",
        "self.d = layers.Dense(4)\nself.e = layers.Dense(4)",
        BUILD.format("self.e.build(input_shape)") + SHAPE.format(""),
        LAYER_END,
    ),
    ("keras.Model", "self.d = layers.Dense(4)", BUILD.format("self.built = True"), MODEL_END),
    # What computes the output asks the sublayer, and does not build it.
    (
        "layers.Layer",
        "self.d = layers.Dense(4)",
        "def compute_output_shape(self, input_shape):  # here\n    return self.d.compute_output_shape(input_shape)\n",
        LAYER_END,
    ),
    (
        "layers.Layer",
        "self.d = layers.Dense(4)\nself.e = layers.Dense(4)",
        "def compute_output_spec(self, x):  # here\n    self.e.build(x.shape)\n    return x\n",
        LAYER_END,
    ),
    (
        "layers.Layer",
        "self.d = layers.Dense(4)",
        "def compute_output_spec(self, x):  # here\n    return self.spec(x, self.d.units)\n\n"
        "def spec(self, x, units):\n    return x\n",
        LAYER_END,
    ),
]

_MADE = "self.d = layers.Dense(4)"
REPORTED += [
    ("layers.Layer", "pass", BUILD.format(made) + SHAPE.format(""), LAYER_END)
    for made in (
        _MADE,
        "self.d = [layers.Dense(4) for _ in range(2)]",
        "self.d = [layers.Dense(4), layers.Dense(4)]",
        "self.d = []\n    for _ in range(self.n):\n        self.d.append(layers.Dense(4))",
        "self.d = Looped()",
        f"{_MADE}\n    self.e = layers.Dense(4)\n    self.e.build(input_shape)",
    )
]
# An RNN has the weights of its cells.
REPORTED += [
    ("layers.Layer", f"self.d = {made}", NOT_BUILT, LAYER_END)
    for made in (
        "layers.RNN(LateCell())",
        "layers.RNN(cell=layers.LSTMCell(4))",
        "layers.RNN([Cell(), layers.LSTMCell(4)])",
        "layers.RNN(layers.StackedRNNCells([layers.LSTMCell(4)]))",
        "layers.Bidirectional(layers.LSTM(4))",
        "layers.Bidirectional(layers.RNN(LateCell()))",
    )
]
# An attribute called `layers` that holds a number.
REPORTED += [
    (
        "layers.Layer",
        "self.layers = 2",
        BUILD.format("self.d = [layers.Dense(4) for _ in range(self.layers)]") + SHAPE.format(""),
        LAYER_END,
    )
]
REPORTED += [("keras.Model", "pass", BUILD.format(f"{_MADE}\n    self.built = True"), MODEL_END)]

SILENT = [
    (
        "layers.Layer",
        "self.parts = [layers.Dense(4)]\nself.chain = keras.Sequential(self.parts)",
        BUILD.replace("  # here", "").format("self.chain.build(input_shape)") + SHAPE.format(""),
    ),
    (
        "layers.Layer",
        "self.parts = []\nfor _ in range(2):\n    self.parts.append(layers.Dense(4))\nself.chain = Cell(self.parts)",
        BUILD.replace("  # here", "").format("self.chain.build(input_shape)") + SHAPE.format(""),
    ),
    # Made in `build`, and built there, or without weights.
    *(
        ("layers.Layer", "pass", BUILD.format(made) + SHAPE.format(""))
        for made in (
            f"{_MADE}\n    self.d.build(input_shape)",
            "d = layers.Dense(4)\n    d.build(input_shape)\n    self.d = d",
            "self.d = built(layers.Dense(4), input_shape)",
            "self.d = [layers.Dense(4)]\n    for d in self.d:\n        d.build(input_shape)",
            "self.d = layers.Activation('relu')",
        )
    ),
    (
        "layers.Layer",
        "pass",
        BUILD.format("self.d = []\n    self.d.append(layers.Dense(4))\n    self.d[-1].build(input_shape)")
        + SHAPE.format(""),
    ),
    ("layers.Layer", "pass", BUILD.format(_MADE)),
    # The weights of cells are those of a model, which comes built.
    ("layers.Layer", "cell = Cell(model)\nself.d = layers.RNN(cell)", NOT_BUILT),
    ("layers.Layer", "self.d = layers.RNN(cell)", NOT_BUILT),
    ("layers.Layer", "self.d = layers.Bidirectional(layers.RNN(Cell()))", NOT_BUILT),
    ("layers.Layer", "self.d = layers.Dense(4)\nself.d(keras.Input((4,)))", NOT_BUILT),
    # Keras traces `call`, which builds it.
    ("layers.Layer", "self.d = layers.Dense(4)", ""),
    ("layers.Layer", "self.d = layers.Dense(4)", BUILD.format("pass")),
    ("keras.Model", "self.d = layers.Dense(4)", ""),
    # It is built.
    ("layers.Layer", "self.d = layers.Dense(4)", BUILD.format("self.d.build(input_shape)") + SHAPE.format("")),
    ("layers.Layer", "self.d = layers.Dense(4)\nself.d.build((None, 4))", NOT_BUILT),
    ("layers.Layer", "self.d = [layers.Dense(4)]", BUILD.format("[d.build((1, 4)) for d in self.d]") + NOT_BUILT),
    (
        "layers.Layer",
        "self.d = layers.Dense(4)\nself.all = [self.d]",
        BUILD.format("self.all[0].build((1, 4))") + NOT_BUILT,
    ),
    (
        "layers.Layer",
        "self.d = layers.Dense(4)",
        BUILD.format("self.parts()") + "def parts(self):\n    self.d.build((1, 4))\n\n" + NOT_BUILT,
    ),
    ("keras.Model", "self.d = layers.Dense(4)", BUILD.format("self.d.build(input_shape)")),
    ("keras.Model", "self.d = layers.Dense(4)", BUILD.format("self(keras.Input(input_shape[1:]))")),
    # What computes the output builds it; Keras 3 runs that when it makes the model anew.
    (
        "layers.Layer",
        "self.d = layers.Dense(4)",
        "def compute_output_spec(self, x):\n    if not self.d.built:\n        self.d.build(x.shape)\n    return x\n",
    ),
    ("layers.Layer", "self.d = layers.Dense(4)", "def compute_output_spec(self, x):\n    return self.d(x)\n"),
    (
        "layers.Layer",
        "self.d = layers.Dense(4)",
        "def compute_output_shape(self, input_shape):\n    self.d.build(input_shape)\n    return input_shape\n",
    ),
    (
        "layers.Layer",
        "self.d = [layers.Dense(4)]",
        "def compute_output_spec(self, x):\n    for d in self.d:\n        d.build(x.shape)\n    return x\n",
    ),
    (
        "layers.Layer",
        "self.d = layers.Dense(4)",
        "def compute_output_spec(self, x):\n    self.make(x)\n    self.built or self.build(x.shape)\n    return x\n\n"
        "def make(self, x):\n    self.d.build(x.shape)\n",
    ),
    # Nothing of Keras calls it.
    (
        "layers.Layer",
        "self.d = layers.Dense(4)",
        NOT_BUILT + "\ndef __call__(self, x):\n    return self.call(x)\n",
    ),
    # It has no weights, or has them from the start.
    ("layers.Layer", "self.d = layers.Dropout(0.5)", NOT_BUILT),
    ("layers.Layer", "self.d = Early()", NOT_BUILT),
    # The class loads its variables itself, or a built-in layer builds.
    (
        "layers.Layer",
        "self.d = layers.Dense(4)",
        NOT_BUILT + "\ndef load_own_variables(self, store):\n    self.d.build((1, 4))\n",
    ),
    ("layers.Dense", "self.d = layers.Dense(4)", NOT_BUILT),
]


def subject(base: str, init: str, methods: str) -> str:
    return SUBJECT.format(base=base, init=textwrap.indent(init, " " * 8), methods=textwrap.indent(methods, " " * 4))


@pytest.mark.parametrize(("base", "init", "methods", "end"), REPORTED)
def test_reported(base: str, init: str, methods: str, end: str) -> None:
    assert_told("KLL207", subject(base, init, methods), "", end)


@pytest.mark.parametrize(("base", "init", "methods"), SILENT)
def test_silent(base: str, init: str, methods: str) -> None:
    assert_silent("KLL207", subject(base, init, methods))


UNSAVABLE = """\
class Subject({base}):
    def __init__(self, units, {more}**kwargs):
        super().__init__(**kwargs)
        self.d = layers.Dense(units)
        {keep}

    def build(self, input_shape):{mark}
        self.built = True

    def compute_output_shape(self, input_shape):
        return input_shape

    def call(self, x):
        return self.d(x)
{methods}
"""
CONFIG = '\n    def get_config(self):\n        return {**super().get_config(), "units": self.d.units}\n'


@pytest.mark.parametrize(
    ("base", "more", "keep", "methods"),
    [
        ("keras.Model", "", "pass", ""),
        ("keras.Model", "rate, ", "self.rate = rate", ""),
        ("layers.Layer", "inner, ", "self.inner = inner\n        self.inner(1)", ""),
        ("layers.Layer", "/, ", "pass", ""),
    ],
)
def test_what_cannot_be_saved_is_not_loaded(base: str, more: str, keep: str, methods: str) -> None:
    assert_silent("KLL207", UNSAVABLE.format(base=base, more=more, keep=keep, methods=methods, mark=""))


@pytest.mark.parametrize(
    ("base", "more", "methods", "end"),
    [
        ("keras.Model", "", CONFIG, MODEL_END),
        ("layers.Layer", "", "", LAYER_END),
        ("layers.Layer", "rate=0.5, ", "", LAYER_END),
    ],
)
def test_what_can_be_saved_is_loaded(base: str, more: str, methods: str, end: str) -> None:
    source = UNSAVABLE.format(base=base, more=more, keep="pass", methods=methods, mark="  # here")
    assert_told("KLL207", source, "", end)


BLOCK = """\
import keras


class Block(keras.layers.Layer):
    def build(self, input_shape):
        self.dense = keras.layers.Dense(4)
        super().build(input_shape)

    def call(self, x):
        return self.dense(x)

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], 4)
"""
HOLDER = """

class Net(keras.Model):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.block = Block()

    def call(self, x):
        return self.block(x)
"""


FUNCTIONAL = """

class Net(keras.Model):
    def __init__(self, **kwargs):
        inputs = keras.layers.Input((3,))
        super().__init__(inputs=inputs, outputs=Block()(inputs), **kwargs)

    def get_config(self):
        return {"name": self.name}
"""


@pytest.mark.parametrize(
    ("rest", "severity"),
    [
        ("", Severity.ERROR),
        # A Model traces what it holds when it is loaded: run with keras 3.15.
        (HOLDER, None),
        (HOLDER.replace("Block()", "keras.Sequential([Block()])"), Severity.ERROR),
        (FUNCTIONAL, Severity.ERROR),
        (HOLDER + "\n\nmodel = keras.Sequential([keras.Input((3,)), Block()])\n", Severity.ERROR),
    ],
)
def test_what_only_classes_make(rest: str, severity: Severity | None, tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("keras>=3\n")
    (tmp_path / "net.py").write_text(BLOCK + rest + "\n\ndef train(model):\n    model.save('a.keras')\n")
    found = lint_paths([tmp_path], Settings(select=("KLL207",))).diagnostics
    assert [each.severity for each in found] == ([] if severity is None else [severity])
