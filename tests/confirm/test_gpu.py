"""What is said of a GPU where there is none."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.confirm.conftest import claims_in, needs, probe, ran
from tests.conftest import ROOT

LAYERS = """\
import keras
import tensorflow as tf


class Segments(keras.layers.Layer):
    def call(self, inputs):
        return tf.transpose(tf.math.segment_mean(tf.transpose(inputs), [0, 0, 1, 1]))


class Scaled(keras.layers.Layer):
    def build(self, input_shape):
        self.scale = self.add_weight(name="scale", shape=(input_shape[-1],), initializer="ones")
        super().build(input_shape)

    def call(self, inputs):
        return inputs * self.scale
"""

# What is missing where a layer is lowered for a GPU; TensorFlow is not imported in the process of the tests.
LOWER = """
from keras_layer_lint.confirm.framework import load
from keras_layer_lint.confirm.oracles.gpu import lowered
from keras_layer_lint.confirm.planning.inputs import parse
from keras_layer_lint.confirm.planning.plan import Plan
framework = load("3", "tensorflow")
import layers
for cls in (layers.Segments, layers.Scaled):
    print(repr(lowered(framework, Plan(cls, framework, "", parse("float32[2,4]"), "recipe"))))
"""


@pytest.mark.parametrize("keras", ["2", "3"])
def test_an_operation_without_kernel_is_named_for_the_gpu(tmp_path: Path, keras: str) -> None:
    needs(keras)
    path = tmp_path / "layers.py"
    path.write_text(LAYERS, encoding="utf-8")
    claims = claims_in(path, keras)["Segments"]
    results, _ = ran([probe(path, "Segments", claims, keras)])
    verdict = results[0].verdicts[[claim.code for claim in claims].index("KLL151")]
    assert verdict.status == "confirmed"
    if verdict.device == "cpu":
        assert verdict.evidence.endswith("; would not compile on GPU: op SegmentMean")


def test_lowering_for_a_gpu(tmp_path: Path) -> None:
    needs("3")
    (tmp_path / "layers.py").write_text(LAYERS, encoding="utf-8")
    path = f"import sys; sys.path[:0] = [{str(tmp_path)!r}, {str(ROOT)!r}]"
    done = subprocess.run([sys.executable, "-c", path + LOWER], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["'would not compile on GPU: op SegmentMean'", "''"]
