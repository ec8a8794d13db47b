"""Evidence does not depend on the order of sets: a whole report is the same for any seed of hashes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.confirm.evidence_cases import CASES
from tests.frameworks import needs

KEYS = CASES["each_key_is_named_by_the_error_in_keras_3"][1]
WEIGHTS = CASES["each_line_has_its_own_weights_in_keras_3"][1]
LOSES = """\
import keras


class Loses(keras.layers.Layer):
    def __init__(self, units=4, rate=0.5, scale=1.0, shift=0.0):
        super().__init__()
        self.units, self.rate, self.scale, self.shift = units, rate, scale, shift
        self.hidden = {"keys": keras.Variable([1.0]), "values": keras.Variable([2.0])}
        self.others = (keras.Variable([3.0]) for _ in range(2))

    def call(self, inputs):
        return inputs * self.scale + self.shift + self.hidden["keys"] + self.hidden["values"]

    def get_config(self):
        return {"omega": 1, "alpha": 2, "kappa": 3}
"""


def report(folder: Path, keras: str, seed: str) -> Any:
    """All that klint says of a folder, without how long it took."""
    command = [sys.executable, "-m", "keras_layer_lint", "check", ".", "--confirm=all", "--isolated", "--no-cache"]
    command += [
        "--keras",
        keras,
        "--output-format",
        "json",
        "--extend-select",
        "KLL201",
        "--device",
        "cpu",
        "--jobs",
        "1",
    ]
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    done = subprocess.run(command, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True, check=False)
    return without_seconds(json.loads(done.stdout))


def without_seconds(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: without_seconds(each) for name, each in value.items() if "seconds" not in name}
    return [without_seconds(each) for each in value] if isinstance(value, list) else value


@pytest.mark.slow
@pytest.mark.parametrize("keras", ["2", "3"])
def test_any_hash_seed(tmp_path: Path, keras: str) -> None:
    needs("2", "3")
    for name, text in (("keys", KEYS), ("weights", WEIGHTS), ("loses", LOSES)):
        if keras == "3" or name != "loses":
            (tmp_path / f"{name}.py").write_text(text, encoding="utf-8")
    one, two = report(tmp_path, keras, "1"), report(tmp_path, keras, "2")
    assert len(one["diagnostics"]) > 5
    assert all(diagnostic["verdict"] for diagnostic in one["diagnostics"])
    assert one == two
