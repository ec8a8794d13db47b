from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import ROOT

pytestmark = pytest.mark.slow

ACTION = ROOT / "action.yml"
STEPS: list[dict[str, Any]] = yaml.safe_load(ACTION.read_text(encoding="utf-8"))["runs"]["steps"]

LAYERS = """\
import keras


class Gate(keras.layers.Layer):
    def call(self, x):
        if keras.ops.mean(x) > 0:
            return x
        return -x
"""


def test_metadata_follows_githubs_schema() -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-actions", str(ACTION)]
    run = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert run.returncode == 0, run.stdout + run.stderr


def test_inputs_reach_the_shell_by_the_environment_only() -> None:
    assert [step["name"] for step in STEPS if "${{" in step["run"]] == []
    assert [step["name"] for step in STEPS if step["shell"] != "bash"] == []


def bash(step: dict[str, Any], folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a step's shell code as GitHub's runner does."""
    script = folder / "step.sh"
    script.write_text(step["run"], encoding="utf-8")
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)],
        cwd=folder / "repository",
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "RUNNER_TEMP": str(folder),
            "GITHUB_OUTPUT": str(folder / "outputs"),
            "KLINT_WORKING_DIRECTORY": ".",
            **environment,
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Make a runner's folder: a repository, and klint installed where the first step puts it."""
    (tmp_path / "klint" / "bin").mkdir(parents=True)
    command = tmp_path / "klint" / "bin" / "klint"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -P -m keras_layer_lint "$@"\n', encoding="utf-8")
    if sys.version_info < (3, 11):
        command.write_text(command.read_text(encoding="utf-8").replace(" -P", ""), encoding="utf-8")
    command.chmod(0o755)
    python = tmp_path / "klint" / "bin" / "python"
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n', encoding="utf-8")
    python.chmod(0o755)
    source = tmp_path / "repository" / "my src"
    source.mkdir(parents=True)
    (source / "layers.py").write_text(LAYERS, encoding="utf-8")
    return tmp_path


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
class TestRunStep:
    def run(self, folder: Path, paths: str, args: str = "", **more: str) -> subprocess.CompletedProcess[str]:
        summary = folder / "summary.md"
        summary.write_text("kept\n", encoding="utf-8")
        environment = {"KLINT_PATHS": paths, "KLINT_ARGS": args, "GITHUB_STEP_SUMMARY": str(summary)}
        environment |= {"KLINT_BASE": "", "KLINT_ONLY_CHANGED": "auto", **more}  # a push
        return bash(STEPS[1], folder, **environment)

    def test_reports_thrice(self, folder: Path) -> None:
        run = self.run(folder, "my src\n", "--select KLL101\n  --keras 3")
        assert run.returncode == 1, run.stderr
        first, *log = run.stdout.splitlines()
        token = first.removeprefix("::stop-commands::")
        assert len(token) == 32
        end = log.index(f"::{token}::")
        assert log[0].startswith("my src/layers.py:6:12: error KLL101 (tensor-if): ")
        assert log[end - 2 : end] == [
            "Found 1 problem (1 error) in 1 file, 1 layer",
            "1 problem can be fixed with `--fix --unsafe-fixes`.",
        ]
        assert [line.partition(",")[0] for line in log[end + 1 :]] == ["::error file=my src/layers.py"]
        summary = (folder / "summary.md").read_text(encoding="utf-8")
        assert summary.startswith("kept\n### klint\n")
        assert "| error | [KLL101](" in summary

    def test_outputs(self, folder: Path) -> None:
        assert self.run(folder, "my src", "--select KLL101 --keras 3").returncode == 1
        outputs = dict(line.split("=", 1) for line in (folder / "outputs").read_text(encoding="utf-8").splitlines())
        assert (outputs["errors"], outputs["warnings"], outputs["notes"]) == ("1", "0", "0")
        [run] = json.loads(Path(outputs["sarif-file"]).read_text(encoding="utf-8"))["runs"]
        assert [result["ruleId"] for result in run["results"]] == ["KLL101"]
        declared = yaml.safe_load(ACTION.read_text(encoding="utf-8"))["outputs"]
        assert declared.keys() == outputs.keys()

    @pytest.mark.parametrize("quoted", ["'my src'", '"my src"', "my\\ src"])
    def test_quotes_in_args_hold_words_together(self, folder: Path, quoted: str) -> None:
        run = self.run(folder, ".", f"--keras 3 --exclude {quoted} --allow-empty")
        assert (run.returncode, "Nothing was linted" in run.stdout) == (0, True), run.stderr
        run = self.run(folder, ".", "--exclude 'my src")
        assert (run.returncode, "quotes in args do not match" in run.stderr) == (2, True)

    def test_another_folder(self, folder: Path) -> None:
        run = self.run(folder, ".", "--select KLL101 --keras 3", KLINT_WORKING_DIRECTORY="my src")
        assert run.returncode == 1
        assert "layers.py:6:12: error KLL101" in run.stdout
        (folder / "repository" / ".git").mkdir()
        run = self.run(folder, ".", "--select KLL101 --keras 3", KLINT_WORKING_DIRECTORY="my src")
        assert "::error file=my src/layers.py,line=6" in run.stdout  # GitHub knows the root only

    def test_says_how_many_annotations_github_drops(self, folder: Path) -> None:
        text = LAYERS.partition("class")[0]
        text += "".join(LAYERS.partition("\n\n\n")[2].replace("Gate", f"Gate{n}") for n in range(14))
        (folder / "repository" / "my src" / "layers.py").write_text(text, encoding="utf-8")
        run = self.run(folder, "my src", "--select KLL101 --keras 3")
        assert run.stdout.count("\n::error ") == 14
        assert "GitHub shows the first 10 annotations of each kind of a step: not 4 errors of these" in run.stderr
        assert (folder / "summary.md").read_text(encoding="utf-8").count("| error |") == 14

    def test_nothing_found(self, folder: Path) -> None:
        run = self.run(folder, "my src", "--select KLL201")
        assert run.returncode == 0
        assert "\n::" not in run.stdout.partition("No problems in 1 file")[2].partition("::\n")[2]

    @pytest.mark.parametrize(
        ("paths", "args", "message"),
        [
            ("absent", "", "absent"),
            ("--version", "", "--version"),
            ("$(touch pwned)\n`touch pwned`", "$(touch pwned)", "$(touch"),
            (".", "--selct", "No such option"),
        ],
    )
    def test_failure_is_2(self, folder: Path, paths: str, args: str, message: str) -> None:
        run = self.run(folder, paths, args)
        assert run.returncode == 2
        assert message in run.stderr
        summary = (folder / "summary.md").read_text(encoding="utf-8")
        assert "klint" in summary.removeprefix("kept\n")
        assert list(folder.rglob("pwned")) == []


def git(*arguments: str, folder: Path) -> str:
    who = {f"GIT_{role}_{what}": "a@b.c" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    environment = os.environ | who | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    done = subprocess.run(["git", *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
class TestPullRequest:
    """A runner's clone holds one commit: the pull request merged into its base."""

    @pytest.fixture
    def origin(self, folder: Path) -> Path:
        origin = folder / "origin"
        shutil.copytree(folder / "repository", origin)
        git("init", "-q", "-b", "main", folder=origin)
        git("add", ".", folder=origin)
        git("commit", "-qm", "base", folder=origin)
        git("checkout", "-qb", "topic", folder=origin)
        path = origin / "my src" / "layers.py"
        more = LAYERS.partition("\n\n\n")[2].replace("Gate", "New")
        path.write_text(f"{path.read_text(encoding='utf-8')}\n\n{more}", encoding="utf-8")
        git("commit", "-qam", "topic", folder=origin)
        git("checkout", "-q", "main", folder=origin)
        (origin / "other.py").write_text("x = 1\n", encoding="utf-8")
        git("add", ".", folder=origin)
        git("commit", "-qm", "meanwhile", folder=origin)
        git("checkout", "-q", "--detach", folder=origin)
        git("merge", "-q", "--no-ff", "--no-edit", "topic", folder=origin)
        git("branch", "merged", folder=origin)
        return origin

    def annotated(self, folder: Path, origin: Path, branch: str, **environment: str) -> list[str]:
        shutil.rmtree(folder / "repository")
        arguments = ("clone", "-q", "--depth=1", "-b", branch, origin.as_uri(), str(folder / "repository"))
        git(*arguments, folder=folder)
        environment = {
            "KLINT_PATHS": ".",
            "KLINT_ARGS": "--select KLL101 --keras 3 --isolated",
            "KLINT_BASE": git("rev-parse", "main", folder=origin),
            "KLINT_ONLY_CHANGED": "auto",
            "GITHUB_SHA": git("rev-parse", "merged", folder=origin),
            "GITHUB_STEP_SUMMARY": str(folder / "summary.md"),
        } | environment
        run = bash(STEPS[1], folder, **environment)
        assert run.returncode == 1, run.stderr
        return re.findall(r"^::error .*?line=(\d+)", run.stdout, re.MULTILINE)

    def test_only_what_it_changes(self, folder: Path, origin: Path) -> None:
        assert self.annotated(folder, origin, "merged") == ["13"]
        # Its base as the event has it is older than that of the merge.
        assert self.annotated(folder, origin, "merged", KLINT_BASE=git("rev-parse", "main^", folder=origin)) == ["13"]
        assert self.annotated(folder, origin, "topic") == ["13"]

    def test_all(self, folder: Path, origin: Path) -> None:
        assert self.annotated(folder, origin, "merged", KLINT_ONLY_CHANGED="false") == ["6", "13"]
        assert self.annotated(folder, origin, "merged", KLINT_BASE="") == ["6", "13"]

    def test_a_base_that_cannot_be_had(self, folder: Path, origin: Path) -> None:
        assert self.annotated(folder, origin, "topic", KLINT_BASE="1" * 40) == ["6", "13"]


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
@pytest.mark.parametrize(("version", "wanted"), [("", "/action"), ("1.2", "keras-layer-lint==1.2")])
def test_install_step_asks_pip_for_one_thing(folder: Path, version: str, wanted: str) -> None:
    python = folder / "tools" / "python3"
    python.parent.mkdir()
    python.write_text('#!/bin/sh\necho "$@" >> "$RUNNER_TEMP/asked"\n', encoding="utf-8")
    python.chmod(0o755)
    shutil.copy(python, folder / "klint" / "bin" / "python")
    path = f"{python.parent}{os.pathsep}{os.environ['PATH']}"
    run = bash(STEPS[0], folder, PATH=path, KLINT_VERSION=version, KLINT_SOURCE="/action")
    assert run.returncode == 0, run.stderr
    assert (folder / "asked").read_text(encoding="utf-8").splitlines() == [
        f"-I -m venv {folder}/klint",
        f"-I -m pip install --quiet --disable-pip-version-check {wanted}",
    ]
