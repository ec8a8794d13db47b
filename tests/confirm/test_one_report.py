"""With `--confirm=all` a failure is reported once: under its finding, or as KLL900, and never for what klint did."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from keras_layer_lint.confirm.probe import ProbeResult
from tests.confirm.conftest import claims_in, probe, ran
from tests.frameworks import needs

CASES = {
    "what_stands_in_for_a_line_fails_elsewhere": (
        "23",
        """\
import keras
import tensorflow as tf


class Subject(keras.layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.dense = keras.layers.Dense(4)

    def call(self, inputs):
        logs = tf.log(inputs)  # confirmed: has no attribute 'log'
        return self.dense(logs)
""",
        [],
    ),
    "a_failure_beside_a_finding_that_it_hides": (
        "3",
        """\
import keras
import tensorflow as tf


class Subject(keras.layers.Layer):
    def call(self, inputs):
        outputs = []
        for row in inputs:
            if tf.reduce_sum(row) > 0:  # inconclusive: reported by itself
                outputs.append(row)
        return tf.stack(outputs)
""",
        ["Iterating over a symbolic"],
    ),
    "a_finding_whose_body_another_finding_took_away": (
        "2",
        """\
import keras
import tensorflow as tf


class Subject(keras.layers.Layer):
    def call(self, inputs):
        outputs = []
        for i in tf.range(tf.shape(inputs)[0]):
            if tf.reduce_sum(inputs[i]) > 0:  # inconclusive: KLL121 on line 10 out of the way
                outputs.append(inputs[i])  # confirmed: out of scope
        return tf.stack(outputs)
""",
        [],
    ),
    "one_failure_in_many_runs": (
        "23",
        """\
import keras
import tensorflow as tf


class Subject(keras.layers.Layer):
    def __init__(self, statistic="reduce_mean", **kwargs):
        super().__init__(**kwargs)
        self.statistic = statistic

    def call(self, inputs, training=None):
        level = getattr(tf, self.statistic)(inputs)
        return inputs * level.numpy()

    def get_config(self):
        return {**super().get_config(), "statistic": self.statistic}
""",
        ["numpy"],
    ),
    "a_call_that_keras_never_gets_to": (
        "23",
        """\
import keras
import tensorflow as tf


class Subject(keras.layers.Layer):
    def __call__(self, inputs):
        return self.call(inputs)

    def call(self, inputs):
        return inputs if tf.reduce_sum(inputs) > 0 else inputs.numpy() * 2
""",
        [],
    ),
    "a_base_that_is_initialised_after_keras_2_asks_for_it": (
        "2",
        """\
import keras


class Subject(keras.Model):
    def __init__(self, units=4):
        self.dense = keras.layers.Dense(units)
        super().__init__()

    def call(self, inputs):
        return self.dense(inputs)
""",
        ["constructing: RuntimeError: It looks like you are subclassing `Model` and you forgot to call `super()"],
    ),
    "a_base_that_is_initialised_after_keras_3_asks_for_it": (
        "3",
        """\
import keras


class Subject(keras.layers.Layer):
    def __init__(self, units=4):
        self.example = self(keras.ops.ones((1, units)))
        super().__init__()

    def call(self, inputs):
        return inputs * 2.0
""",
        ["constructing: RuntimeError: In layer 'Subject', you forgot to call `super().__init__()`"],
    ),
    "what_keras_2_refuses_before_super_for_some_values_only": (
        "2",
        """\
import keras


class Subject(keras.Model):
    def __init__(self, *args, **kwargs):
        self.config = kwargs.pop("config", None)
        super().__init__(*args, **kwargs)

    def train_step(self, data):
        return self.config.step(data)
""",
        [],
    ),
    "images_that_klint_made_up_are_too_small": (
        "2",
        """\
import keras
import tensorflow as tf


class Subject(keras.layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.pool = keras.layers.AveragePooling2D(16)

    def call(self, inputs):
        if tf.executing_eagerly():
            return tf.reduce_mean(inputs, axis=(1, 2))
        return tf.reduce_mean(self.pool(inputs), axis=(1, 2))
""",
        [],
    ),
    "a_table_among_the_inputs_has_no_batch": (
        "2",
        """\
import keras
import tensorflow as tf


class Subject(keras.layers.Layer):
    def build(self, input_shape):
        self.bias = self.add_weight(name="bias", shape=(input_shape[1][0],), initializer="zeros")
        super().build(input_shape)

    def call(self, inputs):
        inputs, table = inputs
        return tf.matmul(inputs, table, transpose_b=True) + self.bias
""",
        [],
    ),
    "maps_that_are_gone_over_with_layers_are_a_list": (
        "3",
        """\
import keras
from keras import ops


class Subject(keras.layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.parts = [keras.layers.Dense(4) for _ in range(4)]

    def call(self, inputs):
        height, width = ops.shape(inputs[0])[1:3]
        found = []
        for each, part in zip(inputs, self.parts):
            found.append(ops.image.resize(part(each), size=(height, width)))
        return ops.concatenate(found, axis=-1)
""",
        [],
    ),
    "inputs_that_klint_made_up_do_not_do_in_training": (
        "23",
        """\
import keras
import tensorflow as tf


class Subject(keras.layers.Layer):
    def call(self, inputs, training=None):
        return tf.image.random_flip_left_right(inputs) if training else inputs
""",
        [],
    ),
}
NEVER = """\
import keras


class Subject(keras.Model):
    def __init__(self, units=4):
        self.dense = keras.layers.Dense(units)

    def call(self, inputs):
        return self.dense(inputs)
"""
KEYS = [(name, keras) for name, (generations, _, _) in CASES.items() for keras in generations]


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str], ProbeResult]:
    needs("2", "3")
    folder = tmp_path_factory.mktemp("one_report")
    probes = []
    for name, keras in KEYS:
        path = folder / f"{name}_{keras}.py"
        path.write_text(CASES[name][1], encoding="utf-8")
        claims = claims_in(path, keras, "KLL1").get("Subject", [])
        probes.append(probe(path, "Subject", claims, keras, everything=True))
    found = dict(zip(KEYS, ran(probes, 60)[0], strict=True))
    return lambda name, keras: found[name, keras]


@pytest.mark.parametrize(("name", "keras"), KEYS)
def test_failures(name: str, keras: str, results: Callable[[str, str], ProbeResult]) -> None:
    result = results(name, keras)
    wanted = CASES[name][2]
    assert len(result.failures) == len(wanted), result.failures
    for failure, text in zip(result.failures, wanted, strict=True):
        assert text in failure.evidence


@pytest.mark.parametrize("keras", ["2", "3"])
def test_a_base_that_is_never_initialised_is_told_by_its_finding(keras: str, tmp_path: Path) -> None:
    needs("2", "3")
    path = tmp_path / "never.py"
    path.write_text(NEVER, encoding="utf-8")
    claims = [claim for claim in claims_in(path, keras)["Subject"] if claim.code == "KLL204"]
    subject = probe(path, "Subject", claims, keras, everything=True)
    result = ran([subject], 60)[0][0]
    assert [verdict.status for verdict in result.verdicts] == ["confirmed"]
    assert result.failures == ()


@pytest.mark.parametrize(("name", "keras"), KEYS)
def test_verdicts(name: str, keras: str, results: Callable[[str, str], ProbeResult]) -> None:
    result = results(name, keras)
    marked = {
        number: line.partition("# ")[2].split(": ", 1)
        for number, line in enumerate(CASES[name][1].splitlines(), 1)
        if "# " in line
    }
    verdicts = zip(result.probe.claims, result.verdicts, strict=True)
    seen = {claim.line: verdict for claim, verdict in verdicts if claim.oracle == "graph"}
    assert seen.keys() == marked.keys()
    for line, (status, evidence) in marked.items():
        assert (seen[line].status, evidence in seen[line].evidence) == (status, True), seen[line]
