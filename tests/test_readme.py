"""README.md shows real output and every rule. `python -m tests.test_readme` writes both anew."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from keras_layer_lint.config import find_file, resolve
from keras_layer_lint.option_table import IN_FILE
from keras_layer_lint.option_values import FORMATS
from keras_layer_lint.registry import rules
from tests.conftest import ROOT
from tests.frameworks import missing, needs
from tests.new_rule import TABLE, rule_table
from tests.test_pre_commit import pre_commit

README = ROOT / "README.md"
MODULES = {"klint": "keras_layer_lint", "pytest": "pytest"}
SESSION = re.compile(r"(?<=```console\n)\$ ((?:klint|pytest|pre-commit) .*)\n((?:.*\n)*?)(?=```\n)")
OF_TODAY = re.compile(r"^  Keras \S+, \S+ \S+, [^;]+;| in \d+\.\d+s$", re.MULTILINE)
"""Under a verdict: the versions and the device of the machine at hand. Under tests: how long they took."""


def output(command: str, readme: str) -> str:
    """Run a command of the README: on the sample layers of the checkout, or on the README's own layer."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "project"
        folder.mkdir()
        (folder / "layers.py").write_text(readme.partition("```python\n")[2].partition("```\n")[0], encoding="utf-8")
        program, _, words = command.partition(" ")
        if program == "pre-commit":
            subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
            shown = pre_commit(folder, "klint").stdout
            through = ["bash", "-c", words.partition(" | ")[2]]
            return subprocess.run(through, input=shown, capture_output=True, text=True, check=True).stdout
        # On a CI pytest cuts no line of its summary short; plugins that the tests need are not what readers have.
        elsewhere = {name: value for name, value in os.environ.items() if name not in ("CI", "BUILD_NUMBER")}
        elsewhere["PYTEST_ADDOPTS"] = "-p no:asyncio -p no:pytest-lsp"
        run = subprocess.run(
            ["bash", "-c", f"'{sys.executable}' -m {MODULES[program]} {words}"],
            cwd=ROOT if "fixtures" in command else folder,
            env=elsewhere | {"PYTHONPATH": str(ROOT), "NO_COLOR": "1", "COLUMNS": "120"},
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
    if "--confirm" not in command:  # which says there what the system does not let it stop
        assert re.sub(r"^klint: would fix \d+ problems\n", "", run.stderr) == ""
    return run.stdout


def runs_layers(command: str) -> bool:
    """Whether a command imports the framework."""
    return "confirm" in command


def of_any_day(shown: str) -> str:
    """What a command writes, without what differs from day to day and from machine to machine."""
    return OF_TODAY.sub("", shown)


def regenerate(readme: str) -> str:
    """Return the README with the output of today; that of a command that cannot run here stays."""

    def anew(session: re.Match[str]) -> str:
        command, shown = session.groups()
        runnable = not runs_layers(command) or not missing("2", "3")
        return f"$ {command}\n{output(command, readme) if runnable else shown}"

    readme = SESSION.sub(anew, readme)
    return TABLE.sub(lambda _: rule_table(), readme)


@pytest.fixture(scope="module")
def readme() -> str:
    return README.read_text(encoding="utf-8")


@pytest.mark.slow
def test_shown_output_is_real(readme: str) -> None:
    sessions = [found for found in SESSION.findall(readme) if not runs_layers(found[0])]
    assert {command.partition(" ")[0] for command, _ in sessions} == {"klint", "pre-commit"}
    assert [shown for _, shown in sessions] == [output(command, readme) for command, _ in sessions]


def test_shown_verdicts_are_real(readme: str) -> None:
    needs("2", "3")
    sessions = [found for found in SESSION.findall(readme) if runs_layers(found[0])]
    assert {command.partition(" ")[0] for command, _ in sessions} == {"klint", "pytest"}
    assert [of_any_day(shown) for _, shown in sessions] == [of_any_day(output(each, readme)) for each, _ in sessions]


def test_first_command_is_the_one_whose_output_is_shown(readme: str) -> None:
    (first,) = re.findall(r"^python -m pip install '\.\[confirm\]' && (klint .*)$", readme, re.MULTILINE)
    assert f"$ {first} | tail" in readme


def test_table_holds_every_rule(readme: str) -> None:
    found = TABLE.search(readme)
    assert found is not None
    assert found[0] == rule_table()
    assert [rule.code for rule in rules()] == re.findall(r"^\| \[(KLL\d+)\]", found[0], re.MULTILINE)


def test_ci_runs_the_readmes_test_command(readme: str) -> None:
    (command,) = re.findall(r"^python -m pip install -e .*pytest$", readme, re.MULTILINE)
    assert command in (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()


def test_shown_configuration_is_valid_and_shows_every_option(readme: str, tmp_path: Path) -> None:
    folder = tmp_path / "project"
    folder.mkdir()
    (tmp_path / "klint.toml").touch()  # which it extends
    (folder / "pyproject.toml").write_text(readme.partition("```toml\n")[2].partition("```\n")[0], encoding="utf-8")
    file = find_file(folder)
    assert file is not None
    assert set(file.values) | {"respect-gitignore"} == set(IN_FILE)
    assert resolve({}, file).settings().select == ("KLL1", "KLL3")


def test_the_comparison_names_all_reports() -> None:
    text = (ROOT / "docs" / "comparison.md").read_text(encoding="utf-8")
    assert f"| Reports | {', '.join(FORMATS)} |" in text


def test_links_lead_somewhere(readme: str) -> None:
    targets = re.findall(r"\]\((?!https?:)([^)#]+)\)", readme)
    assert len(targets) > 20
    assert [target for target in targets if not (ROOT / target).exists()] == []


if __name__ == "__main__":
    README.write_text(regenerate(README.read_text(encoding="utf-8")), encoding="utf-8")
