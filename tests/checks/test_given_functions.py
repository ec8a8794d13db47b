"""The rules of `call` in functions that a module gives to Keras: losses, metrics, activations, those of a `Lambda`."""

from __future__ import annotations

import pytest

from keras_layer_lint import Settings, lint_source
from keras_layer_lint.lint import report_of_source

MODULE = """\
import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers
{decorator}
def given({parameters}):
    {body}
    return {first}


def helper(x):
    return float(x)


def other(y_true, y_pred):
    return y_true.numpy()


def make(model, inputs):
    {use}
"""
LOSS = 'model.compile("sgd", loss=given)'
PAIRS = {
    "loss": LOSS,
    "losses": 'model.compile("sgd", loss={"out": given})',
    "metric": 'model.compile("sgd", "mse", metrics=["mae", given])',
}
SINGLE = {
    "activation": "x = layers.Dense(4, activation=given)(inputs)",
    "lambda": "x = layers.Lambda(given)(inputs)",
}
FAULTS = {
    # the body, the code, and whether AutoGraph makes it work in a loss
    "if": ("if tf.reduce_sum({first}) > 3.0: {first} = {first} * 2.0", "KLL101", True),
    "float": ("scale = float(tf.reduce_sum({first}))", "KLL113", True),
    "numpy": ("scale = np.sum({first})", "KLL111", False),
    "host": ("shown = tf.reduce_sum({first}).numpy()", "KLL112", False),
    "layer": ("hidden = layers.Dense(4)({first})", "KLL132", False),
    "helper": ("scale = helper(tf.reduce_sum({first}))", "KLL113", True),
}
SILENT = {
    "eager": f"{LOSS[:-1]}, run_eagerly=True)",
    "not given": 'model.compile("sgd", loss="mse")',
    "called": "given(inputs, inputs)",
    "another compile": "compile(given, loss=given)",
    "another parameter": "model.compile(optimizer=given)",
    "of an object": 'model.compile("sgd", loss=model.given)',
}


def codes(use: str, body: str, keras: str, *, is_pair: bool = True, decorator: str = "") -> list[str]:
    parameters, first = ("y_true, y_pred", "y_true") if is_pair else ("x", "x")
    source = MODULE.format(
        use=use, body=body.format(first=first), parameters=parameters, first=first, decorator=decorator
    )
    found = lint_source(source, "example.py", Settings(keras=(keras,), select=("KLL1",)))
    return [diagnostic.code for diagnostic in found]


@pytest.mark.parametrize("keras", ["2", "3"])
@pytest.mark.parametrize("use", PAIRS)
@pytest.mark.parametrize("fault", FAULTS)
def test_losses_and_metrics(fault: str, use: str, keras: str) -> None:
    body, code, is_mended = FAULTS[fault]
    assert codes(PAIRS[use], body, keras) == ([] if is_mended and keras == "2" else [code])


@pytest.mark.parametrize("keras", ["2", "3"])
@pytest.mark.parametrize("use", SINGLE)
@pytest.mark.parametrize("fault", FAULTS)
def test_functions_of_layers(fault: str, use: str, keras: str) -> None:
    body, code, _ = FAULTS[fault]
    if (fault, use) != ("numpy", "lambda"):  # it may get a list of tensors
        assert codes(SINGLE[use], body, keras, is_pair=False) == [code]


@pytest.mark.parametrize("use", SILENT.values(), ids=SILENT)
def test_silent(use: str) -> None:
    assert codes(use, FAULTS["host"][0], "3") == []


def test_decorated_functions_are_others() -> None:
    assert codes(LOSS, FAULTS["host"][0], "3", decorator="@tf.py_function") == []


def test_good_functions() -> None:
    assert codes(LOSS, "y_true = tf.where(y_true > 0.5, y_true, y_pred) * np.sqrt(2.0)", "3") == []


def test_a_function_is_no_class() -> None:
    source = MODULE.format(use=LOSS, body="y_true.numpy()", parameters="y_true, y_pred", first="y_pred", decorator="")
    report = report_of_source(source, "<stdin>", Settings(keras=("3",)))
    [diagnostic] = report.diagnostics
    assert (diagnostic.class_name, diagnostic.method, report.layers) == (None, "given", 0)
