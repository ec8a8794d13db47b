"""The modules of reported faults: each is in the table, and klint speaks of those of which the table says so."""

from __future__ import annotations

import ast

import pytest

from benchmarks.reported_faults import MODULES, found, reported_faults
from keras_layer_lint.registry import registered

FAULTS = reported_faults()


def test_each_module_is_in_the_table() -> None:
    assert sorted(fault.path for fault in FAULTS) == sorted(MODULES.glob("*.py"))


def test_each_module_says_what_is_wrong_and_can_be_run() -> None:
    for fault in FAULTS:
        tree = ast.parse(fault.path.read_text(encoding="utf-8"))
        assert ast.get_docstring(tree), fault.slug
        assert "run" in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}, fault.slug


def test_the_table_names_rules_and_what_running_shows() -> None:
    codes = {item.rule.code for item in registered()}
    assert {fault.rule for fault in FAULTS if fault.rule} <= codes
    assert [fault.slug for fault in FAULTS if not fault.shows] == []


@pytest.mark.slow
def test_klint_speaks_of_what_the_table_says() -> None:
    """`python -m benchmarks.reported_faults --write` adds what has been found since."""
    assert {fault.slug for fault in FAULTS if fault.now} - found(FAULTS) == set()
