"""Lines that move with code: an outcome that names them is as good where its class stands further down."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from keras_layer_lint.confirm.keeping.module_text import Stretch

_NUMBER = re.compile(r"\d+")
_NO_LINES = frozenset({"arguments", "inputs", "keras", "backend", "device", "platform", "files"})
"""Shapes and sizes, versions, paths."""


def place_of(line: int, stretches: Sequence[Stretch]) -> list[int]:
    """A line as it stands within the code that is reached; as it is where it does not."""
    for number, stretch in enumerate(stretches):
        if stretch.first <= line <= stretch.last:
            return [number, line - stretch.first]
    return [-1, line]


def moved(outcome: Any, before: Sequence[Stretch], now: Sequence[Stretch]) -> Any:
    """An outcome, as JSON, whose code stood elsewhere; None where a text of it may name a line that has moved."""
    if list(before) == list(now):
        return outcome
    if len(before) != len(now):
        return None
    gone = [old for old, new in zip(before, now, strict=True) if old.first != new.first]
    if any(
        old.first <= int(number) <= old.last
        for text in _texts(outcome)
        for number in _NUMBER.findall(text)
        for old in gone
    ):
        return None
    return _with_lines(outcome, lambda line: _moved_line(line, before, now))


def _moved_line(line: int, before: Sequence[Stretch], now: Sequence[Stretch]) -> int:
    number, offset = place_of(line, before)
    return line if number < 0 else now[number].first + offset


def _with_lines(value: Any, change: Callable[[int], int]) -> Any:
    match value:
        case dict():
            return {
                key: change(each) if key == "line" and isinstance(each, int) else _with_lines(each, change)
                for key, each in value.items()
            }
        case list():
            return [_with_lines(each, change) for each in value]
    return value


def _texts(value: Any) -> list[str]:
    match value:
        case str():
            return [value]
        case dict():
            return [text for key, each in value.items() if key not in _NO_LINES for text in _texts(each)]
        case list():
            return [text for each in value for text in _texts(each)]
    return []
