"""Reports for services: each is read by a reader of its format, and says what the diagnostics say."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import junitparser
import pytest
from jsonschema import Draft202012Validator

from keras_layer_lint.diagnostic import Edit, Fix, Limit, Note, Severity, Span, Verdict
from keras_layer_lint.findings import FileError, NotRun, Report
from keras_layer_lint.report import render, sarif
from keras_layer_lint.report.rooted import rooted
from keras_layer_lint.report.sarif import MOST_RESULTS
from tests.conftest import Make, Run
from tests.sampling import slowly

Klint = Callable[..., Run]
LINES = ["import keras"] * 4 + ["        \u00e9 = if tensor > 0:"] + ["x"] * 20
REFUTED = Verdict(
    status="refuted", oracle="graph", keras="3.15.1", backend="jax 0.10.2", device="cpu", evidence="it ran"
)


def lines(_: str) -> list[str]:
    return LINES


@pytest.fixture
def report(make: Make) -> Report:
    fix = Fix("safe", "choose", (Edit(Span(5, 12, 5, 14), "where"),))
    return Report(
        (
            make(path="a b/la;yers]%.py", fix=fix, help="do", notes=(Note(Span(3, 1, 3, 7), "a tensor"),)),
            make(path="b.py", severity=Severity.WARNING, message="50%\r\n##vso[x]y<&>\x1b", code="KLL302"),
            make(path="b.py", severity=Severity.NOTE, name="x"),
            make(path="c.ipynb", cell=3),
            make(path="d.py", verdict=REFUTED),
        ),
        (FileError("gone.py", "no such file"),),
        files=7,
        layers=5,
        seconds=1.5,
        limits=(Limit("a.py", 3, None, "300 items"),),
        not_run=(NotRun("b.py", 1, ("Gate",), "3", "why", "", "class"),),
    )


def sarif_of(report: Report) -> Any:
    """A report as SARIF, of which a library knows the form."""
    from sarif_pydantic import Sarif  # it takes a third of a second

    text = render("sarif", report, lines)
    Sarif.model_validate_json(text)
    return json.loads(text)


@pytest.mark.slow
def test_sarif(report: Report) -> None:
    [run] = sarif_of(report)["runs"]
    rules = {rule["id"]: rule for rule in run["tool"]["driver"]["rules"]}
    assert rules["KLL302"]["properties"]["precision"] == "high"
    assert rules["KLL302"]["shortDescription"]["text"] == "`get_config` leaves out an argument of `__init__`."
    assert rules["KLL302"]["fullDescription"]["text"].startswith("Loading calls `cls(**config)`.")
    assert all(rule["help"]["markdown"].startswith(f"# {code} ") for code, rule in rules.items())
    for result in run["results"]:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
    first, second, third, cell, refuted = run["results"]
    place = first["locations"][0]["physicalLocation"]
    assert unquote(place["artifactLocation"]["uri"]) == "a b/la;yers]%.py"
    assert place["region"] == {"startLine": 5, "startColumn": 12, "endLine": 5, "endColumn": 21}
    assert first["relatedLocations"][0]["message"]["text"] == "a tensor"
    assert first["fixes"][0]["artifactChanges"][0]["replacements"][0]["insertedContent"]["text"] == "where"
    assert [each["level"] for each in run["results"]] == ["error", "warning", "note", "error", "note"]
    assert second["message"]["text"] == "50%\r\n##vso[x]y<&>\x1b"
    assert third["properties"]["verdict"] is None
    assert cell["message"]["text"].startswith("cell 3, line 5: ")
    assert refuted["properties"]["verdict"]["status"] == "refuted"
    prints = [each["partialFingerprints"]["primaryLocationLineHash"] for each in run["results"]]
    assert len(set(prints)) == 5
    [invocation] = run["invocations"]
    assert invocation["executionSuccessful"] is False
    assert [each["level"] for each in invocation["toolExecutionNotifications"]] == ["error", "warning", "note"]


@pytest.mark.slow
def test_sarif_of_nothing() -> None:
    shown = sarif_of(Report((), (), 1, 0, 0.0))
    assert shown["runs"][0]["invocations"][0]["executionSuccessful"] is True


@pytest.mark.parametrize("most", [20, slowly(MOST_RESULTS)])
def test_sarif_keeps_what_github_takes(most: int, make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sarif, "MOST_RESULTS", most)
    found = [make(severity=Severity.NOTE), *(make() for _ in range(most))]
    [run] = json.loads(render("sarif", Report(tuple(found), (), 1, 1, 0.0), lines))["runs"]
    assert len(run["results"]) == most
    assert {each["level"] for each in run["results"]} == {"error"}
    assert "1 more findings are left out" in str(run["invocations"])


def test_fingerprints_outlive_a_move(make: Make) -> None:
    def prints(at: int, text: list[str]) -> list[str]:
        found = (make(at), make(at), make(at + 1))
        [run] = json.loads(render("sarif", Report(found, (), 1, 1, 0.0), lambda _: text))["runs"]
        return [each["partialFingerprints"]["primaryLocationLineHash"] for each in run["results"]]

    before = prints(1, ["if a:", "if b:"])
    assert before == prints(3, ["", "", "    if a:", "  if b:"])
    assert len(set(before)) == 3
    assert before[0] != prints(1, ["if c:", "if b:"])[0]


# As the documentation of GitLab describes it: stricter than the schema that GitLab reads each entry with, which asks
# for description, fingerprint, severity and location (app/validators/json_schemas/codeclimate.json).
GITLAB = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "properties": {
            "description": {"type": "string", "minLength": 1},
            "check_name": {"type": "string", "minLength": 1},
            "fingerprint": {"type": "string", "minLength": 1},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "properties": {
                    "path": {"type": "string", "pattern": "^[^/]"},
                    "lines": {"required": ["begin"], "properties": {"begin": {"type": "integer", "minimum": 1}}},
                },
            },
        },
    },
}


def test_gitlab(report: Report) -> None:
    found = json.loads(render("gitlab", report, lines))
    Draft202012Validator(GITLAB).validate(found)
    assert len({each["fingerprint"] for each in found}) == 6
    assert [each["severity"] for each in found] == ["blocker", "critical", "major", "info", "critical", "info"]
    assert found[4]["description"].startswith("cell 3, line 5: KLL101")


def test_junit(report: Report) -> None:
    text = render("junit", report, lines)
    suites = junitparser.JUnitXml.fromstring(text.encode())
    assert (suites.tests, suites.failures, suites.errors, suites.skipped) == (7, 3, 1, 2)
    cases = {suite.name: list(suite) for suite in suites}
    assert list(cases) == ["a b/la;yers]%.py", "b.py", "c.ipynb", "d.py", "klint", "klint: the rest"]
    assert cases["b.py"][0].result[0].message == "50% #\u2317vso[x]y<&>\u241b"
    assert cases["klint: the rest"][0].name == "3 files without findings"
    assert "cell 3:5:12" in cases["c.ipynb"][0].name
    assert junitparser.JUnitXml.fromstring(render("junit", Report((), (), 0, 0, 0.0), lines).encode()).tests == 1


def test_jsonl(report: Report) -> None:
    found = [json.loads(line) for line in render("jsonl", report, lines).splitlines()]
    assert [each["type"] for each in found] == [*["diagnostic"] * 5, "not_run", "error", "limit", "summary"]
    whole = json.loads(render("json", report, lines))
    assert [{k: v for k, v in each.items() if k != "type"} for each in found[:5]] == whole["diagnostics"]
    assert found[-1]["by_code"] == whole["summary"]["by_code"]


def test_rdjson(report: Report) -> None:
    found = json.loads(render("rdjson", report, lines))["diagnostics"]
    assert [each["severity"] for each in found] == ["ERROR", "ERROR", "WARNING", "INFO", "ERROR", "INFO"]
    # Columns count bytes of UTF-8, and an end is exclusive.
    start = {"line": 5, "column": 13}
    assert found[1]["location"] == {
        "path": "a b/la;yers]%.py",
        "range": {"start": start, "end": {"line": 5, "column": 22}},
    }
    assert found[1]["suggestions"] == [{"range": {"start": start, "end": {"line": 5, "column": 15}}, "text": "where"}]
    assert "range" not in found[4]["location"]


def test_azure(report: Report) -> None:
    text = render("azure", report, lines)
    commands = [re.fullmatch(r"##vso\[task\.logissue ([^\]]*)\](.*)", line) for line in text.splitlines()]
    found: list[tuple[dict[str, Any], str]] = [
        (dict(part.split("=", 1) for part in each[1].split(";") if part), each[2]) for each in commands if each
    ]
    assert len(found) == len(commands) == 6
    assert [properties["type"] for properties, _ in found] == ["error"] * 3 + ["warning"] * 3
    assert found[1][0] == {
        "type": "error",
        "sourcepath": "a b/la%3Byers%5D%AZP25.py",
        "linenumber": "5",
        "columnnumber": "12",
        "code": "KLL101",
    }
    assert any(message.startswith("50%AZP25%0D%0A#\u2317vso[x]y") for _, message in found)


def test_paths_begin_at_the_root(klint: Klint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    below = tmp_path / "packages" / "one"
    below.mkdir(parents=True)
    (tmp_path / ".git").mkdir()
    gate = (
        "import keras\n\n\nclass Gate(keras.layers.Layer):\n    def call(self, x):\n        if keras.ops.sum(x) > 0:\n"
    )
    (below / "gate.py").write_text(f"{gate}            return x\n        return -x\n")
    monkeypatch.chdir(below)
    for name in ("github", "sarif", "gitlab", "azure"):
        out = klint("--isolated", "--keras", "3", "--output-format", name).out
        assert "packages/one/gate.py" in out
        assert "tensor" in out
    for name in ("json", "concise", "rdjson"):
        assert "packages" not in klint("--isolated", "--keras", "3", "--output-format", name).out
    [result] = json.loads(klint("--isolated", "--keras", "3", "--output-format", "sarif").out)["runs"][0]["results"]
    assert result["fixes"]


def test_paths_outside_stay(report: Report) -> None:
    moved, source = rooted(report, lambda path: [path], "one/two")
    assert moved.diagnostics[1].path == "one/two/b.py"
    assert list(source("one/two/b.py")) == ["b.py"]
    assert rooted(report, lines, "") == (report, lines)
