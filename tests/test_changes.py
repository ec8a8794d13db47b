"""`--diff-base` and `--changed-only`: only findings that touch lines which git says have changed."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Run

pytestmark = pytest.mark.slow

Klint = Callable[..., Run]
Git = Callable[..., str]
OPTIONS = ("--isolated", "--keras", "3", "--select", "KLL001,KLL101,KLL301,KLL302", "--output-format", "concise")
GATE = """\
import keras


class Gate(keras.layers.Layer):
    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.units = units

    def call(self, inputs):
        if keras.ops.sum(inputs) > 0:
            return inputs
        return -inputs

    def get_config(self):
        return {**super().get_config(), "units": self.units}
"""
MORE = GATE.replace("        return -inputs\n", "        if keras.ops.sum(inputs) > 1:\n            return inputs\n")


@pytest.fixture
def git(tmp_path: Path) -> Git:
    """A repository with one commit; runs git in it."""

    def run(*arguments: str, folder: Path = tmp_path) -> str:
        who = {f"GIT_{role}_{what}": "a@b.c" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
        environment = os.environ | who | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
        done = subprocess.run(
            ["git", *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    run("init", "-q", "-b", "main")
    (tmp_path / "gate.py").write_text(GATE)
    run("add", ".")
    run("commit", "-qm", "first")
    return run


def places(run: Run) -> list[str]:
    return [line.split(": ")[0] for line in run.out.splitlines()]


def test_what_has_not_changed_is_not_told(klint: Klint, git: Git, tmp_path: Path) -> None:
    run = klint(*OPTIONS, "--changed-only")
    assert (run.code, run.out, run.err) == (0, "", "")
    (tmp_path / "gate.py").write_text(MORE)
    assert places(klint(*OPTIONS)) == ["gate.py:10:12", "gate.py:12:12"]
    for how in (["--changed-only"], ["--diff-base", "HEAD"], ["--diff-base", "main"]):
        run = klint(*OPTIONS, *how)
        assert (run.code, places(run)) == (1, ["gate.py:12:12"])
    run = klint(*OPTIONS[:-2], "--changed-only", "--output-format", "json")
    assert json.loads(run.out)["summary"]["unchanged"] == 1
    run = klint(*OPTIONS[:-2], "--changed-only")
    assert "Found 1 problem (1 error) in 1 file, 1 layer; 1 more on lines that have not changed\n" in run.out


def test_a_line_that_explains_a_finding(klint: Klint, git: Git, tmp_path: Path) -> None:
    """A new argument that the old `get_config` leaves out."""
    (tmp_path / "gate.py").write_text(
        GATE.replace("units, **", "units, rate=0.5, **").replace(
            "        self.units", "        self.rate = rate\n        self.units"
        )
    )
    run = klint(*OPTIONS, "--changed-only")
    assert places(run) == ["gate.py:15:5"]
    assert "KLL302" in run.out


LONG = GATE.replace('{**super().get_config(), "units": self.units}', """{
            **super().get_config(),
            # what comes back
            "units": self.units,
        }""")  # fmt: skip

SCALED = """\
import keras


class ScaledDense(keras.layers.Dense):
    def __init__(self, units, scale=1.0, **kwargs):
        super().__init__(units, **kwargs)
        self.scale = scale

    def call(self, inputs):
        return super().call(inputs) * self.scale

    def get_config(self):
        return {**super().get_config(), "scale": self.scale}
"""


def test_what_is_gone(klint: Klint, git: Git, tmp_path: Path) -> None:
    """A finding at the head of a function is of all its lines; at the head of a class, of what was deleted from it."""
    path = tmp_path / "gate.py"
    path.write_text(LONG)
    git("commit", "-qam", "long")
    path.write_text(LONG.replace('            "units": self.units,\n', ""))
    assert places(klint(*OPTIONS, "--changed-only")) == ["gate.py:14:5"]
    path.write_text(SCALED)
    git("commit", "-qam", "scaled")
    path.write_text(SCALED[: SCALED.index("    def get_config")])
    assert places(klint(*OPTIONS, "--changed-only")) == ["gate.py:4:1"]
    git("commit", "-qam", "gone")
    path.write_text(path.read_text().replace("* self.scale", "+ self.scale"))
    assert places(klint(*OPTIONS, "--changed-only")) == []


def test_renamed_new_and_strange_names(klint: Klint, git: Git, tmp_path: Path) -> None:
    git("mv", "gate.py", "moved.py")
    assert places(klint(*OPTIONS, "--changed-only")) == []
    (tmp_path / "moved.py").write_text(MORE)
    assert places(klint(*OPTIONS, "--changed-only")) == ["moved.py:12:12"]
    git("commit", "-qam", "moved")
    (tmp_path / "moved.py").write_text(MORE.replace("units: ", "units:"))
    (tmp_path / "new.py").write_text(GATE)
    (tmp_path / 'a "b" \u00e9\t.py').write_text(GATE)
    git("add", "-N", ".")
    (tmp_path / "untracked").mkdir()
    (tmp_path / "untracked" / "x.py").write_text(GATE)
    assert places(klint(*OPTIONS, "--changed-only")) == [
        'a "b" \u00e9\u2409.py:10:12', "new.py:10:12", "untracked/x.py:10:12",
    ]  # fmt: skip


def test_what_others_did_meanwhile_does_not_count(klint: Klint, git: Git, tmp_path: Path) -> None:
    """A branch is compared with where it left `main`."""
    git("checkout", "-qb", "topic")
    git("checkout", "-q", "main")
    (tmp_path / "gate.py").write_text(GATE.replace("> 0", "> 2"))
    git("commit", "-qam", "meanwhile")
    git("checkout", "-q", "topic")
    assert places(klint(*OPTIONS, "--diff-base", "main")) == []


def test_below_the_root_and_through_a_link(
    klint: Klint, git: Git, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sub").mkdir()
    git("mv", "gate.py", "sub/gate.py")
    git("commit", "-qm", "move")
    (tmp_path / "sub" / "gate.py").write_text(MORE)
    git("config", "diff.noprefix", "true")
    git("config", "diff.relative", "true")
    git("config", "diff.external", "false")
    git("config", "core.fsmonitor", "touch ran; false")
    monkeypatch.chdir(tmp_path / "sub")
    assert places(klint(".", *OPTIONS, "--changed-only")) == ["gate.py:12:12"]
    assert list(tmp_path.rglob("ran")) == []
    (tmp_path / "link").symlink_to(tmp_path / "sub")
    assert places(klint("../link", *OPTIONS, "--changed-only")) == ["../link/gate.py:12:12"]


def test_a_shallow_clone(klint: Klint, git: Git, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = git("rev-parse", "HEAD")
    (tmp_path / "gate.py").write_text(MORE)
    git("commit", "-qam", "second")
    git("clone", "-q", "--depth=1", tmp_path.as_uri(), str(tmp_path / "clone"))
    monkeypatch.chdir(tmp_path / "clone")
    run = klint(*OPTIONS, "--diff-base", first)
    assert (run.code, run.out) == (2, "")
    root = tmp_path / "clone"
    shallow = "the clone is shallow: fetch more of it"
    assert run.err == f"klint: {root}: git knows no revision `{first}` ({shallow})\n"
    git("fetch", "-q", "--depth=1", "origin", first, folder=root)
    run = klint(*OPTIONS, "--diff-base", first)
    assert places(run) == ["gate.py:12:12"]
    assert "compared with" in run.err


@pytest.mark.parametrize(
    ("revision", "message"),
    [("absent", "git knows no revision `absent`"), ("--output=x", "`--output=x` is no revision"), ("", "names no")],
)
def test_no_revision(klint: Klint, git: Git, tmp_path: Path, revision: str, message: str) -> None:
    for content in (GATE, "x = 1\n"):
        (tmp_path / "gate.py").write_text(content)
        run = klint(*OPTIONS, f"--diff-base={revision}")
        assert (run.code, run.out, run.err.count("\n")) == (2, "", 1)
        assert message in run.err


def test_no_repository_and_no_git(klint: Klint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "gate.py").write_text(GATE)
    run = klint(*OPTIONS, "--changed-only")
    assert (run.code, run.err.count("\n")) == (2, 1)
    assert "gate.py: is in no git repository" in run.err
    (tmp_path / ".git").mkdir()
    run = klint(*OPTIONS, "--changed-only")
    assert (run.code, run.err.count("\n")) == (2, 1)
    assert "not a git repository" in run.err
    monkeypatch.setenv("PATH", str(tmp_path))
    run = klint(*OPTIONS, "--changed-only")
    assert (run.code, run.err) == (2, "klint: --diff-base needs git, which is not installed\n")


def test_unreadable_files_count_where_they_changed(klint: Klint, git: Git, tmp_path: Path) -> None:
    (tmp_path / "gate.py").write_text(GATE + "\n    def broken(self:\n")
    assert "KLL001" in klint(*OPTIONS, "--changed-only").out
    git("commit", "-qam", "broken")
    assert klint(*OPTIONS, "--changed-only").out == ""


@pytest.mark.parametrize("other", ["--fix", "--write-baseline", "--diff-base=main", "--add-noqa", "-"])
def test_what_does_not_go_together(klint: Klint, git: Git, other: str) -> None:
    run = klint("--isolated", "--changed-only", other)
    assert (run.code, run.out, run.err.count("\n")) == (2, "", 1)
