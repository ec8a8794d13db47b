"""Phrases that the KLL3 messages share."""

from __future__ import annotations

from collections.abc import Iterable


def listed(names: Iterable[str], most: int = 6) -> str:
    """Names in backquotes with commas: "`units`, `rate`"; beyond `most` only their number."""
    found = list(dict.fromkeys(names))
    shown = ", ".join(f"`{name}`" for name in found[:most])
    return shown if len(found) <= most else f"{shown} and {len(found) - most} more"
