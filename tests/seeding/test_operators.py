"""Each operator plants something that can be read and differs; the seed alone decides what."""

from __future__ import annotations

import ast
from functools import cache
from itertools import islice

import pytest

from benchmarks.seeding.__main__ import is_asked_for, read
from benchmarks.seeding.mutants import mutants
from benchmarks.seeding.places import IN_CALL
from benchmarks.seeding.registry import operators
from benchmarks.seeding.source import MARK
from keras_layer_lint.registry import rules
from tests.seeding.samples import SUBJECTS

pytestmark = pytest.mark.slow  # together they take as long as a third of the rest

OPERATORS = {each.name: each for each in operators()}


def test_there_are_enough() -> None:
    assert len(OPERATORS) >= 60
    assert len({each.rule for each in OPERATORS.values()}) >= 45


@pytest.mark.parametrize("name", OPERATORS)
def test_rules_exist(name: str) -> None:
    assert OPERATORS[name].codes <= {rule.code for rule in rules()}


@cache
def dumped(text: str) -> str:
    return ast.dump(ast.parse(text))


@pytest.mark.parametrize("name", OPERATORS)
def test_plants_something_else_that_can_be_read(name: str) -> None:
    found = list(mutants(OPERATORS[name], SUBJECTS, seed=0))
    assert found
    for each in found:
        assert ast.dump(ast.parse(each.text)) != dumped(each.subject.source.text)
        ast.parse(each.other)
        assert MARK not in each.text + each.other
        assert each.lines or each.other_lines


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ([], True),
        (["--rules", "KLL401"], True),
        (["--rules", "KLL1", "KLL4"], True),
        (["--rules", "KLL222"], False),
        (["--operators", "np_mean"], False),
        (["--operators", "np_mean", "one_optimizer"], True),
        (["--operators", "np_mean", "--rules", "KLL4"], True),
    ],
)
def test_some_rules_only(given: list[str], wanted: bool) -> None:
    assert is_asked_for(OPERATORS["one_optimizer"], read(given)) == wanted


def test_an_operator_says_what_it_asks() -> None:
    """What confirm mode is asked has an oracle, and what it points at is there."""
    by_code = {rule.code: rule for rule in rules()}
    for each in OPERATORS.values():
        if each.asked is None:
            continue
        assert by_code[each.rule].confirm is not None
        for mutant in islice(mutants(each, SUBJECTS, seed=0), 4):
            lines = mutant.text.splitlines()
            assert not each.asked.line or any(each.asked.line in lines[number - 1] for number in mutant.lines)
            method = each.asked.method
            assert not method or any(f"def {method}(" in line for line in lines)


def test_each_rule_that_running_decides_has_an_operator() -> None:
    planted = {each.rule for each in OPERATORS.values()}
    assert {rule.code for rule in rules() if rule.confirm is not None and rule.code not in planted} == set()


def test_all_places_are_used() -> None:
    found = [each.place for each in mutants(OPERATORS["np_mean"], SUBJECTS, seed=0)]
    assert set(found) == set(IN_CALL)


def test_the_seed_decides() -> None:
    def texts(seed: int) -> list[str]:
        return [each.text for each in islice(mutants(OPERATORS["np_mean"], SUBJECTS, seed), 8)]

    assert texts(0) == texts(0)
    assert texts(0) != texts(1)


def test_planted_lines_hold_the_fault() -> None:
    for each in mutants(OPERATORS["np_mean"], SUBJECTS, seed=0):
        lines = [each.text.splitlines()[number - 1] for number in each.lines]
        lines += [each.other.splitlines()[number - 1] for number in each.other_lines]
        assert any(".mean(" in line for line in lines)
