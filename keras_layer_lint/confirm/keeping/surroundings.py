"""What an outcome rests on beside the code of its project: klint, Python, the system, what is installed and set."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from keras_layer_lint.confirm.device import gpu_files
from keras_layer_lint.confirm.sandbox import memory_limit

_HOME = Path(__file__).resolve().parents[2]
_SOURCE = (".py", ".json")
_INSTALLED = (".dist-info", ".egg-info", ".egg-link")
_DRIVER = Path("/proc/driver/nvidia/version")
_SETTINGS = ("TF_", "XLA_", "KERAS_", "JAX_", "CUDA_", "NVIDIA_", "ROCM_", "HIP_", "OMP_", "MKL_", "PYTHON", "LD_")
"""What variables begin with that frameworks and Python read."""
_NOT_TOLD = frozenset({"_"})
"""A variable of shells, and of code, that mean different things."""


def surroundings(device: str) -> dict[str, Any]:
    """All but the project and its settings, as JSON."""
    system = os.uname()
    return {
        "klint": own_source(),
        "python": [sys.version, sys.prefix],
        "system": [system.sysname, system.release, system.machine, os.geteuid() == 0, memory_limit()],
        "installed": sorted(installed(sys.path)),
        "variables": {name: value for name, value in sorted(os.environ.items()) if name.startswith(_SETTINGS)},
        "gpus": [] if device == "cpu" else _gpus(),
    }


def variables_named(words: frozenset[str], environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The variables of the environment that code names, with their values."""
    return {name: environment[name] for name in sorted(environment.keys() & words - _NOT_TOLD)}


@cache
def own_source() -> str:
    """Stands for the code of klint, in whatever state it is: its version alone says little in a checkout."""
    digest = sha256()
    for path in sorted(path for path in _HOME.rglob("*") if path.suffix in _SOURCE):
        digest.update(f"{path.relative_to(_HOME)}\0{path.stat().st_size}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def installed(folders: Iterable[str]) -> Iterator[str]:
    """What is installed, each with its version: as `importlib.metadata` finds it, by the names of folders alone."""
    for folder in dict.fromkeys(folders):
        try:
            names = os.listdir(folder or ".")  # noqa: PTH208 (hot)
        except OSError:
            continue
        for name in names:
            if name.endswith(_INSTALLED):
                yield f"{name} {_commit(Path(folder, name, 'direct_url.json'))}".rstrip()


def _commit(origin: Path) -> str:
    """Where a distribution comes from that is not from an index: two of one version may differ."""
    try:
        return sha256(origin.read_bytes()).hexdigest()
    except OSError:
        return ""


def _gpus() -> list[str]:
    try:
        return [*gpu_files(), _DRIVER.read_text(encoding="utf-8", errors="replace") if _DRIVER.exists() else ""]
    except OSError:
        return []
