"""KLL145: pass it by keyword."""

from __future__ import annotations

import libcst as cst

from keras_layer_lint.diagnostic import Fix
from keras_layer_lint.fixes.expressions import around, pointed_at
from keras_layer_lint.fixes.place import Place


def fix(place: Place) -> Fix | None:
    """Safe: the same argument of `call` gets it."""
    node, name = pointed_at(place), place.diagnostic.expectation.parameter
    held = [] if node is None else around(place, node)
    if not name or len(held) < 2 or not isinstance(held[0], cst.Arg) or not isinstance(held[1], cst.Call):
        return None
    call, given = held[1], held[0]
    behind = [*call.args[list(call.args).index(given) + 1 :]]
    if given.keyword is not None or given.star or any(each.keyword is None for each in behind):
        return None
    equal = cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace(""))
    named = given.with_changes(keyword=cst.Name(name), equal=equal)
    args = [named if each is given else each for each in call.args]
    return Fix("safe", f"pass `{name}` by keyword", (place.replaced(call, call.with_changes(args=args)),))
