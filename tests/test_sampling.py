"""A few cases for the quick tests, all of them for the whole run."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sampling import few


def values(case: Any) -> tuple[object, ...]:
    return tuple(getattr(case, "values", case))


@pytest.mark.parametrize("most", [1, 3, 10])
def test_none_is_lost_and_few_are_quick(most: int) -> None:
    cases = [(number, str(number)) for number in range(10)]
    found = few(cases, most)
    assert list(map(values, found)) == cases
    assert sum(case in cases for case in found) == most
    assert found[0] == cases[0]
    slow = [case for case in found if case not in cases]
    assert {mark.name for case in slow for mark in case.marks} == ({"slow"} if slow else set())
