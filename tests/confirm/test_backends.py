"""On which backend a finding is looked into. No layer is run."""

from __future__ import annotations

from pathlib import Path

import pytest

from keras_layer_lint import Settings, lint_paths
from keras_layer_lint.confirm.probes import probes_of
from keras_layer_lint.confirm.request import Request

TEXT = """\
import keras
import {framework}


class A(keras.layers.Layer):
    def call(self, x):
        if keras.ops.mean(x) > 0:
            return {function}(x)
        return x
"""


@pytest.mark.parametrize(
    ("framework", "function", "own", "other"),
    [("tensorflow as tf", "tf.square", "tensorflow", "jax"), ("jax", "jax.nn.relu", "jax", "tensorflow")],
)
def test_each_finding_on_its_backend(tmp_path: Path, framework: str, function: str, own: str, other: str) -> None:
    path = tmp_path / "layers.py"
    path.write_text(TEXT.format(framework=framework, function=function))
    several = ("tensorflow", "jax")
    settings = Settings(keras=("3",), backends=several, select=("KLL148", "KLL101"), root=str(tmp_path))
    probes = list(probes_of(lint_paths([path], settings), settings, Request(everything=False, device="cpu")))
    assert {(probe.backend, claim.code) for probe in probes for claim in probe.claims} == {
        (own, "KLL101"),
        (other, "KLL148"),
    }
