"""A project with layers, and pytest in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

LAYERS = '''\
import keras
from keras import ops


@keras.saving.register_keras_serializable("shop")
class Scale(keras.layers.Layer):
    def build(self, input_shape):
        self.scale = self.add_weight(shape=(input_shape[-1],), name="scale", initializer="ones")

    def call(self, inputs):
        return inputs * self.scale


@keras.saving.register_keras_serializable("shop")
class Gate(Scale):
    def call(self, inputs):
        if ops.mean(inputs) > 0:
            return super().call(inputs)
        return inputs


@keras.saving.register_keras_serializable("shop")
class Rows(keras.layers.Layer):
    def call(self, inputs):
        assert inputs.shape[-1] == 12345, "twelve thousand and so on"
        return inputs


@keras.saving.register_keras_serializable("shop")
class Wide(Rows):
    """Needs the recipe of the configuration."""


class Masked(Scale):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.supports_masking = False

    def call(self, inputs):
        return super().call(inputs).numpy()
'''
TESTS = """\
import keras


class Twice(keras.layers.Layer):
    def call(self, inputs):
        return inputs * 2


def test_twice():
    pass
"""
CONFIGURATION = """\
[tool.klint]
keras = "3"

[tool.klint.recipes]
"shop.layers.Wide" = { inputs = "float32[2,12345]" }
"""

Pytest = Callable[..., "subprocess.CompletedProcess[str]"]


def project(folder: Path) -> Path:
    """A package whose import is seen, a test file, a configuration."""
    imported = (
        f"from pathlib import Path\n\ntry:\n    Path({str(folder / 'imported')!r}).touch()\nexcept OSError:\n    pass\n"
    )
    files = {
        "pyproject.toml": CONFIGURATION,
        "src/shop/__init__.py": imported,
        "src/shop/layers.py": LAYERS,
        "src/shop/plain.py": "SIZE = 3\n",
        "tests/test_twice.py": TESTS,
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def run_pytest(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run it as users do, without what the environment of these tests asks for."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "FORCE_COLOR"))}
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments]
    return subprocess.run(command, cwd=folder, env=kept, capture_output=True, text=True, check=False, timeout=300)


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return project(tmp_path)
