"""Which Keras is taken where several lie, or none: packages of these names that hold nothing stand in for them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from keras_layer_lint.confirm.framework import INSTALL
from keras_layer_lint.confirm.pool import Pool
from tests.confirm.conftest import probe
from tests.conftest import ROOT

pytestmark = pytest.mark.slow

LOAD = """\
import os, sys
from keras_layer_lint.confirm.framework import load
from keras_layer_lint.target import Generation
try:
    framework = load(Generation(sys.argv[1]), "tensorflow")
except ImportError as error:
    print(error)
else:
    private = framework.private("saving.object_registration")
    print(framework.package, *framework.versions, private.__name__, os.environ["TF_USE_LEGACY_KERAS"])
"""
WITH_TENSORFLOW = {"numpy": "", "tensorflow": "__version__ = '2.0'"}
KERAS_2_12 = {
    "keras.api._v2.keras": "__version__ = '2.12.0'",
    "keras": "__version__ = '2.12.0'",
    "keras.saving.object_registration": "",
}
KERAS_2_15 = {
    "keras.api._v2.keras": "",
    "keras": "__version__ = '2.15.0'",
    "keras.src.saving.object_registration": "",
}
KERAS_3 = {"keras": "__version__ = '3.6.0'", "keras.src.saving.object_registration": ""}
TF_KERAS = {"tf_keras": "__version__ = '2.16.0'", "tf_keras.src.saving.object_registration": ""}

LOADED = [
    ("2", KERAS_2_12, "keras 2.12.0 tensorflow 2.0 keras.saving.object_registration 0"),
    ("2", KERAS_2_15, "keras 2.15.0 tensorflow 2.0 keras.src.saving.object_registration 0"),
    ("2", {**KERAS_2_15, **TF_KERAS}, "tf_keras 2.16.0 tensorflow 2.0 tf_keras.src.saving.object_registration 1"),
    ("2", {**KERAS_3, **TF_KERAS}, "tf_keras 2.16.0 tensorflow 2.0 tf_keras.src.saving.object_registration 1"),
    ("2", KERAS_3, "Keras 3.6.0 is installed, which is not Keras 2"),
    ("2", {}, "No module named 'keras'"),
    ("3", {**KERAS_3, **TF_KERAS}, "keras 3.6.0 tensorflow 2.0 keras.src.saving.object_registration 0"),
    ("3", KERAS_2_12, "Keras 2.12.0 is installed, which is not Keras 3"),
]


def laid(packages: Mapping[str, str], folder: Path) -> None:
    for name, text in packages.items():
        here = folder
        for part in name.split("."):
            here /= part
            here.mkdir(exist_ok=True)
            (here / "__init__.py").touch()
        (here / "__init__.py").write_text(text, encoding="utf-8")


@pytest.mark.parametrize(("generation", "packages", "said"), LOADED)
def test_load(generation: str, packages: Mapping[str, str], said: str, tmp_path: Path) -> None:
    laid({**WITH_TENSORFLOW, **packages}, tmp_path)
    environment = {"PYTHONPATH": f"{tmp_path}:{ROOT}"}
    command = [sys.executable, "-S", "-c", LOAD, generation]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == said


def test_layers_run_in_the_interpreter_that_is_named(tmp_path: Path) -> None:
    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\nexec {sys.executable} -S "$@"\n', encoding="utf-8")
    python.chmod(0o755)
    (layer := tmp_path / "layer.py").write_text("", encoding="utf-8")
    pool = Pool([probe(layer, "L")], jobs=1, timeout=10, progress=lambda *_: None, python=str(python))
    (result,) = pool.run()
    assert result.reason == "Keras 3 on tensorflow cannot be imported: ModuleNotFoundError: No module named 'numpy'"
    assert result.help == INSTALL
