"""KLL222: A method that Keras calls cannot take what Keras hands to it."""

from __future__ import annotations

from pathlib import Path

import pytest

from keras_layer_lint import Settings, lint_source
from tests.checks.cases import HEADER, assert_silent, assert_told, found, write

BASES = {
    "layer": "layers.Layer",
    "model": "keras.Model",
    "loss": "keras.losses.Loss",
    "metric": "keras.metrics.Metric",
    "initializer": "keras.initializers.Initializer",
    "regularizer": "keras.regularizers.Regularizer",
    "constraint": "keras.constraints.Constraint",
    "schedule": "keras.optimizers.schedules.LearningRateSchedule",
    "optimizer": "keras.optimizers.Optimizer",
}
REPORTED = [
    # what derives from, the method, how the message ends in Keras 2 and in Keras 3
    ("loss", "call(self, y_true, y_pred, weights)", "with 2 arguments, and it needs `weights`: TypeError", "="),
    ("loss", "call(self, y_true)", "with 2 arguments, and it takes 1 argument: TypeError", "="),
    ("loss", "call(y_true, y_pred)", "with 2 arguments, and it takes 1 argument: TypeError", "="),
    ("loss", "call()", "with 2 arguments, and it takes no `self`: TypeError", "="),
    ("loss", "call(self, y_true, y_pred, *, w)", "with 2 arguments, and it needs `w`: TypeError", "="),
    (
        "metric",
        "update_state(self, y_true, y_pred)",
        "with 2 arguments and `sample_weight=`, and it takes no `sample_weight`: TypeError",
        "=",
    ),
    ("metric", "result(self, epoch)", "with no argument, and it needs `epoch`: TypeError", "="),
    ("initializer", "__call__(self, shape)", "with 1 argument and `dtype=`, and it takes no `dtype`: TypeError", "="),
    (
        "initializer",
        "__call__(self, dtype, shape)",
        "with 1 argument and `dtype=`, and it takes `dtype` by position already: TypeError",
        "=",
    ),
    ("regularizer", "__call__(self)", "with 1 argument, and it takes no argument: TypeError", "="),
    ("constraint", "__call__(self, w, axis)", "with 1 argument, and it needs `axis`: TypeError", "="),
    ("constraint", "__call__(self, w, shape)", "with 1 argument, and it needs `shape`: TypeError", "="),
    ("schedule", "__call__(self)", "with 1 argument, and it takes no argument: TypeError", "="),
    ("optimizer", "update_step(self, gradient, variable)", "", "with 3 arguments, and it takes 2 arguments: TypeError"),
    ("optimizer", "update_step(self, g, v, rate)", "with 2 arguments, and it needs `rate`: TypeError", ""),
    ("model", "train_step(self, x, y)", "with 1 argument, and it needs `y`: TypeError", "="),
    ("model", "compute_loss(self, y, y_pred)", "with 4 arguments, and it takes 2 arguments: TypeError", "="),
    (
        "model",
        "compute_metrics(self, x, y, y_pred)",
        "with 4 arguments, and it takes 3 arguments: TypeError",
        "with 3 arguments and `sample_weight=`, and it takes no `sample_weight`: TypeError",
    ),
    ("layer", "call(inputs)", "with 1 argument, and it takes no argument: TypeError", "="),
    ("model", "call(inputs)", "with 1 argument, and it takes no argument: TypeError", "="),
]
SILENT = [
    ("loss", "call(self, y_true, y_pred, weights=None)"),
    ("loss", "call(self, *args)"),
    ("loss", "call(self, y_true, *rest)"),
    ("metric", "update_state(self, values)"),
    ("metric", "update_state(self, y_true, y_pred, **kwargs)"),
    ("metric", "update_state(self, y_true, y_pred, sample_weight)"),
    ("initializer", "__call__(self, shape, **kwargs)"),
    ("initializer", "__call__(self, shape, *, dtype=None)"),
    ("optimizer", "update_step(self, gradient, variable, learning_rate=None)"),
    ("model", "train_step(self, data)"),
    ("model", "train_step(self, state, data)"),
    ("model", "call(self)"),
    ("model", "compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True)"),
    ("model", "compute_metrics(self, x, y, y_pred, sample_weight=None)"),
    ("layer", "call(self, *, left, right)"),
    ("layer", "call(self)"),
    ("layer", "other(self)"),
]


def source(kind: str, method: str, mark: str = "", head: str = "", tail: str = "") -> str:
    return f"class Subject({BASES[kind]}):\n    {head}\n    def {method}:  # {mark}\n        return 0.0\n\n{tail}\n"


@pytest.mark.parametrize(("kind", "method", "keras_2", "keras_3"), REPORTED)
def test_reported(kind: str, method: str, keras_2: str, keras_3: str) -> None:
    name = method.partition("(")[0]
    keras_3 = keras_2 if keras_3 == "=" else keras_3
    for keras, end in (("2", keras_2), ("3", keras_3)):
        found = lint_source(HEADER + source(kind, method), "example.py", Settings(keras=(keras,), select=("KLL222",)))
        told = f"Keras calls `Subject.{name}` {end}"
        assert [item.message for item in found] == ([told] if end else [])


@pytest.mark.parametrize(("kind", "method"), SILENT)
def test_silent(kind: str, method: str) -> None:
    assert_silent("KLL222", source(kind, method))


@pytest.mark.parametrize(
    ("kind", "method", "more"),
    [
        ("model", "train_step(self, x, y)", {"tail": "def train(model, x, y):\n    model.train_step(x, y)"}),
        ("model", "train_step(self, x, y)", {"tail": "    def fit(self, data):\n        pass"}),
        ("model", "compute_loss(self, logits)", {"tail": "    def a(self, x):\n        return self.compute_loss(x)"}),
        ("metric", "update_state(self, y_true, y_pred)", {"tail": "Subject().update_state(1, 2)"}),
        ("loss", "call(self, y_true)", {"tail": "    def __call__(self, y):\n        return self.call(y)"}),
        ("loss", "call(self, y_true)", {"head": "@somehow"}),
        (
            "regularizer",
            "__call__(self, step, gradients)",
            {"tail": "def noise(given, step):\n    return given(step=step + 1, gradients=[1.0])"},
        ),
    ],
)
def test_what_others_call_is_silent(kind: str, method: str, more: dict[str, str]) -> None:
    assert_silent("KLL222", source(kind, method, **more))


def test_what_super_is_asked_for_is_called_by_keras() -> None:
    tail = "    def test_step(self, data):\n        return super().train_step(data)"
    method = "train_step(self, x, y)"
    end = "Keras calls `Subject.train_step` with 1 argument, and it needs `y`: TypeError"
    assert_told("KLL222", source("model", method, "here", tail=tail), end, end)


@pytest.mark.parametrize(
    ("call", "is_told"),
    [
        ("tracker.update_state(loss)", True),
        ("tracker.update_state(losses[0], sample_weight=rate)", True),
        ("tracker.update_state(tf.norm(a, b))", True),
        ("self.compiled_metrics.update_state(y, y_pred, weights)", True),
        ("super().update_state(y, y_pred)", True),
        ('"""\n    >>> metric.update_state(y, y_pred)\n    """', True),
        ("tracker.update_state(loss)\n    metric.update_state(y, y_pred)", False),
        ("metric.update_state(y, y_pred)", False),
        ("metric.update_state(y_true=y, y_pred=y_pred)", False),
        ("metric.update_state(*batch)", False),
        ("update = metric.update_state", False),
    ],
)
def test_what_is_updated_by_hand(call: str, is_told: bool) -> None:
    """A tracker of one value is no metric of labels and predictions."""
    method = "update_state(self, y_true, y_pred)"
    end = (
        "Keras calls `Subject.update_state` with 2 arguments and `sample_weight=`, and it takes no `sample_weight`: "
        "TypeError"
    )
    if is_told:
        assert_told("KLL222", source("metric", method, "here", tail=f"def train(x):\n    {call}"), end, end)
    else:
        assert_silent("KLL222", source("metric", method, tail=f"def train(x):\n    {call}"))


@pytest.mark.parametrize(
    ("call", "is_told"),
    [
        ("detector.compute_loss(x, y, y_pred)", True),
        ("self.compute_loss(x=x, y=y, y_pred=y_pred, sample_weight=None)", True),
        ("self.compute_loss(y, labels=(y, y_pred))", True),
        ("# model.compute_loss(y, y_pred)", True),
        ('"""model.compute_loss(y, y_pred)"""', True),
        ("super().compute_loss(y, y_pred)", True),
        ("detector.compute_loss(f(x, y), y_pred)", False),
        ("self.compute_loss(y, y_pred=y_pred)", False),
        ("self.compute_loss(*data)", False),
        ("self.compute_loss(**data)", False),
        ("loss_of = model.compute_loss", False),
    ],
)
def test_what_the_method_cannot_take_is_given_to_another(call: str, is_told: bool) -> None:
    method = "compute_loss(self, y, y_pred)"
    end = "Keras calls `Subject.compute_loss` with 4 arguments, and it takes 2 arguments: TypeError"
    tail = f"def train(self, model, detector, x, y, y_pred, data):\n    {call}\n    return y"
    if is_told:
        assert_told("KLL222", source("model", method, "here", tail=tail), end, end)
    else:
        assert_silent("KLL222", source("model", method, tail=tail))


CELL = """
class Subject(layers.Layer):
    def __init__(self, units=4, **kwargs):
        super().__init__(**kwargs)
        self.{attribute} = units

    def get_initial_state(self, {parameters}):  # here
        return [0.0]

    def call(self, inputs, {states}):
        return inputs, [inputs]
"""


def test_cells_differ_between_the_generations() -> None:
    told = "Keras calls `Subject.get_initial_state` with "
    given = "`inputs=` and `batch_size=` and `dtype=`, and it takes no `inputs`: TypeError"
    assert_told(
        "KLL222", CELL.format(attribute="state_size", parameters="batch_size=None", states="states"), told + given, ""
    )
    needs = "`batch_size=`, and it needs `inputs`, `dtype`: TypeError"
    assert_told(
        "KLL222",
        CELL.format(attribute="state_size", parameters="inputs, batch_size, dtype", states="state"),
        "",
        told + needs,
    )
    for attribute, states in (("units", "states"), ("state_size", "mask=None")):
        assert_silent("KLL222", CELL.format(attribute=attribute, parameters="batch_size=None", states=states))


def test_a_step_gets_the_state_on_jax() -> None:
    plain = HEADER.replace("import tensorflow as tf\n", "") + source("model", "train_step(self, data)")
    settings = Settings(keras=("3",), backend="jax", select=("KLL222",))
    for other in ("import torch\n", "from tensorflow import function\n"):
        assert not lint_source(other + plain, "example.py", settings)
    [found] = lint_source(plain, "example.py", settings)
    assert found.message == "Keras calls `Subject.train_step` with 2 arguments, and it takes 1 argument: TypeError"


@pytest.mark.parametrize(
    ("file", "is_told"),
    [("tests/test_hits.py", True), ("package/testing/checks.py", True), ("package/checks.py", False)],
)
def test_what_only_tests_update_by_hand(file: str, is_told: bool, tmp_path: Path) -> None:
    """The helpers of tests are no use of a metric either."""
    (tmp_path / "setup.py").touch()
    metric = source("metric", "update_state(self, y_true, y_pred)", "KLL222" if is_told else "")
    check = "def check(metric, y, y_pred):\n    metric.update_state(y, y_pred)\n"
    write(tmp_path, {file: check, "package/hits.py": metric})
    assert len(found("KLL222", metric, "23", tmp_path / "package" / "hits.py")) == is_told


@pytest.mark.parametrize(
    ("head", "is_told"), [("", True), ("from package.hits import Subject\n\n\n", False), ("# not for Subject\n", False)]
)
def test_what_a_library_updates_by_hand(head: str, is_told: bool, tmp_path: Path) -> None:
    """Others give its metrics to `compile`, if not the one that it updates by hand itself."""
    (tmp_path / "setup.py").touch()
    metric = source("metric", "update_state(self, y_true, y_pred)", "KLL222" if is_told else "")
    check = f"{head}def check(metric, y, y_pred):\n    metric.update_state(y, y_pred)\n"
    write(tmp_path, {"package/__init__.py": "", "package/checks.py": check, "package/hits.py": metric})
    assert len(found("KLL222", metric, "23", tmp_path / "package" / "hits.py")) == is_told
