"""Phrases that the KLL3 messages share."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from keras_layer_lint.checks.outcome import Outcome, Outcomes, as_note
from keras_layer_lint.diagnostic import Severity
from keras_layer_lint.model.saving import Kept

HELD_BY_ITSELF = "where a model holds the layer itself and not within the classes that make it"
"""When what only classes make is asked for its configuration."""

NOWHERE_SAVED = "where a whole model with it is saved, and nothing here saves one"
"""When a project keeps nothing of the models that a class is part of."""


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


def as_kept(outcomes: Outcomes, kept: Kept) -> Outcomes:
    """What a lost config comes to by what a project keeps of the models that a class is part of.

    Where it keeps none of them, a fault is a note, and what is only a note is nothing.
    """
    if kept is Kept.WHOLE:
        return outcomes
    if kept is Kept.WEIGHTS:
        return {}
    return {
        target: lowered(outcome, NOWHERE_SAVED)
        for target, outcome in outcomes.items()
        if outcome is not None and outcome.severity is not Severity.NOTE
    }
