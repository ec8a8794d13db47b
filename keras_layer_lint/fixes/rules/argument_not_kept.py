"""KLL310: return an argument from an attribute that holds it; a key that is no argument goes."""

from __future__ import annotations

from keras_layer_lint.diagnostic import Fix
from keras_layer_lint.fixes.config_keys import key_at, removed
from keras_layer_lint.fixes.kept_arguments import give
from keras_layer_lint.fixes.place import Place


def fix(place: Place) -> Fix | None:
    """Unsafe where another value is returned. A key whose value raises goes safely: nothing can have read it."""
    lacking = place.diagnostic.expectation.lacking
    if lacking:
        return give(place, lacking[0])
    key = key_at(place)
    if key is None or place.method("from_config") is not None or place.function is not place.method("get_config"):
        return None
    edit = removed(place, key)
    return None if edit is None else Fix("safe", "take the key out of the config", (edit,))
