"""What is said of a GPU: which one a layer runs on, and what would not compile where there is none."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from keras_layer_lint.confirm.device import Device, device_of
from keras_layer_lint.confirm.framework import Framework
from keras_layer_lint.target import Generation
from tests.confirm.conftest import claims_in, probe, ran
from tests.conftest import ROOT
from tests.frameworks import needs

LAYERS = """\
import keras
import tensorflow as tf


COMPILED = dict(jit_compile=True)


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
from keras_layer_lint.target import Generation
framework = load(Generation.KERAS3, "tensorflow")
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


def jax_with(platform: str, kind: str, version: str) -> Any:
    client = SimpleNamespace(platform=platform, platform_version=version)
    return SimpleNamespace(devices=lambda: [SimpleNamespace(platform=platform, device_kind=kind, client=client)])


def tensorflow_with(*gpus: str, cuda: bool = True) -> Any:
    experimental = SimpleNamespace(get_device_details=lambda gpu: {"device_name": gpu})
    config = SimpleNamespace(list_physical_devices=lambda kind: list(gpus), experimental=experimental)
    built = {"is_cuda_build": cuda, "cuda_version": "12.5.1"} if cuda else {"is_cuda_build": False}
    return SimpleNamespace(config=config, sysconfig=SimpleNamespace(get_build_info=lambda: built))


@pytest.mark.parametrize(
    ("jax", "wanted", "expected"),
    [
        (jax_with("cpu", "cpu", "cpu"), "auto", Device("cpu", "cpu")),
        (jax_with("cpu", "cpu", "cpu"), "gpu", None),
        (jax_with("gpu", "NVIDIA H200", "PJRT C API\ncuda 12090"), "gpu", Device("NVIDIA H200", "cuda 12090")),
        (jax_with("gpu", "NVIDIA H200", "PJRT C API\ncuda 12090"), "auto", Device("NVIDIA H200", "cuda 12090")),
        (jax_with("tpu", "TPU v5", "PJRT C API\nTFRT TPU v5"), "auto", Device("TPU v5", "TFRT TPU v5")),
        (jax_with("tpu", "TPU v5", "PJRT C API\nTFRT TPU v5"), "gpu", None),
    ],
)
def test_the_device_of_jax(monkeypatch: pytest.MonkeyPatch, jax: Any, wanted: str, expected: Device | None) -> None:
    monkeypatch.setitem(sys.modules, "jax", jax)
    assert device_of(Framework(Generation.KERAS3, "jax", None, None, None), wanted) == expected


@pytest.mark.parametrize(
    ("tensorflow", "wanted", "expected"),
    [
        (tensorflow_with(), "auto", Device("cpu", "Host")),
        (tensorflow_with(), "gpu", None),
        (tensorflow_with("NVIDIA H200"), "auto", Device("NVIDIA H200", "CUDA 12.5.1")),
        (tensorflow_with("NVIDIA H200"), "cpu", Device("cpu", "Host")),
        (tensorflow_with("MI300", cuda=False), "gpu", Device("MI300", "ROCM")),
    ],
)
def test_the_device_of_tensorflow(
    monkeypatch: pytest.MonkeyPatch, tensorflow: Any, wanted: str, expected: Device | None
) -> None:
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    assert device_of(Framework(Generation.KERAS3, "tensorflow", None, tensorflow, None), wanted) == expected
