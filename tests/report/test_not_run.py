"""Classes that were not run stand in every report, are counted, and are not said to have no problems."""

from __future__ import annotations

import json
from typing import Any

import pytest

from keras_layer_lint.diagnostic import Diagnostic, Verdict
from keras_layer_lint.findings import NotRun, Report
from keras_layer_lint.report import github, render
from keras_layer_lint.report.text import summary
from tests.conftest import Make

RECIPE = "\"layers.Gate\" = { arguments = '', inputs = '' }"
GATE = NotRun("layers.py", 9, ("Gate",), "3", "could not be called in 9 attempts: ValueError: no", RECIPE)
SLOW = NotRun("layers.py", 19, ("Slow",), "3", "not all of it was run: it ended", "run it again", "rest")
MODULE = NotRun("old.py", 5, ("A", "B"), "2", "importing `old` raises ImportError: no", "install it", "module")


def report(*diagnostics: Diagnostic, not_run: tuple[NotRun, ...] = (GATE, SLOW, MODULE)) -> Report:
    return Report(diagnostics, (), 2, 7, seconds=0.1, not_run=not_run)


def rendered(name: str, *diagnostics: Diagnostic, **options: Any) -> str:
    return render(name, report(*diagnostics), lambda path: [], **options)


def test_full_has_a_block_at_its_end() -> None:
    assert (
        rendered("full")
        == f"""\
Not run:
  layers.py:9: `Gate` (Keras 3): could not be called in 9 attempts: ValueError: no
    put into [tool.klint.recipes], completed:
    {RECIPE}
  layers.py:19: `Slow` (Keras 3): not all of it was run: it ended
    what helps:
    run it again
  old.py: `A`, `B` (Keras 2): importing `old` raises ImportError: no
    what helps:
    install it

Nothing found in 2 files, 7 layers; 3 layers not run, 1 not run to the end
"""
    )
    assert rendered("full", quiet=True) == ""


def test_concise() -> None:
    assert rendered("concise").splitlines() == [
        "layers.py:9:1: not run: `Gate` (Keras 3): could not be called in 9 attempts: ValueError: no",
        "layers.py:19:1: not run: `Slow` (Keras 3): not all of it was run: it ended",
        "old.py:5:1: not run: `A`, `B` (Keras 2): importing `old` raises ImportError: no",
    ]


def test_github() -> None:
    first, *_, last = rendered("github").splitlines()
    assert first.startswith("::notice file=layers.py,line=9,title=klint%3A not run::`Gate` (Keras 3): could not be")
    assert last.endswith("(Keras 2): importing `old` raises ImportError: no%0Awhat helps:%0Ainstall it")
    many = tuple(NotRun("a.py", line, ("A",), "3", "no", "") for line in range(1, 13))
    assert github.not_shown(report(not_run=many)) == "2 notes"


def test_markdown() -> None:
    shown = rendered("markdown")
    assert "\nNot run:\n\n- layers.py:9: `Gate` \\(Keras 3\\): could not be called" in shown
    assert "\n- old.py: `A`, `B` \\(Keras 2\\): importing" in shown
    assert "No problems" not in shown


def test_json() -> None:
    document = json.loads(rendered("json"))
    assert document["summary"]["not_run"] == 4
    assert document["not_run"][2] == {
        "path": "old.py",
        "line": 5,
        "classes": ["A", "B"],
        "keras": "2",
        "reason": "importing `old` raises ImportError: no",
        "help": "install it",
        "extent": "module",
    }


@pytest.mark.parametrize(
    ("not_run", "told"),
    [
        ((), "No problems in 2 files, 7 layers"),
        ((GATE,), "Nothing found in 2 files, 7 layers; 1 layer not run"),
        ((SLOW,), "Nothing found in 2 files, 7 layers; 1 layer not run to the end"),
        (
            (GATE, NotRun("layers.py", 9, ("Gate",), "2", "no", "")),
            "Nothing found in 2 files, 7 layers; 1 layer not run",
        ),
    ],
)
def test_summary(not_run: tuple[NotRun, ...], told: str) -> None:
    assert summary(report(not_run=not_run)) == told


def verdict(reason: str, what_helps: str) -> Verdict:
    return Verdict(
        status="inconclusive", oracle="graph", keras="", backend="", device="", evidence=reason, help=what_helps
    )


def test_a_reason_for_a_whole_module_is_given_once(make: Make) -> None:
    """The findings in it keep their verdicts in JSON."""
    items = [make(line, 5, path="old.py", verdict=verdict(MODULE.reason, MODULE.help)) for line in (7, 9)]
    for name in ("full", "concise", "github", "markdown"):
        shown = rendered(name, *items)
        assert shown.count("ImportError") == 1
        assert "inconclusive" not in shown
    found = json.loads(rendered("json", *items))["diagnostics"]
    assert [item["verdict"]["evidence"] for item in found] == [MODULE.reason] * 2


def test_a_recipe_that_a_finding_shows_is_not_shown_again(make: Make) -> None:
    item = make(10, 5, verdict=verdict(GATE.reason, GATE.help))
    shown = rendered("full", item)
    assert shown.count(RECIPE) == 1
    assert shown.count(GATE.reason) == 2


def test_many_classes_of_a_module_are_counted() -> None:
    names = tuple("ABCDEFG")
    entry = NotRun("old.py", 5, names, "2", "no", "", "module")
    shown = render("concise", report(not_run=(entry,)), lambda path: [])
    assert shown == "old.py:5:1: not run: `A`, `B`, `C`, `D`, `E` and 2 more (Keras 2): no\n"
