"""The extension for VS Code says what the package says, and starts what there is."""

from __future__ import annotations

import json
import re

from keras_layer_lint import __version__
from tests.conftest import ROOT

FOLDER = ROOT / "editors" / "vscode"
PACKAGE = json.loads((FOLDER / "package.json").read_text(encoding="utf-8"))
CODE = (FOLDER / "src" / "extension.ts").read_text(encoding="utf-8")


def test_it_has_the_version_and_the_license_of_the_package() -> None:
    assert PACKAGE["version"] == __version__
    assert f'license = "{PACKAGE["license"]}"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")


def test_its_settings_and_commands_are_those_that_it_reads() -> None:
    properties = PACKAGE["contributes"]["configuration"]["properties"]
    read = set(re.findall(r'settings\.get<\w+>\("(\w+)"', CODE)) | {"trace.server"}  # which the client reads
    assert {name.removeprefix("klint.") for name in properties} == read
    commands = {command["command"] for command in PACKAGE["contributes"]["commands"]}
    assert commands == set(re.findall(r'registerCommand\("([\w.]+)"', CODE))


def test_confirm_mode_cannot_be_reached_from_it() -> None:
    assert "confirm" not in CODE.lower()
    assert not any("confirm" in name for name in PACKAGE["contributes"]["configuration"]["properties"])
