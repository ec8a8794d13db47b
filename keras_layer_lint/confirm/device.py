"""What a layer runs on. Asking starts the devices, so it is done in the child that runs the layer, never before."""

from __future__ import annotations

import os
from dataclasses import dataclass
from importlib import import_module

from keras_layer_lint.confirm.framework import Framework

_GPUS = ("gpu", "cuda", "rocm")
_FILES = ("nvidia", "kfd", "dri")


@dataclass(frozen=True, slots=True)
class Device:
    """`cpu` or the name of an accelerator, and what XLA compiles for there."""

    name: str
    platform: str


def has_gpus() -> bool:
    """Whether there may be a GPU, without asking a framework."""
    return bool(gpu_files())


def gpu_files() -> list[str]:
    """The devices of GPUs that the system has, by name."""
    try:
        return sorted(name for name in os.listdir("/dev") if name.startswith(_FILES))  # noqa: PTH208
    except OSError:
        return []


def device_of(framework: Framework, wanted: str) -> Device | None:
    """The device that the framework takes; None where a GPU is wanted and none is seen."""
    may_be_gpu = wanted != "cpu" and os.environ.get("CUDA_VISIBLE_DEVICES") != ""
    device, is_gpu = _of_jax() if framework.tf is None else _of_tensorflow(framework, may_be_gpu)
    return device if is_gpu or wanted != "gpu" else None


def _of_jax() -> tuple[Device, bool]:
    """The first device: where JAX computes unless it is told otherwise."""
    device = import_module("jax").devices()[0]
    name = "cpu" if device.platform == "cpu" else str(device.device_kind)
    # A plugin gives its interface on the lines before: "PJRT C API", "cuda 12090".
    platform = str(device.client.platform_version).strip().splitlines()
    return Device(name, platform[-1] if platform else str(device.client.platform)), device.platform in _GPUS


def _of_tensorflow(framework: Framework, may_be_gpu: bool) -> tuple[Device, bool]:
    """The first GPU, where it is one of those that may be used; XLA calls the platform of the processor Host."""
    tf = framework.tf
    gpus = tf.config.list_physical_devices("GPU") if may_be_gpu else []
    if not gpus:
        return Device("cpu", "Host"), False
    built = tf.sysconfig.get_build_info()
    name = tf.config.experimental.get_device_details(gpus[0]).get("device_name", "gpu")
    platform = f"CUDA {built.get('cuda_version', '')}" if built.get("is_cuda_build") else "ROCM"
    return Device(str(name), platform.strip()), True
