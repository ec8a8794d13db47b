"""Which files of tests a worker gets first."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

LONG = ("keras", "slow")


def longest_first(items: list[pytest.Item]) -> None:
    """Put the files with most long tests first, so that no worker is left with one when the others are done.

    xdist hands out the files in this order. By itself it goes by the number of tests: a file with five of them that
    take a minute each would come last. Here the end is filled up by the hundreds of files that take a moment.
    """
    long: Counter[Path] = Counter(item.path for item in items if any(map(item.get_closest_marker, LONG)))
    tests = Counter(item.path for item in items)
    items.sort(key=lambda item: (-long[item.path], -tests[item.path], item.path))
