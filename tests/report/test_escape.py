"""Text from outside can neither steer a terminal nor a workflow, whatever the format: names, source, messages."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest

from keras_layer_lint.diagnostic import Diagnostic, Limit, Verdict
from keras_layer_lint.findings import FileError, NotRun, Report
from keras_layer_lint.option_values import FORMATS
from keras_layer_lint.report import render
from keras_layer_lint.report.escape import for_log, printable
from tests.conftest import Make, Run, note
from tests.sampling import slowly

HOSTILE = {
    "escape": "\x1b[31mred",
    "C1 control": "\x9b31mred",
    "bell and backspace": "a\x07\x08b",
    "delete": "a\x7fb",
    "carriage return": "a\rb",
    "line feed": "a\n::error::b",
    "line separators": "a\u2028::error::b\u2029c\x85d\x0be\x0cf",
    "bidirectional override": "a\u202eb\u2066c\u200fd\u061ce",
    "without width": "a\u200bb\ufeffc\U000e0041",
    "command": "::error::named",
    "command with properties": "::add-mask file=a,line=1::x",
    "command behind blanks": "\u00a0\t ::stop-commands::token",
    "old command": "##[error]named",
    "old command within": "layers  ##[stop-commands]tok",
    "old command of Azure": "a ##vso[task.setvariable variable=A]b",
    "longer run of hashes": "####[error]named",
    "markdown": "`a`|b\n\n# <img src=x> ![a](b)",
    "percent": "100%0A::error::b",
}


def acts_as_command(line: str) -> bool:
    """Whether a runner takes a line of output for a command (`ActionCommand.TryParseV2` and `TryParse`)."""
    begins = re.match(r"\s*::[^:]*::", line) is not None
    return begins or re.search(r"##\w*\[[^\]]*\]", line) is not None


def steers(character: str) -> bool:
    """Whether a character moves the cursor, ends a line, or changes the order of what is shown."""
    return unicodedata.category(character) in ("Cc", "Zl", "Zp") or (
        unicodedata.category(character) == "Cf" and character not in "\u200c\u200d\u00ad"
    )


def everywhere(text: str, make: Make) -> Report:
    """A report that holds a text wherever text from outside may stand."""
    verdict = Verdict(
        status="inconclusive", oracle="run", keras=text, backend=text, device=text, platform=text, evidence=text,
        inputs=text, arguments=text, help=text,
    )  # fmt: skip
    item = make(
        2, 1, path=text, message=text, help=text, notes=(note(1, 1, 2, text),), class_name=text, method=text,
        verdict=verdict,
    )  # fmt: skip
    recipe = replace(item, verdict=replace(verdict, help=f'"{text}'))
    without_frame = replace(item, path=f"gone/{text}", verdict=None)
    diagnostics: tuple[Diagnostic, ...] = (item, recipe, without_frame)
    return Report(
        diagnostics,
        (FileError(text, text),),
        1,
        1,
        0.1,
        ({"path": text, "layer": text},),
        limits=(Limit(text, 1, text, text),),
        not_run=(NotRun(text, 1, (text,), "3", text, text), NotRun(text, 2, (text,), "2", text, f'"{text}', "module")),
    )


def rendered(name: str, text: str, make: Make) -> str:
    def source(path: str) -> list[str]:
        return [] if path.startswith("gone") else [text, text, text]

    return render(name, everywhere(text, make), source)


CROSSED = [
    each if number // len(FORMATS) % len(FORMATS) == number % len(FORMATS) else slowly(each)
    for number, each in enumerate(product(HOSTILE, FORMATS))
]
"""The quick tests put each text into one format, and a text into each format."""


@pytest.mark.parametrize(("case", "name"), CROSSED)
def test_no_character_steers(name: str, case: str, make: Make) -> None:
    shown = rendered(name, HOSTILE[case], make)
    assert [character for character in shown.replace("\n", "") if steers(character)] == []


@pytest.mark.parametrize(("case", "name"), CROSSED)
def test_no_line_is_a_command_but_those_of_the_format(name: str, case: str, make: Make) -> None:
    shown = rendered(name, HOSTILE[case], make).splitlines()
    commands = [line for line in shown if acts_as_command(line)]
    if name == "github":
        assert commands == shown
        assert [re.match(r"::(\w+) ", line) and line.split()[0] for line in shown] == ["::error"] * 4 + ["::notice"] * 2
    elif name == "azure":
        assert commands == shown
        assert [line for line in shown if not line.startswith("##vso[task.logissue type=")] == []
        assert [line for line in shown if acts_as_command(line[1:])] == []
    else:
        assert commands == []


@pytest.mark.parametrize("case", HOSTILE)
def test_json_says_the_same(case: str, make: Make) -> None:
    text = HOSTILE[case]
    item = json.loads(rendered("json", text, make))["diagnostics"][0]
    assert (item["path"], item["message"], item["verdict"]["evidence"]) == (text, text, text)


@pytest.mark.parametrize("case", HOSTILE)
def test_github_names_the_file(case: str, make: Make) -> None:
    """The runner decodes a property; only what it cannot decode is shown by other characters."""
    found = re.match(r"::error file=([^,]*),", rendered("github", HOSTILE[case], make))
    assert found is not None
    decoded = found[1]
    for code, character in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        decoded = decoded.replace(code, character)
    breaks = ("\r", "\n")
    assert decoded == "".join(c if c in breaks else printable(c) for c in HOSTILE[case])


@pytest.mark.parametrize(
    "text",
    ["a: b", "x[::2]", "std::vector", "## [0]", "C# [", "#[x]", "a ## b", "5 |         ::2", "klint: ::error::x", ""],
)
def test_what_is_no_command_stays(text: str) -> None:
    assert for_log(text) == text


HARMFUL_NAMES = [text for text in HOSTILE.values() if "/" not in text]


@pytest.mark.slow
@pytest.mark.parametrize("name", FORMATS)
def test_the_command_line_with_such_files(name: str, tmp_path: Path, klint: Callable[..., Run]) -> None:
    for text in HARMFUL_NAMES:
        source = f"import keras\n\n\nclass A(keras.layers.Layer):\n    def call(self, x):\n        #{text!r}\n"
        (tmp_path / f"{text}.py").write_text(
            f"{source}        return keras.layers.Dense(3)(x)  ##[group]\u202e\n", encoding="utf-8"
        )
    run = klint(".", "gone\x1b##[error]", "--output-format", name, "--statistics", "--verbose", "--color", "never")
    assert run.code == 2
    assert "gone" in run.err
    for text in (run.out, run.err):
        assert [character for character in text.replace("\n", "") if steers(character)] == []
    lines = (run.out + run.err).splitlines()
    if name == "azure":  # of which each line is a command, and no other
        assert [line for line in run.out.splitlines() if not line.startswith("##vso[task.logissue type=")] == []
        lines = [*(line[1:] for line in run.out.splitlines()), *run.err.splitlines()]
    assert [line for line in lines if acts_as_command(line) and not (name == "github" and "KLL132" in line)] == [
        line for line in lines if name == "github" and line.startswith("::error file=gone")
    ]


def test_other_output_with_such_files(tmp_path: Path, klint: Callable[..., Run]) -> None:
    for text in HARMFUL_NAMES:
        (tmp_path / f"{text}.py").write_text("")
    (tmp_path / "klint.toml").write_text('exclude = ["a\u202e", "##[error]b"]\n')
    for flag in ("--show-files", "--show-settings"):
        shown = klint(".", flag).out
        assert [character for character in shown.replace("\n", "") if steers(character)] == []
        assert [line for line in shown.splitlines() if acts_as_command(line)] == []
