"""The labelled diagnostics: well formed, told of in the docs, and heeded by the rules."""

from __future__ import annotations

from collections import Counter

import pytest

from benchmarks.accuracy import BOUND, PAGE, SHIPPED, labels, page, precision, shipped
from keras_layer_lint.explain import find_pages
from keras_layer_lint.registry import registered

ALL = labels()
RULES = {item.rule.code: item.rule for item in registered()}


def test_labels_are_of_rules_and_say_why() -> None:
    assert {label.code for label in ALL} <= set(RULES)
    places = Counter((label.package, label.path, label.line, label.code) for label in ALL)
    assert [place for place, times in places.items() if times > 1] == []
    assert [label for label in ALL if len(label.why) < 8] == []


@pytest.mark.parametrize("code", sorted({label.code for label in ALL}))
def test_a_rule_that_is_often_wrong_is_off_by_default(code: str) -> None:
    true, judged = precision(ALL)[code]
    if true / judged < BOUND:
        assert not RULES[code].is_default


@pytest.mark.parametrize("code", [code for code, rule in RULES.items() if not rule.is_default])
def test_the_page_of_a_rule_says_that_it_is_off(code: str) -> None:
    assert "off by default" in " ".join(find_pages([code])[0].text.split())


def test_the_docs_hold_the_figures() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(ALL), "python -m benchmarks.accuracy --write"


def test_klint_ships_the_figures() -> None:
    assert SHIPPED.read_text(encoding="utf-8") == shipped(ALL), "python -m benchmarks.accuracy --write"
