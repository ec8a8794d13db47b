"""What GitHub, and others that read problem matchers, find in the concise report."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from keras_layer_lint import Settings, lint_paths
from keras_layer_lint.report.concise import render
from tests.conftest import ROOT

MATCHERS = json.loads((ROOT / ".github" / "klint-matcher.json").read_text())["problemMatcher"]
LEVELS = {"error": "error", "warning": "warning", "note": "notice"}
"""By our words those of GitHub. A matcher whose line has another word is passed over."""


def matched(line: str) -> dict[str, Any]:
    """What the one matcher that knows a line says of it."""
    found = []
    for matcher in MATCHERS:
        (pattern,) = matcher["pattern"]
        if match := re.search(pattern["regexp"], line):
            groups = {key: match[number] for key, number in pattern.items() if key != "regexp"}
            found.append({"severity": matcher.get("severity", "error"), **groups})
    (only,) = found
    return only


@pytest.mark.slow
def test_every_line_of_the_report_is_found() -> None:
    report = lint_paths([ROOT / "fixtures", ROOT / "keras_layer_lint"], Settings(keras=("2", "3")))
    assert {each.severity.label for each in report.diagnostics} >= {"error", "warning"}
    lines = render(report).splitlines()
    assert len(lines) == len(report.diagnostics) > 40
    for line, each in zip(lines, report.diagnostics, strict=True):
        assert matched(line) == {
            "file": each.path,
            "line": str(each.span.line),
            "column": str(each.span.column),
            "severity": LEVELS[each.severity.label],
            "code": each.code,
            "message": f"({each.name}): {each.message}",
        }


def test_notes_and_notebooks() -> None:
    found = matched("src/my layers.ipynb:cell 3:4:5: note KLL309 (unregistered-class): `Gate` is not registered")
    assert found["severity"] == "notice"
    assert (found["file"], found["line"], found["column"]) == ("src/my layers.ipynb", "4", "5")


def test_each_matcher_has_a_name_of_its_own() -> None:
    """One with the name of another takes its place."""
    owners = [matcher["owner"] for matcher in MATCHERS]
    assert len(owners) == len(set(owners))
