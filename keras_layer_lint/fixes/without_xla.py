"""`self.supports_jit = False`: Keras 3 then compiles no model that has the layer."""

from __future__ import annotations

import libcst as cst

from keras_layer_lint.diagnostic import Fix
from keras_layer_lint.fixes.constructors import in_init
from keras_layer_lint.fixes.place import Place

_SWITCHED_OFF = cst.parse_statement("self.supports_jit = False")


def without_xla(place: Place) -> Fix | None:
    """Unsafe: the layer computes the same, and whole models are no longer compiled."""
    if "3" not in place.diagnostic.keras:
        return None
    edit = in_init(place, _SWITCHED_OFF)
    return None if edit is None else Fix("unsafe", "set `self.supports_jit = False`", (edit,))
