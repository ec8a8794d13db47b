"""KLL224: raise what Keras takes for an attribute that is not there."""

from __future__ import annotations

import libcst as cst

from keras_layer_lint.diagnostic import Fix
from keras_layer_lint.fixes.expressions import pointed_at
from keras_layer_lint.fixes.place import Place


def fix(place: Place) -> Fix | None:
    """Unsafe: whoever handles the other error no longer does."""
    node = pointed_at(place)
    if not isinstance(node, cst.Name):
        return None
    return Fix("unsafe", "raise `AttributeError`", (place.replaced(node, cst.Name("AttributeError")),))
