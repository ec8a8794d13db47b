"""Functions that a module gives to Keras are looked for without a word of what Python says of its text."""

from __future__ import annotations

import warnings

import pytest

from keras_layer_lint import Settings, lint_source

GIVEN = """import keras
from keras import ops

PATTERN = "\\d"


def close_to(y_true, y_pred):
    if ops.mean(y_pred) > 0:
        return ops.mean(y_pred - y_true)
    return ops.mean(y_pred)


def train(model):
    model.compile(loss={given})
"""


@pytest.mark.parametrize("given", ["close_to", "[close_to]", "{'a': close_to}", "close_to  # the loss\n    "])
def test_a_loss_of_compile_is_traced(given: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # as Python has it of "\d"
        found = lint_source(GIVEN.replace("{given}", given), "a.py", Settings(keras=("3",)))
    assert [(one.code, one.span.line) for one in found] == [("KLL101", 8)]


def test_what_is_only_called_is_not_traced() -> None:
    assert lint_source(GIVEN.replace("{given}", "close_to(1, 2)"), "a.py", Settings(keras=("3",))) == ()
