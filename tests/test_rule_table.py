"""`klint rule`: the rules in short, as their pages, checks and labels say it at length."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from keras_layer_lint.diagnostic import Severity
from keras_layer_lint.registry import rules
from keras_layer_lint.report import render
from keras_layer_lint.rule_table import rows, rows_of
from tests.conftest import Make, Run

Klint = Callable[..., Run]


def test_every_rule_has_a_row(klint: Klint) -> None:
    lines = klint("rule").out.splitlines()
    assert [line[:6] for line in lines[1:]] == [rule.code for rule in rules()]
    assert {row.code for row in rows() if not row.is_default} == {rule.code for rule in rules() if not rule.is_default}


def test_a_row(klint: Klint) -> None:
    [row] = json.loads(klint("rule", "KLL302", "--output-format", "json").out)
    assert row["name"] == "incomplete-get-config"
    assert row["summary"] == "`get_config` leaves out an argument of `__init__`."
    assert row["severity"] == {"2": "error/warning", "3": "error/warning", "3 on JAX": "error/warning"}
    assert (row["is_default"], row["fix"]) == (True, "safe")
    assert row["precision"] == row["true"] / row["judged"] > 0.9
    assert row["page"].startswith("# KLL302 ")


def test_every_rule_has_a_severity_where_it_speaks() -> None:
    silent = [row.code for row in rows() if not any(row.severity.values())]
    assert silent == []
    assert {word for row in rows() for words in row.severity.values() for word in words.split("/") if word} <= {
        severity.label for severity in Severity
    }


@pytest.mark.parametrize(
    ("words", "start"),
    [(("KLL3",), ("KLL3",)), (("kll11", "KLL2"), ("KLL11", "KLL2")), (("KLL30", "tensor-if"), ("KLL30", "KLL101"))],
)
def test_beginnings_of_codes(klint: Klint, words: tuple[str, ...], start: tuple[str, ...]) -> None:
    expected = [rule.code for rule in rules() if rule.code.startswith(start)]
    assert [line[:6] for line in klint("rule", *words).out.splitlines()[1:]] == expected
    assert len(expected) > 2


def test_several_codes_are_pages(klint: Klint) -> None:
    out = klint("rule", "KLL101", "tensor-while").out
    assert (out.count("# KLL101 tensor-if\n"), out.count("# KLL102 tensor-while\n")) == (1, 1)


def test_no_rule_is_listed_twice() -> None:
    assert [row.code for row in rows_of(["KLL101", "tensor-if", "KLL10"])] == [
        row.code for row in rows() if row.code.startswith("KLL10")
    ]


def test_a_finding_leads_to_its_page(make: Make) -> None:
    from keras_layer_lint.findings import Report

    found = make()
    report = Report((found,), (), 1, 1, 0.0)
    link = f"\x1b]8;;{found.url}\x1b\\KLL101\x1b]8;;\x1b\\"
    for name in ("full", "concise"):
        assert link in render(name, report, lambda _: (), color=True, links=True)
        assert "\x1b]8" not in render(name, report, lambda _: (), color=True)
    for name in ("json", "markdown", "github"):
        assert found.url.replace(":", "%3A") in render(name, report, lambda _: ()).replace("https:", "https%3A")
