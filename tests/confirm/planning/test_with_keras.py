"""Planning with Keras itself, in a process for each generation and backend."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from keras_layer_lint.confirm.zygotes import environment
from keras_layer_lint.target import Generation
from tests.conftest import ROOT
from tests.frameworks import needs

BOTH = """\
import keras


class Scale(keras.layers.Layer):
    def __init__(self, factor, **kwargs):
        super().__init__(**kwargs)
        self.factor = factor

    def call(self, inputs):
        return inputs * self.factor


class Net(keras.Model):
    def __init__(self, hidden_units, rate=0.1):
        super().__init__()
        self.blocks = [keras.layers.Dense(units) for units in hidden_units]
        self.dropout = keras.layers.Dropout(rate)

    def call(self, inputs, training=None):
        for block in self.blocks:
            inputs = block(inputs)
        return self.dropout(inputs, training=training)


class Stem(keras.layers.Layer):
    def __init__(self, filters, activation, **kwargs):
        super().__init__(**kwargs)
        self.conv = keras.layers.Conv2D(filters, 3, padding="same", activation=activation)

    def call(self, x):
        return self.conv(x)


class Cell(keras.layers.Layer):
    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.state_size = units
        self.dense = keras.layers.Dense(units)

    def call(self, inputs, states):
        out = self.dense(inputs) + states[0]
        return out, [out]


class Pairs(keras.layers.Layer):
    def call(self, inputs):
        return inputs["left"] + inputs["right"]


class Tokens(keras.layers.Layer):
    def __init__(self, vocab_size, embed_dim, **kwargs):
        super().__init__(**kwargs)
        self.table = keras.layers.Embedding(vocab_size, embed_dim)

    def call(self, token_ids):
        return self.table(token_ids)


class Around(keras.layers.Wrapper):
    def call(self, inputs):
        return self.layer(inputs)


class Gap(keras.losses.Loss):
    def __init__(self, weight, name="gap"):
        super().__init__(name=name)
        self.weight = weight

    def call(self, y_true, y_pred):
        return (y_true - y_pred) * self.weight


class Largest(keras.metrics.Metric):
    def __init__(self, name="largest", **kwargs):
        super().__init__(name=name, **kwargs)
        self.total = self.add_weight(name="total", shape=(), initializer="zeros")

    def update_state(self, y_true, y_pred, sample_weight=None):
        self.total.assign(1.0)

    def result(self):
        return self.total * 2.0


class Halving(keras.optimizers.schedules.LearningRateSchedule):
    def __init__(self, initial_rate):
        self.initial_rate = initial_rate

    def __call__(self, step):
        return self.initial_rate


class Thirds(keras.initializers.Initializer):
    def __call__(self, shape, dtype=None, **kwargs):
        return keras.initializers.Constant(1 / 3)(shape, dtype=dtype)


class Feed(keras.layers.Layer):
    def __init__(self, config, **kwargs):
        super().__init__(**kwargs)
        self.config = config
        self.up = keras.layers.Dense(config.intermediate_size, activation=config.hidden_act)
        self.down = keras.layers.Dense(config.hidden_size)

    def call(self, inputs):
        return self.down(self.up(inputs))

    def get_config(self):
        return {**super().get_config(), "config": self.config}


class Stacked(keras.layers.Layer):
    def __init__(self, given, **kwargs):
        super().__init__(**kwargs)
        self.inner = given

    def call(self, inputs, training=None):
        return self.inner(inputs, training=training) + inputs


class Grouped(keras.layers.Layer):
    def __init__(self, groups=3, **kwargs):
        super().__init__(**kwargs)
        self.groups = groups

    def call(self, inputs):
        width = inputs.shape[-1]
        if width % self.groups:
            raise ValueError(f"{width} channels in {self.groups} groups")
        return keras.ops.reshape(inputs, (-1, width)) if hasattr(keras, "ops") else inputs


class Broken(keras.layers.Layer):
    def call(self, inputs):
        return self.nowhere(inputs)
"""

TENSORFLOW = """\


import tensorflow as tf


class FromSparse(keras.layers.Layer):
    def call(self, inputs):
        return tf.sparse.to_dense(inputs)
"""


RAGGED = """\


class FromRagged(keras.layers.Layer):
    def call(self, inputs):
        return inputs.row_lengths()
"""


@pytest.fixture(scope="module", params=["2 tensorflow", "3 tensorflow", "3 jax"])
def told(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    generation, backend = request.param.split()
    needs(generation, backend=backend)
    folder: Path = tmp_path_factory.mktemp("planned")
    code = BOTH + (TENSORFLOW if backend == "tensorflow" else "")
    code += RAGGED if generation == "2" else ""  # Keras 3 traces a plain tensor in its place
    (folder / "layers_to_plan.py").write_text(code, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "tests.confirm.planning.worker", generation, backend, str(folder), "layers_to_plan"],
        cwd=ROOT,
        env=environment(Generation(generation), backend, "cpu"),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return {(line := json.loads(text))["class"]: line for text in done.stdout.splitlines()}


def test_layers_models_cells_and_other_objects_are_planned(told: dict[str, dict[str, Any]]) -> None:
    failed = {name: line["failed"] for name, line in told.items() if "failed" in line}
    assert failed.keys() == {"Broken"}
    assert "has no attribute 'nowhere'" in failed["Broken"]


@pytest.mark.parametrize(
    ("name", "arguments", "inputs"),
    [
        ("Net", "hidden_units=[8, 8]", "float32[5,8]"),
        ("Stem", "filters=8, activation='relu'", "float32[5,8,8,8]"),
        ("Cell", "units=8", "float32[5,8], [float32[5,8]]"),
        ("Pairs", "", "{'left': float32[5,8], 'right': float32[5,8]}"),
        ("Tokens", "vocab_size=16, embed_dim=8", "int32[5,4]"),
        ("Around", "layer=keras.layers.Dense(8)", "float32[5,8]"),
        ("Gap", "weight=0.5", "float32[5,8], float32[5,8]"),
        ("Largest", "", "float32[5,8], float32[5,8]"),
        ("Halving", "initial_rate=0.25", "int32[()]"),
        ("Thirds", "", "(5, 8)"),
        ("Feed", "config=klint.Settings(intermediate_size=8, hidden_size=8, hidden_act='relu')", "float32[5,8]"),
        ("Stacked", "given=keras.layers.Dense(8)", "float32[5,8]"),
        ("Grouped", "", "float32[5,9]"),
    ],
)
def test_plans(told: dict[str, dict[str, Any]], name: str, arguments: str, inputs: str) -> None:
    assert (told[name]["arguments"], told[name]["inputs"]) == (arguments, inputs)


@pytest.mark.parametrize(("name", "kind"), [("FromSparse", "sparse"), ("FromRagged", "ragged")])
def test_plans_of_special_tensors(told: dict[str, dict[str, Any]], name: str, kind: str) -> None:
    if name in told:
        assert told[name]["inputs"] == f"{kind}(float32[5,8])"


def test_plans_are_traced_with_a_batch_that_is_not_known(told: dict[str, dict[str, Any]]) -> None:
    for name in ("Net", "Stem", "Pairs", "Tokens"):
        line = told[name]
        for how in ("symbolic", "traced"):
            if how in line:
                assert line[how] == [[None, *shape[1:]] for shape in line["eager"]], name


def test_a_failure_comes_with_a_recipe_to_complete(told: dict[str, dict[str, Any]]) -> None:
    assert told["Broken"]["recipe"] == "\"layers_to_plan.Broken\" = { arguments = '', inputs = 'float32[5,8]' }"
