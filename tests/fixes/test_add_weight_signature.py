from __future__ import annotations

import pytest

from keras_layer_lint import Settings, fix_source

LAYER = """\
import keras
import tensorflow as tf


class Scale(keras.{kind}):
    def {method}(self, input_shape=None, *names):
        super().{method}()
        self.scale = self.add_weight({given})

    def call(self, inputs):
        return inputs * self.scale

    def update_state(self, values):
        self.scale.assign(values)

    def result(self):
        return self.scale
"""


def fixed(given: str, keras: str, kind: str = "layers.Layer") -> str:
    method = "build" if kind == "layers.Layer" else "__init__"
    source = LAYER.format(given="{}", kind=kind, method=method).replace("super().build()", "super().build(input_shape)")
    before, after = source.split("{}")
    done = fix_source(before + given + after, settings=Settings(keras=(keras,), select=("KLL208",)))
    assert isinstance(done, str)
    return done.removeprefix(before).removesuffix(after)


@pytest.mark.parametrize(
    ("given", "keras", "after"),
    [
        ('"scale", (4,)', "3", 'name="scale", shape=(4,)'),
        ('"scale", shape=(4,), initializer="ones"', "3", 'name="scale", shape=(4,), initializer="ones"'),
        ('f"scale_{1}", shape=(4,),  # four', "3", 'name=f"scale_{1}", shape=(4,),  # four'),
        ('name="scale", shape=(), use_resource=True', "3", 'name="scale", shape=()'),
        (
            'name="scale", shape=(input_shape[0][-1]), initializer="ones"',
            "3",
            'name="scale", shape=(input_shape[0][-1],), initializer="ones"',
        ),
        (
            'name="scale", shape=input_shape[0][-1], initializer="ones"',
            "3",
            'name="scale", shape=(input_shape[0][-1],), initializer="ones"',
        ),
        ('name="scale", shape=input_shape[-1]', "3", 'name="scale", shape=input_shape[-1]'),
        ('(4,), "ones"', "2", 'shape=(4,), initializer="ones"'),
    ],
)
def test_named(given: str, keras: str, after: str) -> None:
    assert fixed(given.replace("  # four", "  # four\n            "), keras).replace("\n            ", "") == after


@pytest.mark.parametrize(
    ("given", "keras"),
    [
        ('"scale", *names', "3"),
        ('"scale", (4,), "float32"', "3"),
        ('"scale", (4,), name="scale"', "3"),
        ('name="scale", shape=4.0', "3"),
        ('name="a/scale", shape=()', "3"),
        ('name="scale", shape=(), use_resource=print(1)', "3"),
    ],
)
def test_left(given: str, keras: str) -> None:
    assert fixed(given, keras) == given


@pytest.mark.parametrize(
    ("given", "after"),
    [
        ('"scale", initializer="zeros"', 'name="scale", initializer="zeros"'),
        ('"scale", shape=None, initializer="zeros"', 'name="scale", shape=(), initializer="zeros"'),
        ('name="scale"', 'name="scale", initializer="glorot_uniform"'),
        ('name="scale", shape=3, initializer="ones"', 'name="scale", shape=(3,), initializer="ones"'),
        (
            '"scale", (input_shape - 1), initializer="ones"',
            'name="scale", shape=(input_shape - 1,), initializer="ones"',
        ),
        ('name="scale", dtype=tf.int32', 'name="scale", dtype=tf.int32, initializer="zeros"'),
        ('name="scale", dtype="bool", initializer=None', 'name="scale", dtype="bool", initializer="zeros"'),
        ('name="scale", dtype=names[0]', 'name="scale", dtype=names[0]'),
    ],
)
def test_metrics(given: str, after: str) -> None:
    assert fixed(given, "3", "metrics.Metric") == after


def test_aggregation_by_name() -> None:
    given = 'name="scale", shape=(), aggregation=tf.VariableAggregation.MEAN'
    assert fixed(given, "3").endswith('name="scale", shape=(), aggregation="mean"')


def test_name_of_a_metric() -> None:
    source = LAYER.format(given='name="scale", shape=(), initializer="zeros"', kind="metrics.Metric", method="__init__")
    source = source.replace("input_shape=None, *names", 'name="scale", **kwargs').replace("__init__()", "{}")
    before = source.format("__init__(name, **kwargs)")
    done = fix_source(before, settings=Settings(keras=("3",), select=("KLL208", "KLL303")), unsafe=True)
    assert done == source.format("__init__(name=name, **kwargs)")
