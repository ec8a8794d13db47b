"""An outcome is as good where its code has moved, unless a text of it names a line."""

from __future__ import annotations

from typing import Any

import pytest

from keras_layer_lint.confirm.keeping.module_text import Stretch
from keras_layer_lint.confirm.keeping.placed import moved, place_of

BEFORE = [Stretch(1, 2), Stretch(10, 20), Stretch(30, 40)]
NOW = [Stretch(1, 2), Stretch(13, 23), Stretch(32, 42)]


def outcome(text: str, line: int | None = 12) -> dict[str, Any]:
    return {"verdicts": [{"line": line, "evidence": text, "inputs": "float32[15,8]"}], "lacking": ["files"]}


@pytest.mark.parametrize(("line", "then"), [(12, 15), (10, 13), (20, 23), (30, 32), (2, 2), (25, 25), (None, None)])
def test_lines_move_with_their_code(line: int | None, then: int | None) -> None:
    assert moved(outcome("it failed", line), BEFORE, NOW) == outcome("it failed", then)


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("masked by what stands on line 15", False),
        ('File "layers.py", line 35', False),
        ("layers.py:10", False),
        ("line 2 does not run", True),  # it has not moved
        ("got 5 and 1500", True),
        ("line 25", True),  # of nothing that is reached
    ],
)
def test_a_text_that_may_name_a_line_that_moved(text: str, holds: bool) -> None:
    assert (moved(outcome(text), BEFORE, NOW) is not None) == holds
    assert moved(outcome(text), BEFORE, BEFORE) == outcome(text)


def test_other_code_has_no_outcome() -> None:
    assert moved(outcome(""), BEFORE, NOW[:2]) is None


def test_a_place_is_told_within_its_code() -> None:
    assert place_of(12, BEFORE) == place_of(15, NOW) == [1, 2]
    assert place_of(25, BEFORE) == [-1, 25]
