"""What an outcome rests on beside its project: each of it changes what the key is made of."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from keras_layer_lint.confirm.keeping import surroundings
from keras_layer_lint.confirm.keeping.surroundings import installed, own_source, variables_named
from tests.conftest import ROOT


def around(device: str = "auto") -> dict[str, object]:
    return surroundings.surroundings(device)


def test_nothing_changes_by_itself() -> None:
    assert around() == around()


@pytest.mark.parametrize(
    "name", ["TF_DETERMINISTIC_OPS", "XLA_FLAGS", "KERAS_BACKEND", "JAX_ENABLE_X64", "PYTHONPATH", "LD_PRELOAD"]
)
def test_variables_that_frameworks_read(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.delenv(name, raising=False)
    before = around()
    monkeypatch.setenv(name, "another")
    assert around() != before


def test_other_variables_count_where_code_names_them(monkeypatch: pytest.MonkeyPatch) -> None:
    before = around()
    monkeypatch.setenv("MY_MODE", "fast")
    monkeypatch.setenv("_", "klint")
    assert around() == before
    assert variables_named(frozenset({"MY_MODE", "_", "call"})) == {"MY_MODE": "fast"}
    assert variables_named(frozenset({"call"})) == {}


def test_what_is_installed(tmp_path: Path) -> None:
    first = tmp_path / "thing-1.0.dist-info"
    first.mkdir()
    (tmp_path / "thing").mkdir()
    (tmp_path / "old.egg-info").write_text("")
    folders = [str(tmp_path), str(tmp_path), str(tmp_path / "none"), ""]
    assert {"thing-1.0.dist-info", "old.egg-info"} <= set(installed(folders))
    assert len(list(installed([str(tmp_path)]))) == 2
    (first / "direct_url.json").write_text('{"vcs_info": {"commit_id": "1"}}')
    one = sorted(installed([str(tmp_path)]))
    (first / "direct_url.json").write_text('{"vcs_info": {"commit_id": "2"}}')
    assert sorted(installed([str(tmp_path)])) != one


def test_the_environment_of_klint_is_listed() -> None:
    found = around()["installed"]
    assert isinstance(found, list)
    assert any(name.startswith("click-") for name in found)


def test_system_and_python(monkeypatch: pytest.MonkeyPatch) -> None:
    before = around()
    for target, name, value in [
        (sys, "version", "3.99"),
        (sys, "prefix", "/other"),
        (os, "uname", lambda: os.uname_result(("Linux", "host", "99", "version", "x86_64"))),
        (os, "geteuid", lambda: 0 if os.getuid() else 1000),
        (surroundings, "memory_limit", lambda: 1),
        (surroundings, "own_source", lambda: ""),
        (surroundings, "_gpus", lambda: ["nvidia0"]),
    ]:
        with monkeypatch.context() as patch:
            patch.setattr(target, name, value)
            assert around() != before, name


def test_the_name_of_the_machine_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    before, was = around(), os.uname()
    monkeypatch.setattr(os, "uname", lambda: os.uname_result((was[0], "other", *was[2:])))
    assert around() == before


def test_gpus_count_where_one_may_be_used(monkeypatch: pytest.MonkeyPatch) -> None:
    before = around("cpu")
    monkeypatch.setattr(surroundings, "_gpus", lambda: ["nvidia0"])
    assert around("cpu") == before
    assert around("gpu") != before


@pytest.mark.slow
@pytest.mark.parametrize("file", ["confirm/judging.py", "keras/layers.json"])
def test_any_change_of_klint(tmp_path: Path, file: str) -> None:
    """Of a copy: what its key is before and after a change, by a process each."""
    shutil.copytree(ROOT / "keras_layer_lint", tmp_path / "keras_layer_lint")
    code = (
        "from keras_layer_lint.confirm.keeping.surroundings import own_source as o; print(o(), o.__code__.co_filename)"
    )
    code = code.replace("o.__code__", "o.__wrapped__.__code__")

    def key() -> str:
        run = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
        digest, path = run.stdout.split()
        assert path.startswith(str(tmp_path))
        return digest

    before = key()
    assert before == own_source() == key()
    with (tmp_path / "keras_layer_lint" / file).open("a") as changed:
        changed.write("\n")
    assert key() != before
