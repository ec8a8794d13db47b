"""The files that GitHub and pre-commit read: they follow their schemas, and ask for what the project says."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import Any

import pytest
import yaml

from tests.conftest import ROOT

pytestmark = pytest.mark.slow

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
CI: dict[str, Any] = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8"))
PROJECT = (ROOT / "pyproject.toml").read_text(encoding="utf-8")


def faults(schema: str, *paths: str) -> str:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, *paths]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    return run.stdout + run.stderr if run.returncode else ""


def test_workflows_follow_githubs_schema() -> None:
    assert faults("vendor.github-workflows", *map(str, WORKFLOWS)) == ""


def test_the_schema_refuses_another_workflow() -> None:
    assert "'jobs' is a required property" in faults("vendor.github-workflows", "action.yml")


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_permissions_are_the_least(path: Any) -> None:
    workflow = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert workflow["permissions"] == {"contents": "read"}
    steps = [step for job in workflow["jobs"].values() for step in job["steps"]]
    assert [job for job in workflow["jobs"].values() if "permissions" in job] == []
    checkouts = [step for step in steps if step.get("uses", "").startswith("actions/checkout@")]
    assert {step["with"]["persist-credentials"] for step in checkouts} == {False}
    assert [step["run"] for step in steps if "${{" in step.get("run", "")] == []


def test_the_matrix_holds_the_oldest_and_the_newest() -> None:
    versions = CI["jobs"]["static"]["strategy"]["matrix"]
    assert versions["python"] == [f"3.{minor}" for minor in range(10, 15)]
    oldest, below = re.findall(r'"libcst>=([\d.]+),(<\d+)"', PROJECT)[0]
    assert versions["libcst"] == [f"=={oldest}", below]
    rows = {row["versions"]: row["packages"] for row in CI["jobs"]["keras"]["strategy"]["matrix"]["include"]}
    extra = re.findall(r"^confirm = \[(.*)\]$", PROJECT, re.MULTILINE)[0]
    lowest = dict(re.findall(r'"([\w-]+)>=([\d.]+)"', extra))
    pinned = dict(part.split("==") for part in rows["oldest"].split())
    assert {name: pinned[name][: len(version)] for name, version in lowest.items()} == lowest
    assert set(rows["newest"].split()) == {*lowest, "jax"}


def test_pre_commit_runs_what_ci_runs() -> None:
    config = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    (repository,) = config["repos"]
    assert repository["repo"] == "local"  # the tools of the environment, in the versions that CI takes
    started = {hook["entry"].split()[0] for hook in repository["hooks"]}
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert started - {"klint"} <= set(re.findall(r"^ *([a-z]+)", script, re.MULTILINE))
