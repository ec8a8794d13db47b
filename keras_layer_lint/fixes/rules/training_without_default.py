"""KLL221: hand on `training`, where the method around has it."""

from __future__ import annotations

import libcst as cst

from keras_layer_lint.diagnostic import Fix
from keras_layer_lint.fixes.expressions import appended, pointed_at
from keras_layer_lint.fixes.place import Place, parameters_of
from keras_layer_lint.fixes.train_phase import TRAINING

_EQUAL = cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace(""))


def fix(place: Place) -> Fix | None:
    """Safe: Keras 3 raises without it, and Keras 2 hands on the same."""
    node, function = pointed_at(place), place.function
    if not isinstance(node, cst.Call) or function is None or function is not place.method("call"):
        return None
    if TRAINING not in {each.name.value for each in parameters_of(function)} or any(each.star for each in node.args):
        return None
    given = cst.Arg(cst.Name(TRAINING), keyword=cst.Name(TRAINING), equal=_EQUAL)
    return Fix("safe", "hand on `training`", (place.replaced(node, appended(node, [given])),))
