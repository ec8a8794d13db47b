"""The hooks for pre-commit, run by it on a repository of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.conftest import ROOT

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

pytestmark = pytest.mark.slow

GATE = """\
import keras


class Gate(keras.layers.Layer):
    def __init__(self, units=4, **kwargs):
        self.units = units

    def call(self, inputs):
        return inputs * self.units
"""
MANIFEST = ROOT / ".pre-commit-hooks.yaml"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    (folder / "old").mkdir(parents=True)
    for name in ("gate.py", "old/gate.py"):
        (folder / name).write_text(GATE)
    (folder / "notes.md").write_text("Gate\n")
    (folder / "klint.toml").write_text('exclude = ["old"]\n')
    for command in (("init", "-q"), ("add", "-A")):
        subprocess.run(["git", *command], cwd=folder, check=True)
    return folder


def pre_commit(folder: Path, hook: str) -> subprocess.CompletedProcess[str]:
    """Run a hook of the manifest, as `system`: by the klint that is tested, and not by one that is built anew."""
    (own,) = [each for each in yaml.safe_load(MANIFEST.read_text()) if each["id"] == hook]
    entry = own["entry"].replace("klint", f"{sys.executable} -m keras_layer_lint", 1)
    local = {**own, "language": "system", "entry": entry, "additional_dependencies": []}
    repo = {"repo": "local", "hooks": [local]}
    (folder / ".pre-commit-config.yaml").write_text(yaml.safe_dump({"repos": [repo]}))
    subprocess.run(["git", "add", "-A"], cwd=folder, check=True)
    return subprocess.run(
        [sys.executable, "-m", "pre_commit", "run", "--all-files", "--color", "never"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PRE_COMMIT_HOME": str(folder.parent / "kept")},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_the_manifest_is_valid() -> None:
    command = [sys.executable, "-m", "pre_commit", "validate-manifest", str(MANIFEST)]
    assert subprocess.run(command, capture_output=True, timeout=60, check=False).returncode == 0


def test_faults_fail(repository: Path) -> None:
    run = pre_commit(repository, "klint")
    assert run.returncode == 1
    assert "gate.py:5:5: error KLL204" in run.stdout
    assert "in 1 file" in run.stdout  # and not what is excluded, nor what is no Python
    (repository / "gate.py").write_text("")
    assert pre_commit(repository, "klint").returncode == 0


def test_notebooks_are_linted(repository: Path) -> None:
    cell: dict[str, object] = {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": []}
    book = {"cells": [{**cell, "source": [GATE]}], "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
    (repository / "gate.ipynb").write_text(json.dumps(book))
    assert "gate.ipynb:cell 1:5:5: error KLL204" in pre_commit(repository, "klint").stdout


def test_notebooks_need_what_the_hooks_install() -> None:
    hooks = yaml.safe_load(MANIFEST.read_text())
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extra = project["optional-dependencies"]["notebooks"]
    assert [hook["additional_dependencies"] for hook in hooks] == [extra, extra]


def test_fixes_are_made(repository: Path) -> None:
    run = pre_commit(repository, "klint-fix")
    assert (run.returncode, "files were modified by this hook" in run.stdout) == (1, True)
    assert "super().__init__(**kwargs)" in (repository / "gate.py").read_text()
    assert (repository / "old" / "gate.py").read_text() == GATE
    assert pre_commit(repository, "klint-fix").returncode == 0
