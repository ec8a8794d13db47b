"""KLL111: NumPy gets a tensor."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.checks.cases import assert_silent, assert_told, found, layer, messages, write

END = "NotImplementedError"

REPORTED = [
    # the body, how the message ends in Keras 2 and in Keras 3, other methods
    ("x = np.exp(x)  # here", END, END, ""),
    ("x = np.stack([x, x])  # here", END, END, ""),
    ("size = np.prod(tf.shape(x))  # here", END, END, ""),
    ("mean = np.mean(self.w)  # here", END, END, ""),
    ("x = np.linalg.norm(self.dense(x))  # here", END, END, ""),
    (
        "values = np.zeros(3)\nvalues[0] = ops.sum(x)  # here",
        "ValueError or NotImplementedError",
        "ValueError or NotImplementedError",
        "",
    ),
    ("from numpy import sqrt as root\nx = root(x)  # here", END, END, ""),
    ("x = self.scaled(x)", END, END, "def scaled(self, value):\n    return np.asarray(value)  # here\n"),
    ("x = tf.map_fn(lambda row: np.exp(row), x)  # here", END, END, ""),
]

SILENT = [
    ("x = x * np.sqrt(2.0) + np.pi", ""),
    ("x = np.float32(2) * x", ""),
    ("x = np.ones(4, dtype='float32') * x", ""),
    ("size = np.prod(x.shape[1:])", ""),
    ("x = ops.matmul(x, np.eye(self.units))", ""),
    ("if np.ndim(x) == 3:\n    x = -x", ""),
    ("x = tf.numpy_function(lambda v: np.exp(v), [x], tf.float32)", ""),
    ("x = tf.experimental.numpy.exp(x)", ""),
    ("if isinstance(x, np.ndarray):\n    x = np.exp(x)", ""),
    ("scale = np.log(self.units)\nx = x * scale", ""),
    ("places = np.arange(x.shape[-1])\nx = ops.take(x, places, axis=-1)", ""),
    ("value = np.exp(self.of_somebody_else(x))", ""),
    ("pass", "def not_reached(self, x):\n    return np.exp(x)\n"),
]


ESTIMATOR = """\
import keras
from sklearn.{module} import {name}


class Readout(keras.Model):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.reservoir = keras.layers.SimpleRNN(4)
        self.readout = {name}()

    def call(self, inputs):
        states = self.reservoir(inputs)
        return {call}

    def evaluate_on(self, x):
        return self.readout.predict(x)
"""


@pytest.mark.parametrize(
    ("module", "name", "call"),
    [
        ("linear_model", "RidgeClassifier", "self.readout.predict(states)  # here"),
        ("preprocessing", "StandardScaler", "self.readout.transform(X=states)  # here"),
        (
            "tree",
            "DecisionTreeClassifier",
            "self.readout.predict_proba(keras.Sequential([self.reservoir])(inputs))  # here",
        ),
        ("svm", "SVC", "self.readout.decision_function(tf.abs(states))  # here"),
    ],
)
def test_estimator(module: str, name: str, call: str) -> None:
    assert_told("KLL111", ESTIMATOR.format(module=module, name=name, call=call), END, END)


@pytest.mark.parametrize(
    ("module", "name", "call"),
    [
        ("linear_model", "RidgeClassifier", "self.readout.predict(self.known)"),
        ("linear_model", "RidgeClassifier", "self.readout.get_params(states)"),
        ("linear_model", "RidgeClassifier", "tf.numpy_function(self.readout.predict, [states], tf.float32)"),
        (
            "linear_model",
            "RidgeClassifier",
            "tf.numpy_function(lambda v: self.readout.predict(v), [states], tf.float32)",
        ),
        ("preprocessing", "FunctionTransformer", "self.readout.transform(states)"),
        ("pipeline", "Pipeline", "self.readout.predict(states)"),
        ("ensemble", "VotingClassifier", "self.readout.predict(states)"),
    ],
)
def test_estimator_silent(module: str, name: str, call: str) -> None:
    assert_silent("KLL111", ESTIMATOR.format(module=module, name=name, call=call))


@pytest.mark.parametrize(("body", "keras_2", "keras_3", "methods"), REPORTED)
def test_reported(body: str, keras_2: str, keras_3: str, methods: str) -> None:
    assert_told("KLL111", layer(call=body, methods=methods), keras_2, keras_3)


@pytest.mark.parametrize(("body", "methods"), SILENT)
def test_silent(body: str, methods: str) -> None:
    assert_silent("KLL111", layer(call=body, methods=methods))


BASE = """
import numpy as np
from keras import layers

class Base(layers.Layer):
{call}    def scaled(self, value):
        return value / np.mean(value)
"""
OF_BASE = """
from base import Base

class Scale(Base):
    def call(self, inputs):
        return self.scaled(inputs)  # KLL111
"""


def test_a_helper_of_a_base_elsewhere_that_nothing_runs_there(tmp_path: Path) -> None:
    write(tmp_path, {"base.py": BASE.format(call="")})
    (message,) = messages("KLL111", OF_BASE, "3", tmp_path / "example.py")
    assert "`scaled()`, called here, has `np.mean` on a tensor" in message


def test_a_helper_of_a_base_elsewhere_that_is_run_there(tmp_path: Path) -> None:
    """It is reported in that file, once."""
    call = "    def call(self, inputs):\n        return self.scaled(inputs)\n\n"
    write(tmp_path, {"base.py": BASE.format(call=call)})
    assert messages("KLL111", OF_BASE.replace("  # KLL111", ""), "3", tmp_path / "example.py") == []


HOST = """
import numpy as np


@{decorator}
def assigned(costs):
    return np.zeros_like(costs){here}


class Matched(layers.Layer):
    def call(self, inputs):
        return inputs * assigned(inputs)
"""


@pytest.mark.parametrize("keras", ["2", "3"])
@pytest.mark.parametrize(
    ("decorator", "is_on_host"),
    [
        ("tf.py_function(Tout=tf.bool)", True),
        ("tf.numpy_function(Tout=tf.float32)", True),
        ("tf.function", False),
        ("tf.function(reduce_retracing=True)", False),
    ],
)
def test_functions_that_tensorflow_runs_on_values(decorator: str, is_on_host: bool, keras: str) -> None:
    source = HOST.format(decorator=decorator, here="" if is_on_host else "  # KLL111")
    assert len(found("KLL111", source, keras)) == (not is_on_host)
