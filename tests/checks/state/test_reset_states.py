"""KLL403: A metric defines `reset_states`, which Keras 3 does not call."""

from __future__ import annotations

import pytest

from tests.checks.cases import assert_silent, assert_told

METRIC = """\
import numpy as np


class Subject({base}):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        {init}
        self.best = self.add_weight(name="best", shape=(), initializer="ones")

    def update_state(self, y_true, y_pred, sample_weight=None):
        self.best.assign(tf.reduce_max(y_pred))

    def result(self):
        return self.best

    def {name}(self):  # {mark}
        {body}

    {more}
"""
VALUES = ["1.0", "-1", "np.inf", "-np.inf", 'float("inf")', "1e9"]
SILENT = {
    "zero": {"body": "self.best.assign(0.0)"},
    "not known": {"body": "self.best.assign(self.start)"},
    "kept zero": {"body": "self.best.assign(self.start)", "init": "self.start = 0.0"},
    "kept argument": {"body": "self.best.assign(self.start)", "init": "self.start = kwargs"},
    "kept, then changed": {
        "body": "self.best.assign(self.start)",
        "init": "self.start = 1.0",
        "more": "def change(self):\n        self.start = 0.0",
    },
    "zeros": {"body": "self.best.assign(tf.zeros(()))"},
    "possible only": {"body": "if self.name: self.best.assign(1.0)"},
    "the new name": {"name": "reset_state"},
    "both": {"more": "def reset_state(self):\n        self.reset_states()"},
    "an alias": {"more": "reset_state = reset_states"},
    "a layer": {"base": "layers.Layer"},
    "a metric of Keras with a reset of its own": {"base": "keras.metrics.AUC"},
    "a mean, which resets no more than its own": {"base": "keras.metrics.Mean"},
    "a base that is not known": {"base": "somewhere.Metric"},
}


def metric(
    base: str = "keras.metrics.Metric",
    body: str = "self.best.assign(1.0)",
    name: str = "reset_states",
    more: str = "",
    init: str = "pass",
    mark: str = "",
) -> str:
    return METRIC.format(base=base, body=body, name=name, more=more, init=init, mark=mark)


@pytest.mark.parametrize("value", VALUES)
def test_reported(value: str) -> None:
    shown = value.replace('"', "'").replace("1e9", "1000000000.0")
    source = metric(body=f"self.best.assign({value})", mark="here")
    assert_told("KLL403", source, "", f"`self.best` begins with 0, not with `{shown}`")


def test_a_number_that_is_kept() -> None:
    source = metric(body="self.best.assign(self.start)", init="self.start = 100.0", mark="here")
    assert_told("KLL403", source, "", "`self.best` begins with 0, not with `self.start`")


@pytest.mark.parametrize("parts", SILENT.values(), ids=SILENT)
def test_silent(parts: dict[str, str]) -> None:
    assert_silent("KLL403", metric(**parts))


HOLDING = """\
class Base(keras.metrics.Metric):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.last = self.add_weight(name="last", shape=(), initializer="zeros")

    def result(self):
        return self.last

    {reset}


class Subject(Base):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.mean = {made}

    def update_state(self, y_true, y_pred, sample_weight=None):  # {mark}
        self.last.assign({used})
"""
RESET = "def reset_state(self):\n        self.last.assign(0.0)"
USED = "self.mean(y_true, y_pred)"
ON = "what `update_state` adds up there silently goes on over the epochs"
LEFT = f"`Subject.reset_state` leaves `self.mean` as it is: {ON}"


def test_what_a_metric_holds_is_left() -> None:
    source = HOLDING.format(reset=RESET, made="keras.metrics.MeanSquaredError()", used=USED, mark="here")
    assert_told("KLL403", source, LEFT, LEFT)


@pytest.mark.parametrize(
    ("reset", "made", "used"),
    [
        ("", "keras.metrics.MeanSquaredError()", USED),
        (f"{RESET}\n        self.mean.reset_state()", "keras.metrics.MeanSquaredError()", USED),
        (f"{RESET}\n        super().reset_state()", "keras.metrics.MeanSquaredError()", USED),
        (f"{RESET}\n        [each.reset_state() for each in self._metrics]", "keras.metrics.MeanSquaredError()", USED),
        (f"{RESET}\n        self.clear()", "keras.metrics.MeanSquaredError()", USED),
        (RESET, "keras.metrics.MeanSquaredError()", "0.0"),
        (RESET, "keras.losses.MeanSquaredError()", USED),
    ],
)
def test_what_a_metric_holds_is_reset(reset: str, made: str, used: str) -> None:
    assert_silent("KLL403", HOLDING.format(reset=reset, made=made, used=used, mark=""))
