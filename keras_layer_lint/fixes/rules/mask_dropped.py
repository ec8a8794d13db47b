"""KLL143: hand the mask on."""

from __future__ import annotations

import libcst as cst
import libcst.matchers as m

from keras_layer_lint.diagnostic import Fix
from keras_layer_lint.fixes.constructors import in_init
from keras_layer_lint.fixes.place import Place

_SUPPORTS = cst.parse_statement("self.supports_masking = True")


def fix(place: Place) -> Fix | None:
    """Unsafe: what comes behind the layer gets a mask that it did not get."""
    owner = place.owner
    if owner is None or m.findall(owner, m.Name("supports_masking")):
        return None
    edit = in_init(place, _SUPPORTS)
    return None if edit is None else Fix("unsafe", "set `self.supports_masking = True`", (edit,))
