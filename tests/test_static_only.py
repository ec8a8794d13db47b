"""Static linting imports no framework and runs nothing of what it reads: traps stand on the path."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

pytestmark = pytest.mark.slow

FRAMEWORKS = ("tensorflow", "keras", "tf_keras", "keras_hub", "jax", "torch", "numpy", "scipy")

TRAP = """\
from pathlib import Path

Path({file!r}).open("a", encoding="utf-8").write(__name__ + "\\n")
"""

BASE = """\
import keras

from project import side_effects


class Base(keras.layers.Layer):
    side_effects.fire()

    def __init_subclass__(cls):
        side_effects.fire()
"""

LAYERS = """\
import os
import sys

os.system("touch executed")
open("executed", "w").close()

import numpy as np
import tensorflow as tf
from keras import ops

from project.base import Base

assert exec("open('executed', 'w').close()") is None


class Gate(Base, metaclass=type(Base)):
    kernel = open("executed", "w")

    def call(self, x, flag=open("executed", "w")):
        __import__("project.side_effects").fire()
        if ops.mean(x) > np.float32(0.5):
            return tf.abs(x)
        return x


sys.exit(3)
"""

CODE = """\
import json, sys
{run}
print(json.dumps(sorted(sys.modules)))
"""

IN_PROCESS = """\
from keras_layer_lint import lint_paths
report = lint_paths(sys.argv[1:])
assert report.errors == (), report.errors
assert report.diagnostics
"""

COMMAND = """\
from keras_layer_lint.__main__ import main
assert main(["--output-format", "json=report.json", *sys.argv[1:]]) == 1
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project that leaves a trace when any of it runs, and frameworks that leave one when imported."""
    trap = TRAP.format(file=str(tmp_path / "imported"))
    for name in FRAMEWORKS:
        (tmp_path / "traps" / name).mkdir(parents=True)
        (tmp_path / "traps" / name / "__init__.py").write_text(trap, encoding="utf-8")
    package = tmp_path / "project"
    package.mkdir()
    for name in ("__init__", "side_effects", "conftest", "setup", "sitecustomize"):
        (package / f"{name}.py").write_text(f"{trap}\ndef fire(): open('executed', 'w')\n", encoding="utf-8")
    (package / "base.py").write_text(trap + BASE, encoding="utf-8")
    (package / "layers.py").write_text(trap + LAYERS, encoding="utf-8")
    return tmp_path


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([str(ROOT), str(folder / "traps"), str(folder)])
    return subprocess.run(
        [sys.executable, *command],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": path},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def traces(folder: Path) -> list[str]:
    return [name for name in ("imported", "executed") if (folder / name).exists()]


def test_the_traps_work(project: Path) -> None:
    assert run(project, "-c", "import numpy").returncode == 0
    assert (project / "imported").read_text(encoding="utf-8") == "numpy\n"
    assert run(project, "-c", "import project.layers").returncode != 0
    assert traces(project) == ["imported", "executed"]


@pytest.mark.parametrize("how", [IN_PROCESS, COMMAND])
def test_nothing_is_imported_or_executed(project: Path, how: str) -> None:
    done = run(project, "-c", CODE.format(run=how), "project")
    assert done.returncode == 0, done.stderr
    loaded = {name.partition(".")[0] for name in json.loads(done.stdout)}
    assert loaded & {*FRAMEWORKS, "project"} == set()
    assert "libcst" in loaded
    assert traces(project) == []


def test_the_fault_is_found_without_running_anything(project: Path) -> None:
    done = run(project, "-m", "keras_layer_lint", "--output-format", "json", "project")
    found = {(item["path"], item["code"]) for item in json.loads(done.stdout)["diagnostics"]}
    assert ("project/layers.py", "KLL101") in found
    assert traces(project) == []


def test_flake8_neither(project: Path) -> None:
    done = run(project, "-m", "flake8", "--isolated", "--select", "KLL101", "-j1", "project")
    assert "KLL101" in done.stdout, done.stderr
    assert traces(project) == []


def test_fixtures_load_no_framework(project: Path) -> None:
    done = run(project, "-c", CODE.format(run=IN_PROCESS), str(ROOT / "fixtures" / "faulty"))
    assert done.returncode == 0, done.stderr
    assert {name.partition(".")[0] for name in json.loads(done.stdout)} & set(FRAMEWORKS) == set()
    assert traces(project) == []
