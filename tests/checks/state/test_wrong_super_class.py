from __future__ import annotations

import json
from pathlib import Path

import pytest

from keras_layer_lint import Settings, lint_paths, lint_source
from tests.checks.cases import HEADER, messages, write

CODE = "KLL203"


def gate(call: str, base: str = "layers.Layer") -> str:
    return f"""
class Other(layers.Layer):
    pass


class Gate({base}):
    def build(self, shape):
        {call}
"""


@pytest.mark.parametrize("keras", ["2", "3"])
@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (
            gate("super(MyHybridResBlock, self).build(shape)  # KLL203"),
            "error: `super(MyHybridResBlock, self)` in `Gate`: `MyHybridResBlock` is not defined: NameError as soon as "
            "`build` runs",
        ),
        (
            gate("super(Other, self).build(shape)  # KLL203"),
            "error: `super(Other, self)` in `Gate`: `Other` is neither `Gate` nor one of its bases: TypeError as soon "
            "as `build` runs",
        ),
        (
            gate("super(layers.Dense, self).build(shape)  # KLL203"),
            "error: `super(layers.Dense, self)` in `Gate`: `layers.Dense` is neither `Gate` nor one of its bases: "
            "TypeError as "
            "soon as `build` runs",
        ),
    ],
)
def test_reported(source: str, expected: str, keras: str) -> None:
    assert messages(CODE, source, keras) == [expected]


def test_a_later_class_takes_the_name() -> None:
    first = gate("super(Gate, self).build(shape)  # KLL203")
    source = f"{first}\nlayers_made = [Gate()]\n" + gate("super(Gate, self).build(shape)")
    (message,) = messages(CODE, source, "3")
    assert "`super(Gate, self)` in `Gate`: that is a later class of the same name, which this one" in message


def test_a_class_whose_name_is_taken_before_it_is_used() -> None:
    source = gate("super(Gate, self).build(shape)") + gate("super(Gate, self).build(shape)")
    assert messages(CODE, source, "3") == []


@pytest.mark.parametrize(
    "source",
    [
        gate("super(Gate, self).build(shape)"),
        gate("super(Other, self).build(shape)", base="Other"),
        gate("super(layers.Layer, self).build(shape)"),
        gate("super(tf.Module, self).__setattr__('shape', shape)"),  # a base of Keras's own
        gate("super(tf.__internal__.tracking.Trackable, self).__setattr__('shape', shape)"),
        gate("super(__class__, self).build(shape)"),
        gate("super(type(self), self).build(shape)"),
        gate("super(self.__class__, self).build(shape)"),
        gate("super(Gate).build(shape)"),
        gate("from somewhere import Late\n        super(Late, self).build(shape)", base="unknown.Base"),
        "from somewhere import *\n" + gate("super(Starred, self).build(shape)"),
    ],
)
def test_silent(source: str) -> None:
    assert messages(CODE, source, "3") == []


def test_modules_that_import_each_other(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "a_model.py": """
            from b_head import Head


            class Model(keras.Model):
                def __init__(self, **kwargs):
                    super(Model, self).__init__(**kwargs)
                    self.head = Head()
            """,
            "b_head.py": """
            import a_model


            class Head(layers.Layer):
                def __init__(self, **kwargs):
                    super(Head, self).__init__(**kwargs)

                def call(self, inputs):
                    return a_model.Model()(inputs)
            """,
        },
    )
    report = lint_paths([tmp_path], Settings(root=str(tmp_path), select=(CODE,)))
    assert (report.layers, report.diagnostics) == (2, ())


@pytest.mark.parametrize("base", ["losses.Loss", "metrics.Metric", "regularizers.Regularizer"])
def test_losses_and_the_like(base: str) -> None:
    source = f"""
class Subject(keras.{base}):
    def __init__(self, rate, **kwargs):
        super(Subjects, self).__init__(**kwargs)  # KLL203
        self.rate = rate
"""
    assert len(messages(CODE, source, "3")) == 1


def test_the_cells_of_a_notebook_ran_before_a_later_class_was_there() -> None:
    cells = [
        HEADER,
        gate("super(Gate, self).build(shape)") + "\nmade = [Gate()]\n",
        gate("super(Gate, self).build(shape)"),
    ]
    shown: list[dict[str, object]] = [
        {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None, "source": cell} for cell in cells
    ]
    text = json.dumps({"cells": shown, "metadata": {}, "nbformat": 4, "nbformat_minor": 4})
    assert lint_source(text, "a.ipynb", Settings(keras=("3",), select=(CODE,))) == ()
