"""What the quick tests leave out: whole files that take long, and of a test with many cases all but the first.

Where the cases of a test are of different subjects, as the pages of rules are, it says which ones are slow, with
`first_of_each` or `slowly`, and is left as it is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from pathlib import Path
from typing import Any, TypeVar

import pytest

Case = TypeVar("Case")


_ALL_SLOW = "\npytestmark = pytest.mark.slow"


def is_left_out(path: Path, selected: str) -> bool:
    """Whether a file marks all of its tests slow where none of these is `selected`: then it need not be imported."""
    return "not slow" in selected and path.suffix == ".py" and _ALL_SLOW in path.read_text(encoding="utf-8")


def leave_the_most(items: Iterable[Any]) -> None:
    """Mark all cases of a test as slow but for the first, where none is marked by itself."""
    tests: defaultdict[tuple[object, str], list[Any]] = defaultdict(list)
    for item in items:
        if hasattr(item, "callspec"):
            tests[item.parent, item.originalname].append(item)
    for first, *others in tests.values():
        if not any(mark.name == "slow" for case in (first, *others) for mark in case.callspec.marks):
            for case in others:
                case.add_marker(pytest.mark.slow)


def first_of_each(cases: Iterable[Case], kind: Callable[[Case], Hashable]) -> list[Any]:
    """All cases, as arguments for `parametrize`; marked slow but for the first of each kind."""
    seen: set[Hashable] = set()
    found: list[Any] = []
    for case in cases:
        found.append(slowly(case) if kind(case) in seen else case)
        seen.add(kind(case))
    return found


def slowly(case: object) -> Any:
    """A case that only the whole run tries. A tuple holds one value for each argument."""
    return pytest.param(*(case if isinstance(case, tuple) else (case,)), marks=pytest.mark.slow)
