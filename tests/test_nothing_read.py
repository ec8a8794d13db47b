"""klint never vouches for what it has not read."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT, Run

Klint = Callable[..., Run]
LAYER = "import keras\n\n\nclass A(keras.layers.Layer):\n    def call(self, x):\n        return x\n"


@pytest.mark.parametrize(
    ("names", "options", "why"),
    [
        ((), (), "no Python file is in it"),
        (("a.txt",), (), "no Python file is in it"),
        (("a.py",), ("--exclude", "a.py"), "all Python in it is excluded"),
        (("b/a.py",), ("--exclude", "b"), "all Python in it is excluded"),
    ],
)
def test_a_folder_with_nothing(
    klint: Klint, tmp_path: Path, names: tuple[str, ...], options: tuple[str, ...], why: str
) -> None:
    folder = tmp_path / "src"
    folder.mkdir()
    for name in names:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(LAYER)
    run = klint("src", "--isolated", *options)
    assert (run.code, run.out) == (2, "Nothing was linted: 0 files\n")
    assert run.err == f"klint: src: nothing to lint: {why}\n"
    assert klint("src", "--isolated", "--allow-empty", *options).code == 0
    assert klint("src", "--isolated", "--fix", *options).code == 2
    os.chdir(folder)
    run = klint("--isolated", *options)
    assert (run.code, run.out) == (0, "Nothing was linted: 0 files\n")
    assert "nothing to lint" in run.err


def test_one_of_two_folders_is_empty(klint: Klint, tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "a.py").write_text(LAYER)
    (tmp_path / "empty").mkdir()
    run = klint("src", "empty", "--isolated")
    assert (run.code, run.err) == (2, "klint: empty: nothing to lint: no Python file is in it\n")
    assert klint("src", "src", ".", "--isolated").code == 0  # what was gone through before is no empty folder


@pytest.mark.parametrize("pattern", ["src/a.py", "src", "a.py", "*.py"])
def test_named_files_obey_excludes_where_asked(klint: Klint, tmp_path: Path, pattern: str) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "a.py").write_text(LAYER)
    asked = ("src/a.py", "--isolated", "--keras", "3", "--exclude")
    assert klint(*asked, pattern).out == "No problems in 1 file, 1 layer\n"
    run = klint("src/a.py", "--exclude", pattern, "--isolated", "--force-exclude")
    assert (run.code, run.out) == (0, "Nothing was linted: 0 files\n")
    assert klint(*asked, "b", "--force-exclude").out == "No problems in 1 file, 1 layer\n"
    (tmp_path / "klint.toml").write_text(f'force-exclude = true\nexclude = ["{pattern}"]\n')
    assert klint("src/a.py").out == "Nothing was linted: 0 files\n"


@pytest.mark.slow
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(LAYER)
    with Path("/dev/full").open("w") as full:
        run = _run(tmp_path, stdout=full)
    assert run.returncode == 2
    assert run.stderr == "klint: standard output cannot be written: No space left on device\n"


@pytest.mark.slow
def test_a_closed_output_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(LAYER)
    run = _run(tmp_path, preexec_fn=lambda: os.close(1))
    assert (run.returncode, run.stderr) == (2, "klint: standard output is closed\n")


def _run(folder: Path, **options: Any) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "keras_layer_lint", "a.py", "--isolated"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        command, cwd=folder, env=environment, stderr=subprocess.PIPE, text=True, timeout=60, **options
    )
