"""Phrases that the KLL3 messages share."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from keras_layer_lint.checks.outcome import Outcome, as_note

HELD_BY_ITSELF = "where a model holds the layer itself and not within the classes that make it"
"""When what only classes make is asked for its configuration."""


def listed(names: Iterable[str], most: int = 6) -> str:
    """Names in backquotes with commas: "`units`, `rate`"; beyond `most` only their number."""
    found = list(dict.fromkeys(names))
    shown = ", ".join(f"`{name}`" for name in found[:most])
    return shown if len(found) <= most else f"{shown} and {len(found) - most} more"


def lowered(outcome: Outcome | None, where: str) -> Outcome | None:
    """What is hardly ever asked for its configuration fails in some use of it."""
    if outcome is None:
        return None
    return replace(as_note(outcome), message=f"{outcome.message}, {where}")
