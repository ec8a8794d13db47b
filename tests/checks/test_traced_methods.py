"""The rules of `call` in whatever else Keras traces: steps, losses, metrics, regularizers, schedules, optimizers."""

from __future__ import annotations

import pytest

from keras_layer_lint import Settings, lint_source

HEAD = """\
import numpy as np
import tensorflow as tf
import {keras} as keras
from tensorflow import math as ops

"""
STEP = """
class Subject(keras.Model):
    def {method}(self, data):
        x, y = data
        loss = tf.reduce_mean(tf.square(y - self(x)))
        {body}
        return {{"loss": loss}}
"""
LOSS = """
class Subject(keras.losses.Loss):
    def call(self, y_true, y_pred):
        loss = tf.abs(y_true - y_pred)
        {body}
        return loss
"""
COMPUTE_LOSS = """
class Subject(keras.Model):
    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        loss = tf.abs(y - y_pred)
        {body}
        return loss
"""
METRIC = """
class Subject(keras.metrics.Metric):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.total = self.add_weight(name="total", initializer="zeros")

    def update_state(self, y_true, y_pred, sample_weight=None):
        loss = tf.reduce_sum(y_true - y_pred)
        {body}
        self.total.assign_add(loss)

    def result(self):
        return self.total
"""
RESULT = """
class Subject(keras.metrics.Metric):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.loss = self.add_weight(name="total", initializer="zeros")

    def update_state(self, y_true, y_pred, sample_weight=None):
        self.loss.assign_add(tf.reduce_sum(y_true))

    def result(self):
        loss = self.loss
        {body}
        return loss
"""
ON_WEIGHT = """
class Subject(keras.{base}):
    def __call__(self, loss):
        {body}
        return loss
"""
SCHEDULE = ON_WEIGHT.replace("{base}", "optimizers.schedules.LearningRateSchedule")
OPTIMIZER = """
class Subject(keras.optimizers.SGD):
    def update_step(self, loss, variable, *args):
        {body}
        variable.assign_sub(loss)
"""
UNCONVERTED = {
    "train_step": STEP.replace("{method}", "train_step"),
    "test_step": STEP.replace("{method}", "test_step"),
    "compute_loss": COMPUTE_LOSS,
    "regularizer": ON_WEIGHT.replace("{base}", "regularizers.Regularizer"),
    "constraint": ON_WEIGHT.replace("{base}", "constraints.Constraint"),
    "schedule": SCHEDULE,
    "optimizer": OPTIMIZER,
}
"""What AutoGraph leaves alone in Keras 2, too."""
CONVERTED = {"loss": LOSS, "metric": METRIC, "result": RESULT}
PLACES = UNCONVERTED | CONVERTED
FAULTS = {
    # the body, the code, and whether AutoGraph makes it work
    "if": ("if tf.reduce_sum(loss) > 3.0: loss = loss * 2.0", "KLL101", True),
    "float": ("scale = float(tf.reduce_sum(loss))", "KLL113", True),
    "bool": ("is_large = bool(tf.reduce_sum(loss) > 3.0)", "KLL104", False),
    "numpy": ("loss = loss + np.sum(loss)", "KLL111", False),
    "host": ("shown = tf.reduce_sum(loss).numpy()", "KLL112", False),
    "item": ("first = tf.reshape(loss, (-1,)); first[0] = 0.0", "KLL124", False),
}
CALLS_ITSELF = LOSS.replace(
    "    def call", "    def __call__(self, *args):\n        return self.call(*args)\n\n    def call"
)
FITS_ITSELF = STEP.replace("    def {method}", "    def fit(self, data):\n        pass\n\n    def {method}")
STATE = {
    # the body, the code, and the generations that it holds for
    "count": ("self.calls += 1; loss = loss * self.calls", "KLL123", "23"),
    "tensor": ("loss = loss + self.calls; self.calls = tf.reduce_sum(loss)", "KLL123", "23"),
    "layer": ("loss = keras.layers.Dense(4)(loss)", "KLL132", "23"),
    "generator": ("seeds = keras.random.SeedGenerator(7)", "KLL115", "3"),
    "draw": ("loss = loss + keras.random.normal((4,))", "KLL115", "3"),
}
WITHOUT_STATE = {
    "counted_locally": "calls = 1; calls += 1; loss = loss * calls",
    "set_only": "self.calls = 1",
    "without_variables": "loss = keras.layers.ReLU()(loss)",
}
SILENT = {
    "another argument": STEP.replace("self, data", "self, data, weights"),
    "a loop of its own": FITS_ITSELF,
    "a loss that Keras does not call": CALLS_ITSELF,
    "a helper": LOSS.replace("def call", "def compare"),
    "no class of Keras": LOSS.replace("(keras.losses.Loss)", "(object)"),
    "eager": STEP + "\n\ndef made(model):\n    model.compile(run_eagerly=True)\n",
    "eager by itself": STEP.replace(
        "    def {method}",
        "    def compile(self, **kwargs):\n        super().compile(run_eagerly=True)\n\n    def {method}",
    ),
    "all functions eager": "tf.config.run_functions_eagerly(True)\n" + METRIC,
    "another compute_loss": COMPUTE_LOSS.replace("x=None, y=None", "y, mask=None"),
}
FINE = [
    "loss = loss if self.name else -loss",
    "if loss.shape.rank > 1: loss = tf.reduce_mean(loss, axis=-1)",
    "loss = tf.where(loss > 1.0, loss, -loss)",
    "loss = loss * np.sqrt(2.0)",
]


def codes(source: str, body: str, keras: str) -> set[str]:
    text = HEAD.format(keras="tf_keras" if keras == "2" else "keras") + source.format(body=body, method="train_step")
    return {found.code for found in lint_source(text, "example.py", Settings(keras=(keras,), select=("KLL1",)))}


@pytest.mark.parametrize("keras", ["2", "3"])
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("fault", FAULTS)
def test_faults(fault: str, place: str, keras: str) -> None:
    body, code, is_mended = FAULTS[fault]
    works = is_mended and keras == "2" and place in CONVERTED
    assert codes(PLACES[place], body, keras) == (set() if works else {code})


def counting(source: str) -> str:
    """The class with an attribute that is a number."""
    head, colon, rest = source.partition("):\n")
    return f"{head}{colon}    calls = 0\n\n{rest}"


@pytest.mark.parametrize("keras", ["2", "3"])
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("fault", STATE)
def test_state(fault: str, place: str, keras: str) -> None:
    body, code, generations = STATE[fault]
    assert codes(counting(PLACES[place]), body, keras) == ({code} if keras in generations else set())


@pytest.mark.parametrize("body", WITHOUT_STATE.values(), ids=WITHOUT_STATE)
@pytest.mark.parametrize("place", PLACES)
def test_no_state(place: str, body: str) -> None:
    assert codes(counting(PLACES[place]), body, "2") == codes(counting(PLACES[place]), body, "3") == set()


@pytest.mark.parametrize("fault", STATE)
def test_state_where_models_run_eagerly(fault: str) -> None:
    assert codes(counting(SILENT["eager"]), STATE[fault][0], "3") == set()


@pytest.mark.parametrize("keras", ["2", "3"])
@pytest.mark.parametrize("source", SILENT.values(), ids=SILENT)
def test_silent(source: str, keras: str) -> None:
    assert codes(source, FAULTS["host"][0], keras) == set()


@pytest.mark.parametrize("body", FINE)
@pytest.mark.parametrize("place", PLACES)
def test_fine(place: str, body: str) -> None:
    assert codes(PLACES[place], body, "3") == set()


def test_predict_step_gets_a_batch() -> None:
    source = """
class Subject(keras.Model):
    def predict_step(self, data):
        x = data[0] if isinstance(data, tuple) else data
        outputs = tf.nn.softmax(self(x))
        return outputs.numpy()
"""
    assert codes(source, "", "3") == {"KLL112"}


@pytest.mark.parametrize("caller", ["_backend_update_step", "apply"])
def test_an_optimizer_that_hands_over_all_gradients(caller: str) -> None:
    source = f"""
class Subject(keras.optimizers.Optimizer):
    def {caller}(self, grads, variables, rate=None):
        self.update_step(list(grads), variables, rate)

    def update_step(self, grads, variables, rate):
        for gradient, variable in zip(grads, variables):
            grads[0] += 1.0
            if grads[0]: pass
            variable.assign_sub(gradient)
        {{body}}
"""
    assert codes(source, "pass", "3") == set()
    assert codes(source, "float(tf.reduce_sum(grads[0]))", "3") == {"KLL113"}


@pytest.mark.parametrize(
    ("base", "switch", "reported"),
    [
        ("Model", "tf.config.run_functions_eagerly(True)", False),
        ("Model", "tf.config.run_functions_eagerly(False)", True),
        ("layers.Layer", "tf.config.run_functions_eagerly(True)", True),
    ],
)
def test_a_model_that_switches_tracing_off(base: str, switch: str, reported: bool) -> None:
    source = f"""
class Subject(keras.{base}):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        {switch}

    def call(self, inputs):
        return np.moveaxis(inputs, 1, 2)
"""
    assert codes(source, "", "3") == ({"KLL111"} if reported else set())


@pytest.mark.parametrize(
    ("unpacked", "reported"),
    [("outputs, mask = y_pred", set()), ("outputs, mask = y_pred, self.mask", {"KLL113"})],
)
def test_a_loss_of_several_predictions_has_several_targets(unpacked: str, reported: set[str]) -> None:
    source = f"""
class Subject(keras.losses.Loss):
    mask = 1.0

    def call(self, y_true, y_pred):
        {unpacked}
        targets = y_true
        total = 0.0
        for i in range(len(targets)):
            total += mask * tf.reduce_sum(outputs[i] - targets[i])
        return total
"""
    assert codes(source, "", "3") == reported
