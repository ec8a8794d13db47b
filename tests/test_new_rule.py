"""`python -m tests.new_rule`, run in a copy of the project."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.new_rule import FILL_IN, parse

LEFT_OUT = shutil.ignore_patterns(".git", "__pycache__", ".*_cache", "*.egg-info", "build", "dist", ".venv")
MODULES = {"call": "tensor_if", "state": "weight_in_init", "config": "from_config"}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ROOT, tmp_path / "project", ignore=LEFT_OUT))


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1", "PYTEST_ADDOPTS": ""},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.mark.slow
def test_a_new_rule_fails_only_where_something_is_to_be_filled_in(copy: Path) -> None:
    written = run(copy, "-m", "tests.new_rule", "KLL299", "some-name")
    assert written.returncode == 0, written.stderr
    page, check, test, readme, versions = written.stdout.splitlines()[:5]
    assert page == "rules/KLL299-some-name.md"
    assert check == "keras_layer_lint/checks/state/some_name.py"
    assert test == "tests/checks/state/test_some_name.py"
    assert (readme, versions) == ("README.md", "docs/versions.md")
    row = "| [KLL299](rules/KLL299-some-name.md) | some-name | FILL" + " IN: what the layer does, in one sentence. |"
    assert row in (copy / "README.md").read_text(encoding="utf-8").splitlines()
    for command in (("check",), ("format", "--check")):
        linted = run(copy, "-m", "ruff", *command, check, test)
        assert linted.returncode == 0, linted.stdout
    assert run(copy, "-m", "keras_layer_lint", "rule", "KLL299").stdout.startswith("# KLL299 some-name\n")
    names = ["rule_pages", "readme", "versions", "floors", "new_rule"]
    tests = [*(f"tests/test_{name}.py" for name in names), test]
    done = run(copy, "-m", "pytest", "-p", "no:cacheprovider", "-m", "not keras and not slow", "-q", *tests)
    failed = set(re.findall(r"^FAILED (\S+)", done.stdout, re.MULTILINE))
    # Its bad example and its first row promise what the check does not yet say.
    assert {name.partition("[")[0] for name in failed} == {
        "tests/test_rule_pages.py::test_example",
        "tests/test_new_rule.py::test_nothing_is_left_to_fill_in",
        f"{test}::test_reported",
    }
    assert {name for name in failed if "test_example" in name and "KLL299" not in name} == set()
    again = run(copy, "-m", "tests.new_rule", "KLL299", "other-name")
    assert (again.returncode, again.stderr) == (2, "rules/KLL299-some-name.md is there already\n")


def test_nothing_is_left_to_fill_in() -> None:
    folders = ("rules", "keras_layer_lint/checks", "tests/checks")
    files = [path for folder in folders for path in (ROOT / folder).rglob("*.*") if path.suffix in (".md", ".py")]
    assert len(files) > 150
    assert [path.name for path in files if FILL_IN in path.read_text(encoding="utf-8")] == []


@pytest.mark.parametrize(
    ("arguments", "group", "oracle"),
    [
        (["KLL171", "a-name"], "call", "graph"),
        (["KLL299", "a-name"], "state", "build"),
        (["KLL399", "name2"], "config", "reload"),
        (["KLL299", "a-name", "--oracle", "train"], "state", "train"),
        (["KLL401", "a-name", "--group", "call"], "call", "graph"),
    ],
)
def test_group_and_oracle_follow_from_the_code(arguments: list[str], group: str, oracle: str) -> None:
    rule = parse(arguments)
    assert (rule.group, rule.oracle) == (group, oracle)
    assert (ROOT / "keras_layer_lint" / "checks" / group / f"{MODULES[group]}.py").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["KLL29", "a-name"], "a code is KLL and three digits"),
        (["KLL901", "a-name"], "of which 0 and 9 do not come first"),
        (["KLL299", "A_name"], "words in lower case"),
        (["KLL401", "a-name"], "say --group"),
        (["KLL299", "a-name", "--oracle", "none"], "invalid choice"),
    ],
)
def test_what_is_no_rule_is_refused(arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse(arguments)
    assert message in capsys.readouterr().err
