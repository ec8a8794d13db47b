"""`klint clean`, and where what klint keeps lies."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from keras_layer_lint.cache.folder import make
from keras_layer_lint.config import find_file, resolve
from keras_layer_lint.settings import CACHE_FOLDER
from tests.conftest import Run

Klint = Callable[..., Run]
WRONG = "import keras\n\n\nclass Gate(keras.layers.Layer):\n    def call(self, x):\n        return x if x > 0 else -x\n"


def test_it_deletes_what_is_kept(klint: Klint, tmp_path: Path) -> None:
    make(tmp_path / CACHE_FOLDER)
    assert klint("clean") == Run(0, "", f"klint: {CACHE_FOLDER}: deleted\n")
    assert list(tmp_path.iterdir()) == []
    assert klint("clean") == Run(0, "", f"klint: {CACHE_FOLDER}: nothing is kept there\n")
    assert klint("clean", "--quiet") == Run(0, "", "")


@pytest.mark.parametrize("option", [("--cache-dir", "mine"), ()])
def test_it_deletes_nothing_else(klint: Klint, tmp_path: Path, option: tuple[str, ...]) -> None:
    folder = tmp_path / (option[1] if option else CACHE_FOLDER)
    folder.mkdir()
    (folder / "work.py").write_text("")
    run = klint("clean", *option)
    assert (run.code, run.out) == (2, "")
    assert "holds other files" in run.err
    assert (folder / "work.py").exists()


def test_the_project_says_where(klint: Klint, tmp_path: Path) -> None:
    (tmp_path / "klint.toml").write_text('cache-dir = "kept"\n')
    (tmp_path / "src").mkdir()
    make(tmp_path / "kept")
    assert klint("clean", "src").code == 0
    assert not (tmp_path / "kept").exists()


def test_a_path_in_a_file_is_meant_beside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "klint.toml").write_text('cache-dir = "kept"\n')
    (tmp_path / "src").mkdir()
    monkeypatch.chdir(tmp_path / "src")
    file = find_file(tmp_path / "src")
    assert resolve({}, file).cache_folder == tmp_path / "kept"
    assert resolve({"cache-dir": "here"}, file).cache_folder.absolute() == tmp_path / "src" / "here"
    assert resolve({}, None).cache_folder == Path(CACHE_FOLDER)
    (tmp_path / "klint.toml").write_text("")
    assert resolve({}, find_file(tmp_path)).cache_folder == tmp_path / CACHE_FOLDER


@pytest.mark.parametrize("value", ["3", "''", "['a']", r'"a\u0000"'])
def test_a_path_that_is_none(klint: Klint, tmp_path: Path, value: str) -> None:
    (tmp_path / "klint.toml").write_text(f"cache-dir = {value}\n")
    run = klint(".")
    assert run.code == 2
    assert "klint.toml:1: cache-dir: must be the path of a folder" in run.err


def test_where_a_path_has_its_name_that_is_linted(klint: Klint, tmp_path: Path) -> None:
    (tmp_path / "clean").mkdir()
    (tmp_path / "clean" / "layers.py").write_text(WRONG)
    make(tmp_path / CACHE_FOLDER)
    for arguments in (["clean"], ["clean", "--keras", "3"], ["check", "clean"], ["./clean"]):
        run = klint(*arguments)
        assert (run.code, "clean/layers.py:6:" in run.out) == (1, True)
    assert (tmp_path / CACHE_FOLDER).exists()


def test_what_is_kept_is_never_linted(klint: Klint, tmp_path: Path) -> None:
    for name in (CACHE_FOLDER, "kept"):
        make(tmp_path / name)
        (tmp_path / name / "entry.json").write_text("{}")
    (tmp_path / CACHE_FOLDER / "layers.py").write_text(WRONG)
    (tmp_path / "layers.py").write_text(WRONG)
    assert klint(".", "--show-files") == Run(0, "layers.py\n", "")
