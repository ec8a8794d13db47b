"""The installed versions are as the tables say: a sample that is cheap to measure."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.metadata import version
from typing import Any

import pytest

from keras_layer_lint.keras.result import Result
from keras_layer_lint.keras.results import result_of
from keras_layer_lint.keras.results_by_hand import BY_HAND
from keras_layer_lint.keras.tables import dotted, read_stamp, read_table
from tests.conftest import ROOT
from tests.frameworks import needs

LAYERS = ("BatchNormalization", "Dense", "Dropout", "Flatten", "LSTM", "TimeDistributed")
COMPILED = {
    "tf.linalg.det": ["MatrixDeterminant", None],
    "tf.linalg.expm": [None, ""],
    "tf.linalg.inv": [None, None],
    "keras.ops.inner": [None, None],  # not on vectors, yet on matrices
    "keras.ops.nanmedian": [None, ""],
}
"""What XLA lacks for a function, and for its gradient only, on every input that it is tried on."""
PROGRAM = f"""
import json, tools.layers, tools.results, tools.xla, keras, tf_keras, tensorflow as tf

layers = {{
    f"keras.layers.{{name}}": {{
        generation: tools.layers.facts(getattr(module.layers, name), f"keras.layers.{{name}}", module)
        for generation, module in (("2", tf_keras), ("3", keras))
    }}
    for name in {LAYERS}
}}
modules = [("keras.activations", keras.activations), ("tensorflow.bitwise", tf.bitwise)]
results = {{name: result.value for name, result in tools.results.measure_in_graph(modules).items()}}
values = tools.xla.namespace()
compiled = {{name: tools.xla.of_runs(tools.xla.runs_of(name, eval(name)), values) for name in {tuple(COMPILED)}}}
print(json.dumps([layers, results, compiled]))
"""


@pytest.fixture(scope="module")
def measured() -> Any:
    needs("2", "3")
    for package in ("keras", "tensorflow", "tf_keras"):
        if version(package.replace("_", "-")) != read_stamp("layers")[package]:
            pytest.skip(f"another version of {package} was measured")
    run = subprocess.run([sys.executable, "-c", PROGRAM], cwd=ROOT, capture_output=True, text=True, check=True)
    return json.loads(run.stdout.splitlines()[-1])


@pytest.mark.slow
def test_layers_are_as_measured(measured: Any) -> None:
    table = read_table("layers")["layers"]
    assert measured[0] == {name: table[name] for name in measured[0]}


@pytest.mark.slow
def test_functions_return_what_was_measured(measured: Any) -> None:
    by_hand = {name for modules in BY_HAND.values() for name in dotted(modules)}
    found = {name: Result(result) for name, result in measured[1].items() if name not in by_hand}
    assert len(found) > 20
    assert {name: result_of(name) for name in found} == found


@pytest.mark.slow
def test_xla_compiles_what_was_measured(measured: Any) -> None:
    assert measured[2] == COMPILED
    table = read_table("xla")
    for short, lacks in COMPILED.items():
        name = short.replace("tf.", "tensorflow.", 1) if short.startswith("tf.") else short
        assert [table[part].get(name) for part in ("forward", "gradient")] == lacks
