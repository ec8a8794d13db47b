"""Many cases of one kind: a few are tried by the quick tests, all of them by the whole run."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

import pytest

Case = TypeVar("Case")


def few(cases: Iterable[Case], most: int) -> list[Any]:
    """All cases, as arguments for `parametrize`; marked slow but for so many of them, which are spread evenly."""
    known = list(cases)
    quick = {number * len(known) // most for number in range(most)}
    return [case if number in quick else slowly(case) for number, case in enumerate(known)]


def slowly(case: object) -> Any:
    """A case that only the whole run tries. A tuple holds one value for each argument."""
    return pytest.param(*(case if isinstance(case, tuple) else (case,)), marks=pytest.mark.slow)
