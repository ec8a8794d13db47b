"""KLL103: unpack a tensor by `unstack`."""

from __future__ import annotations

import libcst as cst
import libcst.matchers as m

from keras_layer_lint.diagnostic import Fix
from keras_layer_lint.fixes.expressions import call, called, function
from keras_layer_lint.fixes.place import Place

_UNPACKED = m.Assign([m.AssignTarget(m.Tuple(elements=[m.AtLeastN(m.Element(), n=1)]))])
_TENSORS = ("tensorflow.", "keras.ops.")


def fix(place: Place) -> Fix | None:
    """Safe: eager, the same elements come of it. A loop needs other code."""
    line = place.statement
    unstack = function(place, "unstack", "unstack")
    if line is None or unstack is None or not m.matches(line.body[0], _UNPACKED):
        return None
    value = cst.ensure_type(line.body[0], cst.Assign).value
    if place.tree.span(line.body[0]) != place.diagnostic.span:
        return None
    inner = value.value if isinstance(value, cst.Subscript) else value
    if not (called(place, inner) or "").startswith(_TENSORS):
        return None
    edits = (*unstack.edits, place.replaced(value, call(unstack.node, value)))
    return Fix("safe", f"unpack it by `{unstack.name}`", edits)
