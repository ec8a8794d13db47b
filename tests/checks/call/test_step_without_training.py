"""KLL408: A `train_step` calls the model without `training=True`."""

from __future__ import annotations

import pytest

from tests.checks.cases import assert_silent, assert_told

MODEL = """\
class Subject({base}):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.drop = layers.{made}
        self.head = layers.Dense(1)

    def call(self, inputs, training=None):
        return self.head(self.drop({drop}))

    def {step}(self, data):
        x, y = data
        y_pred = {call}
        return {{"loss": y_pred}}
"""
BATCH_NORMALIZATION = "BatchNormalization()"
REPORTED = [
    {},
    {"made": BATCH_NORMALIZATION},
    {"drop": "inputs"},
    {"call": "self([x, y])  # here"},
    {"call": "self.stateless_call(self.weights, [], x)  # here"},
    {"call": "self(x, mask=y)  # here"},
    {"call": "tf.map_fn(lambda each: self(each), x)  # here"},
]
SILENT = [
    {"call": "self(x, training=True)"},
    {"call": "self(x, training=False)"},
    {"call": "self(x, True)"},
    {"call": "self(x, **y)"},
    {"call": "self.head(x)"},
    {"call": "self.stateless_call(self.weights, [], x, True)"},
    {"made": "Dense(2)"},
    {"drop": "inputs, training=True"},
    {"step": "test_step"},
    {"base": "layers.Layer"},
    {"base": "somewhere.Model"},
]


def model(
    base: str = "keras.Model",
    made: str = "Dropout(0.5)",
    drop: str = "inputs, training=training",
    step: str = "train_step",
    call: str = "self(x)  # here",
) -> str:
    return MODEL.format(base=base, made=made, drop=drop, step=step, call=call)


@pytest.mark.parametrize("parts", REPORTED, ids=str)
def test_reported(parts: dict[str, str]) -> None:
    end = "in `fit` `self.drop` stays in inference mode, silently"
    assert_told("KLL408", model(**parts), end, end)


@pytest.mark.parametrize("parts", SILENT, ids=str)
def test_silent(parts: dict[str, str]) -> None:
    assert_silent("KLL408", model(**parts))
