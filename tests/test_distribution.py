"""How tests are spread over workers."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from tests.conftest import ROOT
from tests.distribution import longest_first


def test_files_with_long_tests_come_first() -> None:
    def item(path: str, name: str, marker: str = "") -> SimpleNamespace:
        return SimpleNamespace(path=ROOT / path, name=name, get_closest_marker=lambda asked: asked == marker or None)

    items = [
        item("many.py", "a"),
        item("few.py", "b"),
        item("many.py", "c"),
        item("one_long.py", "d", "slow"),
        item("long.py", "e", "keras"),
        item("many.py", "f"),
        item("long.py", "g", "slow"),
        item("one_long.py", "h"),
    ]
    longest_first(items)  # type: ignore[arg-type]
    assert "".join(each.name for each in items) == "egdhacfb"


def test_xdist_goes_by_that_order(request: pytest.FixtureRequest) -> None:
    """It would sort files by their number of tests."""
    assert request.config.getoption("loadscopereorder") is False
    assert request.config.getini("addopts").count("loadfile") == 1
