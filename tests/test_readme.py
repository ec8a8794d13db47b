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

README = ROOT / "README.md"
SESSION = re.compile(r"(?<=```console\n)\$ (klint .*)\n((?:.*\n)*?)(?=```\n)")
RAN_ON = re.compile(r"^  Keras \S+, \S+ \S+, [^;]+;", re.MULTILINE)
"""Under a verdict: the versions and the device of the machine at hand."""


def output(command: str, readme: str) -> str:
    """Run a command of the README: on the sample layers of the checkout, or on the README's own layer."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "layers.py").write_text(readme.partition("```python\n")[2].partition("```\n")[0], encoding="utf-8")
        words = f"'{sys.executable}' -m keras_layer_lint {command.removeprefix('klint ')}"
        run = subprocess.run(
            ["bash", "-c", words],
            cwd=ROOT if "fixtures" in command else folder,
            env=os.environ | {"PYTHONPATH": str(ROOT), "NO_COLOR": "1"},
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
    if "--confirm" not in command:  # which says there what the system does not let it stop
        assert run.stderr == ""
    return run.stdout


def regenerate(readme: str) -> str:
    """Return the README with the output of today; that of a command that cannot run here stays."""

    def anew(session: re.Match[str]) -> str:
        command, shown = session.groups()
        runnable = "--confirm" not in command or not missing("2", "3")
        return f"$ {command}\n{output(command, readme) if runnable else shown}"

    readme = SESSION.sub(anew, readme)
    return TABLE.sub(lambda _: rule_table(), readme)


@pytest.fixture(scope="module")
def readme() -> str:
    return README.read_text(encoding="utf-8")


@pytest.mark.slow
def test_shown_output_is_real(readme: str) -> None:
    ((command, shown),) = [found for found in SESSION.findall(readme) if "--confirm" not in found[0]]
    assert shown == output(command, readme)


def test_shown_verdicts_are_real(readme: str) -> None:
    needs("2", "3")
    ((command, shown),) = [found for found in SESSION.findall(readme) if "--confirm" in found[0]]
    assert RAN_ON.search(shown)
    assert RAN_ON.sub("", shown) == RAN_ON.sub("", output(command, readme))


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
