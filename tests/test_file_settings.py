"""The configuration nearest above each file decides on it, however the run began."""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from keras_layer_lint import lint
from keras_layer_lint.file_settings import SettingsByFile
from keras_layer_lint.settings import Settings
from tests.conftest import Run

Klint = Callable[..., Run]

GATE = """\
import keras
import numpy as np


class Gate(keras.layers.Layer):
    def call(self, inputs):
        if keras.ops.sum(inputs) > 0:
            return np.abs(inputs)
        return -inputs
"""


def make(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def found(run: Run) -> set[tuple[str, str]]:
    assert run.code < 2, run.err
    return {(each["path"], each["code"]) for each in json.loads(run.out)["diagnostics"]}


@pytest.fixture
def monorepo(tmp_path: Path) -> Path:
    files = {f"{folder}/gate.py": GATE for folder in ("a", "a/deep", "b", "c")}
    make(
        tmp_path,
        files
        | {
            "klint.toml": 'select = ["KLL101", "KLL111"]\nkeras = "3"\noutput-format = "json"\n',
            "a/klint.toml": 'select = ["KLL101"]\nkeras = "3"\n',
            "b/pyproject.toml": '[tool.klint]\nselect = ["KLL111"]\nkeras = "3"\n',
            "c/pyproject.toml": '[project]\nname = "c"\n',
        },
    )
    return tmp_path


EXPECTED = {
    ("a/gate.py", "KLL101"),
    ("a/deep/gate.py", "KLL101"),
    ("b/gate.py", "KLL111"),
    ("c/gate.py", "KLL101"),
    ("c/gate.py", "KLL111"),
}


@pytest.mark.slow
@pytest.mark.parametrize("arguments", [".", "a b c", "c b a", "c/gate.py b a --jobs 2"])
def test_the_nearest_decides(klint: Klint, monorepo: Path, monkeypatch: pytest.MonkeyPatch, arguments: str) -> None:
    monkeypatch.setattr("keras_layer_lint.processes.FILES_PER_WORKER", 1)
    assert found(klint(*arguments.split(), "--output-format", "json")) == EXPECTED


def test_one_configuration_for_all_where_it_is_named(klint: Klint, monorepo: Path) -> None:
    run = klint(".", "--config", "a/klint.toml", "--output-format", "json")
    assert {code for _, code in found(run)} == {"KLL101"}
    run = klint(".", "--isolated", "--keras", "3", "--select", "KLL111", "--output-format", "json")
    assert len(found(run)) == 4


def test_the_command_line_wins(klint: Klint, monorepo: Path) -> None:
    assert {code for _, code in found(klint(".", "--select", "KLL111"))} == {"KLL111"}


def test_standard_input(klint: Klint, monorepo: Path) -> None:
    run = klint("-", "--stdin-filename", "b/gate.py", "--output-format", "json", stdin=GATE.encode())
    assert found(run) == {("b/gate.py", "KLL111")}


@pytest.mark.parametrize("paths", [".", "b a c", "b a/deep c"])
def test_where_one_is_wrong_the_rest_is_linted(klint: Klint, monorepo: Path, paths: str) -> None:
    (monorepo / "a" / "klint.toml").write_text("selct = 1\n")
    run = klint(*paths.split(), "--output-format", "json")
    report = json.loads(run.out)
    rest = {(path, code) for path, code in EXPECTED if not path.startswith("a/")}
    assert run.code == 2
    assert {(each["path"], each["code"]) for each in report["diagnostics"]} == rest
    (error,) = report["errors"]
    wrong = f"{monorepo / 'a' / 'klint.toml'}:1: unknown key `selct`; did you mean `select`?"
    assert error["message"] == f"left out, as its configuration is wrong: {wrong}"


def test_one_that_concerns_no_file_of_the_run_may_be_wrong(klint: Klint, monorepo: Path) -> None:
    """What the project says of itself is read of all its files."""
    (monorepo / "a" / "klint.toml").write_text("selct = 1\n")
    assert found(klint("b", "--output-format", "json")) == {("b/gate.py", "KLL111")}


@pytest.mark.slow
def test_overrides(klint: Klint, monorepo: Path) -> None:
    make(
        monorepo,
        {
            "klint.toml": 'select = ["KLL101", "KLL111"]\nkeras = "3"\noutput-format = "json"\nignore = ["KLL2"]\n'
            '[[overrides]]\nfiles = ["c/**", "!c/new.py"]\nignore = ["KLL101"]\n'
            '[[overrides]]\nfiles = ["old.py"]\nkeras = "2"\n',
            "c/new.py": GATE,
            "old.py": GATE,
        },
    )
    run = klint(".")
    assert {each for each in found(run) if each[0][0] in "co"} == {
        ("c/gate.py", "KLL111"),
        ("c/new.py", "KLL101"),
        ("c/new.py", "KLL111"),
        ("old.py", "KLL111"),
    }
    assert {each for each in found(klint(".", "--keras", "3")) if each[0] == "old.py"} == {
        ("old.py", "KLL101"),
        ("old.py", "KLL111"),
    }


def test_extend(klint: Klint, monorepo: Path) -> None:
    make(
        monorepo,
        {
            "klint.toml": f'{(monorepo / "klint.toml").read_text()}baseline = "known.json"\n',
            "a/klint.toml": 'extend = "../klint.toml"\nignore = ["KLL101"]\n',
            "known.json": '{"version": 1, "findings": []}\n',
        },
    )
    assert found(klint("a")) == {("a/gate.py", "KLL111"), ("a/deep/gate.py", "KLL111")}
    shown = klint("a", "--show-settings").out
    assert f'select = ["KLL101", "KLL111"]  # {monorepo / "klint.toml"}' in shown.replace("/a/../", "/")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('extend = "klint.toml"', "klint.toml:1: extend: {path} extends itself"),
        ('extend = "absent.toml"', "absent.toml: cannot be read: No such file or directory"),
        ('extend = "c/pyproject.toml"', "klint.toml:1: extend: {folder}/c/pyproject.toml has no [tool.klint] table"),
        ("extend = 3", "klint.toml:1: extend: must be the path of a file, not 3"),
    ],
)
def test_wrong_extend(klint: Klint, monorepo: Path, text: str, message: str) -> None:
    (monorepo / "klint.toml").write_text(text)
    run = klint(".")
    told = message.format(path=monorepo / "klint.toml", folder=monorepo)
    assert (run.code, run.out, run.err) == (2, "", f"klint: {monorepo}/{told}\n")


def test_excludes_below(klint: Klint, monorepo: Path) -> None:
    make(
        monorepo,
        {
            "a/klint.toml": 'exclude = ["deep"]\n',
            "b/pyproject.toml": '[tool.klint]\nextend-exclude = ["/gate.py"]\nexclude = ["x"]\n',
        },
    )
    for paths in ((".",), ("c", "b", "a")):
        run = klint(*paths, "--show-files")
        assert run.out.split() == ["a/gate.py", "c/gate.py"]
    run = klint(".", "--show-files", "--extend-exclude", "c")  # which takes the place of what a file says
    assert run.out.split() == ["a/gate.py", "b/gate.py"]
    run = klint("b/gate.py", "--show-files", "--force-exclude")
    assert (run.code, run.out) == (0, "")


def test_what_a_pattern_takes_back(klint: Klint, tmp_path: Path) -> None:
    make(
        tmp_path,
        {
            ".git/info/exclude": "mine.py\n",
            ".gitignore": "generated/\n",
            "klint.toml": 'exclude = ["old/*", "!old/keep.py", "!generated/"]\n',
            "old/x.py": "",
            "old/keep.py": "",
            "generated/y.py": "",
            "mine.py": "",
            "z.py": "",
        },
    )
    assert klint("--show-files").out.split() == ["generated/y.py", "old/keep.py", "z.py"]
    (tmp_path / "klint.toml").write_text("")
    assert klint("--show-files").out.split() == ["old/keep.py", "old/x.py", "z.py"]
    (tmp_path / "klint.toml").write_text("respect-gitignore = false\n")
    assert len(klint("--show-files").out.split()) == 5


def test_info_exclude_of_another_work_tree(klint: Klint, tmp_path: Path) -> None:
    make(
        tmp_path,
        {
            "main/.git/info/exclude": "mine.py\n",
            "main/.git/worktrees/tree/commondir": "../..\n",
            "tree/.git": "gitdir: ../main/.git/worktrees/tree\n",
            "tree/mine.py": "",
            "tree/z.py": "",
        },
    )
    assert klint("tree", "--show-files").out.split() == ["tree/z.py"]


@pytest.mark.slow
def test_fixes_go_by_the_settings_of_their_file(klint: Klint, monorepo: Path) -> None:
    assert klint(".", "--fix", "--unsafe-fixes", "--quiet", "--output-format", "json").code in (0, 1)
    assert "np.abs" in (monorepo / "a" / "gate.py").read_text()
    assert "np.abs" not in (monorepo / "b" / "gate.py").read_text()


def test_settings_travel_to_other_processes(monorepo: Path) -> None:
    run = Settings(by_file=SettingsByFile({"ignore": ("KLL2",)}))
    own = run.of(monorepo / "a" / "gate.py")
    there = pickle.loads(pickle.dumps(run)).of(monorepo / "a" / "gate.py")
    assert there == own == replace(own)
    assert (own.select, own.ignore, own.by_file) == (("KLL101",), ("KLL2",), None)
    assert run.of(monorepo / "a" / "deep" / "gate.py") is own


def test_other_linters_share_what_a_project_says(monorepo: Path) -> None:
    linter = lint.Linter(Settings(by_file=SettingsByFile({})))
    first, second = (linter.of(monorepo / name / "gate.py") for name in ("a", "b"))
    assert first is linter.of(monorepo / "a" / "deep" / "gate.py")
    assert first.shared is second.shared
