"""KLL121: go on with the array that `write` returns."""

from __future__ import annotations

import libcst as cst
import libcst.matchers as m

from keras_layer_lint.diagnostic import Fix
from keras_layer_lint.fixes.place import Place

_DROPPED = m.Expr(m.Call(m.Attribute(m.Name(), m.Name("write"))))


def fix(place: Place) -> Fix | None:
    """Safe: eager, the array is changed and returned. A list that grows needs other code."""
    line = place.statement
    if line is None or not m.matches(line.body[0], _DROPPED):
        return None
    small = cst.ensure_type(line.body[0], cst.Expr)
    array = cst.ensure_type(cst.ensure_type(small.value, cst.Call).func, cst.Attribute).value
    new = cst.Assign([cst.AssignTarget(cst.ensure_type(array, cst.Name))], small.value)
    name = cst.ensure_type(array, cst.Name).value
    return Fix("safe", f"keep what `{name}.write` returns", (place.replaced(small, new),))
