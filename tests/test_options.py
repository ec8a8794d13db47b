"""One table of options: the command line, the configuration, its schema and the help agree."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from keras_layer_lint.cli import klint as group
from keras_layer_lint.config import ConfigFile, resolve
from keras_layer_lint.errors import KlintError
from keras_layer_lint.option_schema import configuration_schema
from keras_layer_lint.option_table import BY_KEY, IN_FILE, OPTIONS
from tests.conftest import ROOT, Run

Klint = Callable[..., Run]
SCHEMA = ROOT / "docs" / "configuration.schema.json"


def written() -> str:
    return json.dumps(configuration_schema(), indent=2) + "\n"


def test_the_published_schema_is_that_of_the_table() -> None:
    """`python -m tests.test_options` writes it."""
    assert SCHEMA.read_text(encoding="utf-8") == written()
    Draft202012Validator.check_schema(configuration_schema())


def test_every_option_can_be_given_somewhere() -> None:
    assert len(BY_KEY) == len(OPTIONS)
    assert [option.key for option in OPTIONS if not option.in_file and not option.on_command_line] == []
    assert [option.key for option in IN_FILE.values() if option.read is None or not option.schema] == []
    assert [option.key for option in OPTIONS if option.on_command_line and not option.help] == []
    declared = {parameter.name for parameter in group.commands["check"].params}
    assert declared - {"paths"} == {option.name for option in OPTIONS if option.on_command_line}


def test_confirm_is_out_of_reach_of_a_configuration() -> None:
    """Code runs where a person or a script says so, not where a file of the project does."""
    assert {"confirm", "scheduler", "device", "timeout"} & IN_FILE.keys() == set()


CASES: list[tuple[str, Any, bool]] = [
    ("select", ["KLL1", "tensor-if"], True),
    ("select", "KLL1,KLL2", True),
    ("select", [1], False),
    ("per-file-ignores", {"tests/*": ["KLL1"]}, True),
    ("per-file-ignores", ["tests/*:KLL1"], True),
    ("per-file-ignores", {"tests/*": 1}, False),
    ("exclude", ["a", "b c"], True),
    ("exclude", 3, False),
    ("force-exclude", True, True),
    ("force-exclude", "yes", False),
    ("respect-gitignore", False, True),
    ("keras", "auto", True),
    ("keras", 2, True),
    ("keras", "2,3", True),
    ("keras", [2, "3.6"], True),
    ("keras", "4", False),
    ("keras", 3.1, False),
    ("keras", True, False),
    ("backend", "jax", True),
    ("backend", ["tensorflow", "torch"], True),
    ("backend", "torh", False),
    ("output-format", "json=a.json", True),
    ("output-format", ["full", "concise"], True),
    ("output-format", [], False),
    ("output-format", "xml", False),
    ("output-format", "json=", False),
    ("min-severity", "note", True),
    ("min-severity", "notice", False),
    ("any-use", True, True),
    ("any-use", "all", False),
    ("notes", "brief", True),
    ("notes", "all", False),
    ("fail-on", "error", True),
    ("fail-on", 1, False),
    ("jobs", 0, True),
    ("jobs", -1, False),
    ("jobs", True, False),
    ("cache-dir", "x", True),
    ("cache-dir", "", False),
    ("baseline", "x.json", True),
    ("baseline", 1, False),
    ("fixable", ["KLL3"], True),
    ("recipes", {"a.B": {"arguments": "3"}}, True),
    ("recipes", {"a.B": {"argument": "3"}}, False),
    ("recipes", {"a.B": "3"}, False),
    ("extend-exclude", ["a"], True),
    ("overrides", [{"files": ["old/"], "keras": 2, "ignore": ["KLL1"]}], True),
    ("overrides", [{"files": "old/", "select": "KLL1", "extend-select": "KLL2", "backend": "jax"}], True),
    ("overrides", [{"keras": 2}], False),
    ("overrides", [{"files": ["a"], "jobs": 2}], False),
    ("overrides", [{"files": ["a"], "keras": 4}], False),
    ("overrides", {"files": ["a"]}, False),
    ("extend", "../klint.toml", True),
    ("extend", ["a"], False),
    ("confirm", "all", False),
    ("selct", [], False),
]


@pytest.mark.parametrize(("key", "value", "is_right"), CASES)
def test_schema_and_readers_agree(tmp_path: Any, key: str, value: Any, is_right: bool) -> None:
    assert Draft202012Validator(configuration_schema()).is_valid({key: value}) == is_right
    folder = tmp_path / "below"
    folder.mkdir()
    for path in (tmp_path / "klint.toml", folder / "klint.toml"):
        path.touch()
    file = ConfigFile(folder / "klint.toml", {key: value}, "")
    if is_right:
        resolve({}, file)
    else:
        with pytest.raises(KlintError):
            resolve({}, file)


def test_every_key_has_a_case() -> None:
    assert {key for key, _, is_right in CASES if is_right} >= IN_FILE.keys() - {"extend-select", "ignore", "unfixable"}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("--device gpu", "--device needs --confirm: linting runs nothing"),
        ("--timeout 5", "--timeout needs --confirm: linting runs nothing"),
        ("--no-cache", "--no-cache needs --confirm: linting keeps none"),
        ("--shard 1/2", "--shard needs --confirm: it divides the layers that are run"),
        ("--unsafe-fixes", "--unsafe-fixes needs --fix, --fix-only or --diff"),
        ("--confirm --timeout nan", "--timeout: must be a number of seconds, 1 or more, not nan"),
        ("--confirm --timeout inf", "--timeout: must be a number of seconds, 1 or more, not inf"),
        ("--confirm --timeout 0.5", "--timeout: must be a number of seconds, 1 or more, not 0.5"),
        ("--jobs -1", "--jobs: must be a whole number, 0 or more, not -1"),
    ],
)
def test_what_makes_no_sense_is_an_error(klint: Klint, arguments: str, message: str) -> None:
    run = klint("--isolated", *arguments.split())
    assert (run.code, run.out, run.err) == (2, "", f"klint: {message}\n")


def test_migrate_runs_nothing_without_confirm(klint: Klint) -> None:
    run = klint("migrate", "--device", "cpu")
    assert (run.code, run.err) == (2, "klint: --device needs --confirm: migrating runs nothing without it\n")


def test_help_shows_what_people_need(klint: Klint) -> None:
    short, whole = klint("--help").out, klint("check", "--help").out
    for option in OPTIONS:
        if option.on_command_line:
            assert f"--{option.key}" in whole
        if option.is_common:
            assert f"--{option.key}" in short
    assert whole.index("\nRules:") < whole.index("\nFiles:") < whole.index("\nConfirm:")


if __name__ == "__main__":
    SCHEMA.write_text(written(), encoding="utf-8")
