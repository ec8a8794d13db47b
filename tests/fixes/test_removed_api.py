"""KLL147: `add_metric`, and the dropout masks of cells."""

from __future__ import annotations

import pytest

from keras_layer_lint import Settings, fix_source

LAYER = """\
import keras
import tensorflow as tf


class Spread(keras.layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.accuracy = keras.metrics.Mean()

    def call(self, inputs):
        {body}
        return inputs
"""
CELL = """\
import keras
import tensorflow as tf


class Cell(keras.layers.LSTMCell):
    def __init__(self, units, **kwargs):
        super().__init__(units, **kwargs)

    def call(self, inputs, states, training=None):
        {body}
        return inputs, states
"""
MADE = "\n        self.{name} = keras.metrics.Mean(name={given})"


def fixed(source: str) -> str:
    return str(fix_source(source, settings=Settings(keras=("3",), select=("KLL147",)), unsafe=True))


@pytest.mark.parametrize(
    ("body", "after", "made"),
    [
        ('self.add_metric(inputs, name="x", aggregation="mean")', "self.mean.update_state(inputs)", [("mean", '"x"')]),
        ('self.add_metric(tf.norm(inputs), "x")', "self.mean.update_state(tf.norm(inputs))", [("mean", '"x"')]),
        (
            'self.add_metric(tf.norm(inputs), "x")\n        self.add_metric(tf.size(inputs), name=self.name)',
            "self.mean.update_state(tf.norm(inputs))\n        self.mean_1.update_state(tf.size(inputs))",
            [("mean", '"x"'), ("mean_1", "self.name")],
        ),
    ],
)
def test_metrics(body: str, after: str, made: list[tuple[str, str]]) -> None:
    lines = "".join(MADE.format(name=name, given=given) for name, given in made)
    kept = "self.accuracy = keras.metrics.Mean()"
    assert fixed(LAYER.format(body=body)) == LAYER.format(body=after).replace(kept, kept + lines)


@pytest.mark.parametrize(
    "body",
    [
        'self.add_metric(self.accuracy(inputs), name="x")',
        'self.add_metric(inputs, name="x")',
        'self.add_metric(tf.norm(inputs), name="x", aggregation="sum")',
        "self.add_metric(tf.norm(inputs), name=str(inputs))",
        'for each in (1, 2):\n            self.add_metric(tf.norm(inputs), name="x")',
        'x = self.add_metric(tf.norm(inputs), name="x")',
    ],
)
def test_metrics_that_are_left(body: str) -> None:
    assert fixed(LAYER.format(body=body)) == LAYER.format(body=body)


@pytest.mark.parametrize(
    ("body", "after", "is_counted"),
    [
        (
            "a = self.get_dropout_mask_for_cell(inputs, training)",
            "a = self.get_dropout_mask(inputs) if training else tf.ones_like(inputs)",
            False,
        ),
        (
            "a = inputs * self.get_recurrent_dropout_mask_for_cell(inputs, training)",
            "a = inputs * (self.get_recurrent_dropout_mask(inputs) if training else tf.ones_like(inputs))",
            False,
        ),
        (
            "a = self.get_dropout_mask_for_cell(inputs, training, count=4)[0]\n"
            "        b = self.get_recurrent_dropout_mask_for_cell(inputs, training, count=4)",
            "a = (self.get_dropout_mask(inputs) if training else [tf.ones_like(inputs)] * 4)[0]\n"
            "        b = self.get_recurrent_dropout_mask(inputs) if training else [tf.ones_like(inputs)] * 4",
            True,
        ),
    ],
)
def test_masks(body: str, after: str, is_counted: bool) -> None:
    made = "super().__init__(units, **kwargs)"
    expected = CELL.format(body=after)
    if is_counted:
        expected = expected.replace(made, f"{made}\n        self.dropout_mask_count = 4")
    assert fixed(CELL.format(body=body)) == expected


@pytest.mark.parametrize(
    "body",
    [
        "a = self.get_dropout_mask_for_cell(inputs)",
        "a = self.get_dropout_mask_for_cell(inputs + 1, training)",
        "a = self.get_dropout_mask_for_cell(inputs, training, count=training)",
        "self.of = self.get_dropout_mask_for_cell(inputs, training, count=4), super().call(inputs, states)",
    ],
)
def test_masks_that_are_left(body: str) -> None:
    assert fixed(CELL.format(body=body)) == CELL.format(body=body)


METRIC = """\
import keras
from tensorflow.keras import backend as K


class Hits(keras.metrics.Metric):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.hits = self.add_weight(name="hits", shape=(), initializer="zeros")

    def update_state(self, y_true, y_pred, sample_weight=None):
        self.hits.assign_add(1.0)

    def result(self):
        return self.hits

    def reset_state(self):
        {body}
        self.done = True
"""


@pytest.mark.parametrize(
    ("body", "after"),
    [
        ("K.set_value(self.hits, 0.0)", "self.hits.assign(0.0)"),
        (
            "K.batch_set_value([(v, 0.0) for v in self.variables])",
            "for v in self.variables:\n            v.assign(0.0)",
        ),
        (
            "K.batch_set_value([\n            (v, 0) for v in self.variables if v is not self.done\n        ])",
            "for v in self.variables:\n            if v is not self.done:\n                v.assign(0)",
        ),
        ("K.batch_set_value([(v, 0) for v in self.variables])  # why", ""),
        ("K.batch_set_value([(self.hits, 0)])", ""),
        ("K.batch_set_value([(self.hits, v) for v in (0, 1)])", ""),
        ("v = 1\n        K.batch_set_value([(v, 0) for v in self.variables])", ""),
    ],
)
def test_values_that_are_set(body: str, after: str) -> None:
    done = fixed(METRIC.format(body=body))
    assert done.replace("from tensorflow.keras import backend as K\n", "") == METRIC.format(body=after or body).replace(
        "from tensorflow.keras import backend as K\n", ""
    )
