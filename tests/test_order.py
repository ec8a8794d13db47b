"""What is found depends neither on the order of files, nor on the number of processes, nor on Python's hash seed."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from keras_layer_lint import Settings, lint_paths
from tests.conftest import ROOT

pytestmark = pytest.mark.slow

FOLDERS = [ROOT / "fixtures" / "faulty", ROOT / "fixtures" / "clean"]

CONFIG = """
import keras


class A(keras.layers.Dense):
    def __init__(self, size):
        super().__init__(size)

    def get_config(self):
        return super().get_config()
"""
"""Many keys are at fault at one place: the first of them is told."""


@cache
def files() -> list[Path]:
    return sorted(path for folder in FOLDERS for path in folder.rglob("*.py"))


def found(paths: list[Path], jobs: int = 1) -> tuple[object, ...]:
    report = lint_paths(paths, Settings(jobs=jobs, root=str(ROOT / "fixtures")))
    assert report.errors == ()
    return report.diagnostics, report.limits, report.layers


@pytest.mark.parametrize("seed", range(3))
def test_order_of_files(seed: int) -> None:
    shuffled = random.Random(seed).sample(files(), len(files()))
    assert found(shuffled) == found(files())


def test_number_of_processes() -> None:
    assert found(files(), jobs=2) == found(files())


def test_hash_seed(tmp_path: Path) -> None:
    (tmp_path / "m.py").write_text(CONFIG)
    command = [sys.executable, "-m", "keras_layer_lint", str(tmp_path), "--isolated", "--output-format", "json"]
    shown = []
    for seed in ("0", "1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        shown.append(json.loads(done.stdout)["diagnostics"])
    assert shown[0] == shown[1] == shown[2]
    assert "KLL303" in {item["code"] for item in shown[0]}
