"""KLL306: take `**kwargs` in `__init__`, and pass them on."""

from __future__ import annotations

from keras_layer_lint.diagnostic import Fix, Severity
from keras_layer_lint.fixes.base_kwargs import passed_on
from keras_layer_lint.fixes.place import Place


def fix(place: Place) -> Fix | None:
    """Safe where `__init__` takes no `**kwargs`: every call that there is means the same.

    Unsafe where it drops what it takes: what has been ignored so far would count, or be refused.
    """
    init = place.method("__init__")
    if init is None or place.diagnostic.severity is Severity.NOTE:
        return None
    found = passed_on(place, init)
    if found is None:
        return None
    what = f"pass `**{found.name}` on" if found.is_taken else "take `**kwargs` and pass them on"
    return Fix("unsafe" if found.changes else "safe", what, found.edits)
