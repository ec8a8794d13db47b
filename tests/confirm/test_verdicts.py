"""Verdicts on small layers that are like real ones: what each finding must come to, and with which evidence."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from keras_layer_lint.confirm.probe import ProbeResult
from tests.confirm.conftest import claims_in, needs, probe, ran

MARK = re.compile(r"# (KLL\d+) (confirmed|refuted|inconclusive): (.+)")

NESTED = {"Nested": "Block.Nested"}
CASES: dict[str, tuple[str, str]] = {}


def case(name: str, keras: str, source: str) -> None:
    """Lines whose finding is looked at end with `# KLL151 confirmed: what the evidence holds`."""
    CASES[name] = (keras, source)


case(
    "xla_names_some_operations_only",
    "2",
    """\
import tensorflow as tf


class Hash(tf.keras.layers.Layer):
    def __init__(self, num_buckets, **kwargs):
        super().__init__(**kwargs)
        self.num_buckets = num_buckets

    def call(self, x):
        if x.dtype != tf.string:
            text = tf.as_string(x)  # KLL151 confirmed: AsString
        else:
            text = tf.as_string(tf.zeros_like(x))  # KLL151 inconclusive: the line was not reached
        hashed = tf.strings.to_hash_bucket_fast(text, self.num_buckets)  # KLL151 confirmed: StringToHashBucketFast
        return tf.cast(hashed, tf.float32) + x
""",
)
case(
    "xla_line_not_reached",
    "3",
    """\
import keras
import tensorflow as tf


class Pool(keras.layers.Layer):
    def call(self, inputs, segments=None):
        if segments is not None:
            return tf.math.segment_sum(inputs, segments)  # KLL151 inconclusive: the line was not reached
        return tf.reduce_sum(inputs, axis=-1)


class Median(keras.layers.Layer):
    def __init__(self, use_pooling=False, **kwargs):
        super().__init__(**kwargs)
        self.use_pooling = use_pooling

    def call(self, inputs):
        if self.use_pooling:
            tf.print("pooled", inputs)  # KLL151 confirmed: XLA
        return inputs * 2.0
""",
)
case(
    "flags_that_are_off",
    "3",
    """\
import keras
import numpy as np
from keras import ops


class Learned(keras.layers.Layer):
    def __init__(self, learned_epsilon=False, mode="plain", **kwargs):
        super().__init__(**kwargs)
        self.mode = mode
        if learned_epsilon:
            self.epsilon = self.add_weight(shape=(1,), name="epsilon")  # KLL201 confirmed: epsilon

    def build(self, input_shape):
        if self.mode == "scaled":
            self.scale = self.add_weight("scale", (input_shape[-1],))  # KLL208 confirmed: keyword argument

    def call(self, inputs):
        if self.mode == "centered":
            inputs = inputs - np.mean(inputs)  # KLL111 confirmed: NotImplementedError
        return inputs * 2.0
""",
)
case(
    "flags_while_another_line_raises",
    "3",
    """\
import keras
import tensorflow as tf


class Attention(keras.layers.Layer):
    def __init__(self, kind="dot", **kwargs):
        super().__init__(**kwargs)
        self.kind = kind

    def build(self, input_shape):
        if self.kind == "additive":
            self.bias = self.add_weight("bias", (input_shape[-1],))  # KLL208 confirmed: add_weight('bias', ...)
        self.scale = self.add_weight("scale", (input_shape[-1],))  # KLL208 confirmed: add_weight('scale', ...)
        super().build(input_shape)

    def call(self, inputs):
        outputs = tf.squeeze(inputs, axis=1) * self.scale
        return outputs + self.bias if self.kind == "additive" else outputs
""",
)
case(
    "name_not_taken_by_what_cannot_be_loaded",
    "2",
    """\
import tensorflow as tf


class Wrapper(tf.keras.Model):
    def __init__(self, units, **kwargs):  # KLL306 confirmed: given_name
        super().__init__()
        self.inner = tf.keras.layers.Dense(units, **kwargs)

    def call(self, inputs):
        return self.inner(inputs)

    def get_config(self):
        return self.inner.get_config()

    @classmethod
    def from_config(cls, config):
        raise ValueError("not from this config")
""",
)
case(
    "a_decorated_init",
    "2",
    """\
import functools

import tensorflow as tf


def checked(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        return function(*args, **kwargs)

    return wrapper


class Score(tf.keras.metrics.Metric):
    @checked
    def __init__(self, regressors=0, name="score", **kwargs):
        super().__init__(name=name, **kwargs)
        self.regressors = regressors
        self.total = self.add_weight(name="total", initializer="zeros")

    def update_state(self, y_true, y_pred, sample_weight=None):
        self.total.assign_add(tf.reduce_sum(y_pred))

    def result(self):
        return self.total - float(self.regressors)

    def get_config(self):  # KLL302 confirmed: regressors=0
        return super().get_config()


class Pairs(tf.keras.losses.Loss):
    def __init__(self, margin=1.0, hard=False, soft=False, name="pairs", **kwargs):
        super().__init__(name=name, **kwargs)
        if hard and soft:
            raise ValueError("either hard or soft")
        self.margin = margin

    def call(self, y_true, y_pred):
        if y_pred.shape[-1] % 8:
            raise ValueError("wants pairs of four")
        return tf.reduce_mean(y_pred, axis=-1) - self.margin

    def get_config(self):  # KLL302 confirmed: margin=1.0
        return {**super().get_config(), "hard": False, "soft": False}
""",
)
case(
    "base_config_of_what_takes_no_name",
    "3",
    """\
import keras


class Block(keras.Model):
    def __init__(self, units):
        super().__init__()
        self.units = units
        self.dense = keras.layers.Dense(units)

    def call(self, inputs):
        return self.dense(inputs)

    def get_config(self):  # KLL304 confirmed: trainable=False came back as True
        return {"units": self.units}
""",
)
case(
    "a_module_that_registers_once",
    "3",
    """\
import os

import keras

if "CASE_IS_REGISTERED" in os.environ:
    raise ValueError("registered already")
os.environ["CASE_IS_REGISTERED"] = "yes"


class Scale(keras.layers.Layer):
    def __init__(self, factor=2.0, **kwargs):
        super().__init__(**kwargs)
        self.factor = factor

    def call(self, inputs):
        return inputs * self.factor

    def get_config(self):  # KLL302 confirmed: factor=2.25 was loaded as 2.0
        return super().get_config()
""",
)
case(
    "a_nested_class",
    "3",
    """\
import keras


class Block(keras.layers.Layer):
    class Nested(keras.layers.Layer):
        def __init__(self, units):  # KLL306 confirmed: unexpected keyword argument
            super().__init__()
            self.units = units

        def call(self, inputs):
            return inputs * self.units
""",
)
case(
    "what_a_layer_does_not_take_beside_a_name",
    "2",
    """\
import tensorflow as tf


class Task(tf.keras.layers.Layer):
    def __init__(self, rate=0.5, name=None):  # KLL306 confirmed: given dtype='float64': TypeError
        super().__init__(name=name)
        self.rate = rate

    def call(self, inputs):
        return inputs * self.rate
""",
)
case(
    "never_called",
    "3",
    """\
import keras


class Groups(keras.layers.Layer):
    def __init__(self, units, seed=None):  # KLL306 confirmed: unexpected keyword argument
        super().__init__()
        self.units = units
        self.seed = seed
        self.scale = self.add_weight(shape=(units,), name="scale")  # KLL201 confirmed: scale

    def call(self, inputs):
        if inputs["points"].shape[-1] != 13:
            raise KeyError("the points have thirteen coordinates")
        return inputs["points"] * 2.0

    def get_config(self):  # KLL302 confirmed: was loaded as None
        return {**super().get_config(), "units": self.units}


class Boxes(keras.layers.Layer):
    def __init__(self, units, seed=None, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.seed = seed

    def call(self, inputs):
        if inputs["points"].shape[-1] != 13:
            raise KeyError("the points have thirteen coordinates")
        return inputs["points"] * 2.0

    def get_config(self):  # KLL302 confirmed: was loaded as None
        return {**super().get_config(), "units": self.units}
""",
)
case(
    "sublayers_that_build_themselves",
    "3",
    """\
import keras


class Block(keras.layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.dense = keras.layers.Dense(8)
        self.inner = Inner()

    def build(self, input_shape):  # KLL202 confirmed: was not reached
        self.dense.build(input_shape)

    def call(self, inputs):
        return self.inner(self.dense(inputs))


class Inner(keras.layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.dense = keras.layers.Dense(8)

    def call(self, inputs):
        return self.dense(inputs)
""",
)
case(
    "a_rate_of_zero",
    "3",
    """\
import keras


class Attend(keras.layers.Layer):
    def __init__(self, dropout=0.0, **kwargs):
        super().__init__(**kwargs)
        self.dropout = dropout

    def call(self, inputs):
        return keras.layers.Dropout(self.dropout)(inputs)  # KLL132 confirmed: ValueError
""",
)
case(
    "arguments_that_the_automatic_configuration_cannot_hold",
    "2",
    """\
import tensorflow as tf


class Task(tf.keras.layers.Layer):  # KLL301 confirmed: get_config: NotImplementedError
    def __init__(self, loss, **kwargs):
        super().__init__(**kwargs)
        self.loss = loss or tf.keras.losses.MeanSquaredError()

    def call(self, inputs):
        return inputs * self.loss(inputs, inputs)
""",
)
case(
    "each_weight_counts_once",
    "3",
    """\
import typing

import keras


class Table(keras.layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.kind = typing.Union[int, str]
        self.table = self.add_weight(shape=(4,), name="table")  # KLL201 confirmed: it has 1 weight: table

    def call(self, inputs):
        return inputs * self.table[0]
""",
)
case(
    "a_required_argument_of_a_model",
    "2",
    """\
import tensorflow as tf


class Wrapper(tf.keras.Model):  # KLL301 confirmed: loading: TypeError
    def __init__(self, inner):
        super().__init__()
        self.inner = inner

    def call(self, inputs):
        return self.inner(inputs)
""",
)
case(
    "another_error_of_the_configuration",
    "2",
    """\
import tensorflow as tf


class Warmup(tf.keras.optimizers.schedules.LearningRateSchedule):
    def __init__(self, steps=4):
        super().__init__()
        self.steps = steps

    def __call__(self, step):
        return tf.cast(step, tf.float32) / self.steps

    def get_config(self):
        return {
            "steps": self.steps,
            "rate": self._rate,  # KLL303 inconclusive: which names none of rate
        }


class Scale(tf.keras.layers.Layer):
    def __init__(self, factor, offset=0.5, **kwargs):
        super().__init__(**kwargs)
        self.factor = factor
        self.offset = offset

    def call(self, inputs):
        return inputs * self.factor + self.offset

    def get_config(self):  # KLL302 confirmed: offset=0.75 was loaded as 0.5
        return {
            **super().get_config(),
            "factor": self.factor,
            "factors": 1,  # KLL303 confirmed: factors
        }
""",
)


@dataclass(frozen=True)
class Expected:
    line: int
    code: str
    status: str
    evidence: str


def expected_in(source: str) -> list[Expected]:
    return [
        Expected(number, *found.groups())
        for number, line in enumerate(source.splitlines(), 1)
        if (found := MARK.search(line))
    ]


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], list[ProbeResult]]:
    """All cases, run at once."""
    needs("2", "3")
    folder = tmp_path_factory.mktemp("verdicts")
    probes = []
    for name, (keras, source) in CASES.items():
        path = folder / f"{name}.py"
        path.write_text(source, encoding="utf-8")
        probes += [probe(path, NESTED.get(cls, cls), claims, keras) for cls, claims in claims_in(path, keras).items()]
    found, _ = ran(probes, 120)

    def of(name: str) -> list[ProbeResult]:
        return [result for result in found if Path(result.probe.path).stem == name]

    return of


@pytest.mark.parametrize("name", CASES)
def test_verdicts(name: str, results: Callable[[str], list[ProbeResult]]) -> None:
    seen = {
        (claim.line, claim.code): verdict
        for result in results(name)
        for claim, verdict in zip(result.probe.claims, result.verdicts, strict=True)
    }
    wanted = expected_in(CASES[name][1])
    assert wanted
    for each in wanted:
        verdict = seen[each.line, each.code]
        assert (verdict.status, each.evidence in verdict.evidence) == (each.status, True), verdict


def test_what_is_shown_was_run(results: Callable[[str], list[ProbeResult]]) -> None:
    """A layer that could not be called was called on nothing; another flag than the plan's is told."""
    assert [result.inputs for result in results("never_called")] == ["", ""]
    shown = {verdict.arguments for result in results("a_rate_of_zero") for verdict in result.verdicts}
    assert shown == {"", "dropout=0.25"}
