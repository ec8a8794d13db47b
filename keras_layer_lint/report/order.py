"""In which order people are told: what breaks soonest first, and together what one edit mends."""

from __future__ import annotations

from collections.abc import Iterable

from keras_layer_lint.diagnostic import Diagnostic

_STAGES = {"__init__": 0, "build": 1}
"""Methods that run before a layer is called."""
_CALLED, _SAVED = 2, 3
_MENDED_BY_CONFIG = frozenset({"KLL301", "KLL304", "KLL306"})
"""Rules whose findings on one class go with the same edit: an `__init__` and a `get_config` that hand everything on."""


def soonest_first(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Order by severity, by when it breaks and by place; what one edit mends follows the first of it."""
    ordered = sorted(diagnostics, key=lambda one: (-one.severity, _stage(one), one.sort_key))
    groups: dict[object, list[Diagnostic]] = {}
    for number, one in enumerate(ordered):
        together = one.class_name is not None and one.code in _MENDED_BY_CONFIG
        groups.setdefault((one.path, one.cell, one.class_name) if together else number, []).append(one)
    return [one for group in groups.values() for one in group]


def _stage(diagnostic: Diagnostic) -> int:
    """When it shows: while the layer is made, while it is called, while it is saved or loaded."""
    if diagnostic.code.startswith("KLL3"):
        return _SAVED
    return _STAGES.get(diagnostic.method or "", _CALLED)
