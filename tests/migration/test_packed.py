"""Weights in lists that TensorFlow makes one tensor of."""

from __future__ import annotations

import pytest

from keras_layer_lint.fixes.editing import edited
from keras_layer_lint.migration.packed import weights_as_tensors

METRIC = """\
import tensorflow as tf


class Table(tf.keras.metrics.Metric):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.hits = self.add_weight(name="hits", shape=())
        self.seen = self.add_weight(name="seen", shape=())
        self.rate = 2.0
        {more}

    def result(self):
        return {result}
"""


def migrated(result: str, more: str = "pass") -> str:
    before = METRIC.format(result=result, more=more)
    after = edited(before, weights_as_tensors(before, {"Table"}))
    assert weights_as_tensors(after, {"Table"}) == []
    return after


@pytest.mark.parametrize(
    ("result", "after"),
    [
        ("tf.convert_to_tensor([self.hits, self.seen])", "tf.convert_to_tensor([self.hits.value, self.seen.value])"),
        ("tf.stack((self.hits, self.rate), axis=0)", "tf.stack((self.hits.value, self.rate), axis=0)"),
        ("tf.math.reduce_sum([self.hits / 2, self.seen])", "tf.math.reduce_sum([self.hits / 2, self.seen.value])"),
    ],
)
def test_values(result: str, after: str) -> None:
    assert migrated(result) == METRIC.format(result=after, more="pass")


@pytest.mark.parametrize(
    ("result", "more"),
    [
        ("tf.concat([self.hits, self.seen], 0)", "pass"),
        ("tf.stack(self.hits)", "pass"),
        ("self.stack([self.hits, self.seen])", "pass"),
        ("tf.stack([self.hits, self.rate])", "self.hits = 4"),
    ],
)
def test_left(result: str, more: str) -> None:
    assert migrated(result, more) == METRIC.format(result=result, more=more)
