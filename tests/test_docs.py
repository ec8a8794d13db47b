"""The commands that README and the pages of `docs` show are commands, and what they write is where the pages say."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import ROOT, Run

PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
FENCE = re.compile(r"^```(console|yaml)\n(.*?)^```", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"^(?:\$ |.*&& |[\s-]*(?:script: |run: )?)(klint(?=\s|$).*?)(?:\s+#.*| \|.*)?$", re.MULTILINE)
SUBCOMMANDS = ("rule", "clean", "migrate", "lsp")


def blocks(kind: str) -> list[tuple[str, str]]:
    """The page and the text of each block of a kind."""
    return [
        (page.name, text)
        for page in PAGES
        for found, text in FENCE.findall(page.read_text(encoding="utf-8"))
        if found == kind
    ]


def commands() -> list[str]:
    found = [command for kind in ("console", "yaml") for _, text in blocks(kind) for command in COMMAND.findall(text)]
    return list(dict.fromkeys(found))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name in ("src/layers.py", "src/new/layers.py", "tests/layers.py", "layers.py", "fixtures/faulty/layers.py"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(
            "import keras\n\n\nclass A(keras.layers.Layer):\n    def call(self, x):\n        return x.numpy()\n"
        )
    (tmp_path / ".klint-baseline.json").write_text('{"version": 1, "findings": []}')
    return tmp_path


def test_there_are_commands() -> None:
    assert len(commands()) > 40


@pytest.mark.parametrize("command", commands())
def test_it_is_a_command(command: str, project: Path, klint: Callable[..., Run]) -> None:
    words = shlex.split(command)[1:]
    if not words or words[0] not in (*SUBCOMMANDS, "--help"):
        words.append("--show-settings")  # which reads all options, and lints nothing
    elif words[0] in ("migrate", "lsp"):
        words.append("--help")
    done = klint(*words)
    assert done.code == 0, done.err


@pytest.mark.parametrize(("page", "text"), blocks("yaml"), ids=lambda value: value if len(value) < 40 else "")
def test_what_a_step_writes_is_where_the_next_one_looks(
    page: str, text: str, project: Path, klint: Callable[..., Run]
) -> None:
    said = yaml.safe_load(text)
    looked_for = [each for each in strings(said) if re.fullmatch(r"[\w-]+\.(json|sarif)", each)]
    for command in COMMAND.findall(text):
        for name in re.findall(r"--output-format (?:sarif|gitlab|junit|html)=(\S+)", command):
            klint(*shlex.split(command.replace("--confirm=all ", ""))[1:])
            assert (project / name).stat().st_size > 100
            if name.endswith((".json", ".sarif")):
                assert json.loads((project / name).read_text())
                assert name in looked_for
    for name in looked_for:
        assert (project / name).exists(), page


def strings(value: Any) -> list[str]:
    """All values of a document that are text."""
    if isinstance(value, dict | list):
        return [text for each in (value.values() if isinstance(value, dict) else value) for text in strings(each)]
    return [value] if isinstance(value, str) else []
