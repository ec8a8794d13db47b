"""The report for people: what breaks soonest first, and notes behind all else, in full or in brief."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from keras_layer_lint.diagnostic import Diagnostic, Severity, Span
from keras_layer_lint.findings import Report
from keras_layer_lint.report import render
from keras_layer_lint.report.order import soonest_first
from tests.conftest import Make, Run

NOTE, WARNING, ERROR = Severity.NOTE, Severity.WARNING, Severity.ERROR


def at(make: Make, line: int, code: str, severity: Severity, **fields: object) -> Diagnostic:
    return make(code=code, severity=severity, span=Span(line, 1, line, 2), **fields)


def test_order(make: Make) -> None:
    found = [
        at(make, 1, "KLL205", NOTE),
        at(make, 2, "KLL302", ERROR, class_name="A"),
        at(make, 3, "KLL101", ERROR, method="call"),
        at(make, 4, "KLL201", ERROR, method="build"),
        at(make, 5, "KLL203", ERROR, method="__init__"),
        at(make, 6, "KLL123", WARNING, method="call"),
    ]
    assert [one.span.line for one in soonest_first(found)] == [5, 4, 3, 2, 6, 1]


def test_what_one_edit_mends_stands_together(make: Make) -> None:
    found = [
        at(make, 1, "KLL301", ERROR, class_name="A"),
        at(make, 2, "KLL301", ERROR, class_name="B"),
        at(make, 3, "KLL306", WARNING, class_name="A", method="__init__"),
        at(make, 4, "KLL304", NOTE, class_name="A"),
        at(make, 5, "KLL303", WARNING, class_name="A"),
        at(make, 6, "KLL304", WARNING, class_name="A", path="other.py"),
    ]
    assert [one.span.line for one in soonest_first(found)] == [1, 3, 4, 2, 5, 6]


@pytest.fixture
def report(make: Make) -> Report:
    found = [at(make, line, "KLL205", NOTE) for line in range(1, 6)]
    found += [at(make, 7, "KLL304", NOTE), at(make, 9, "KLL101", ERROR)]
    return Report(tuple(found), (), 1, 1, 0.1)


def test_notes_in_brief(report: Report) -> None:
    path, name = report.diagnostics[0].path, report.diagnostics[0].name
    shown = render("full", report, lambda _: (), notes="brief").splitlines()
    assert [line.partition(": ")[2].partition(" (")[0] for line in shown if ": error" in line] == ["error KLL101"]
    assert f"note KLL205 ({name}): 5 times: {path}:1, {path}:2, {path}:3, ..." in shown
    assert f"note KLL304 ({name}): 1 time: {path}:7" in shown
    assert "`--notes full` shows each note" in shown
    assert sum("KLL205" in line for line in shown) == 1


def test_no_notes(report: Report) -> None:
    shown = render("full", report, lambda _: (), notes="none")
    assert "KLL205" not in shown
    assert "6 notes" in shown  # the summary counts them


@pytest.mark.parametrize("name", ["json", "concise", "github", "markdown"])
def test_other_formats_hold_all_notes(report: Report, name: str) -> None:
    assert render(name, report, lambda _: (), notes="none") == render(name, report, lambda _: ())


def test_what_is_no_terminal_gets_all_notes(report: Report) -> None:
    shown = render("full", report, lambda _: ())
    assert shown.count("note KLL205") == 5
    assert shown.index("KLL101") < shown.index("KLL205")


def test_option(klint: Callable[..., Run]) -> None:
    run = klint("--notes", "long", ".")
    assert run.code == 2
    assert "--notes: must be one of full, brief, none" in run.err
