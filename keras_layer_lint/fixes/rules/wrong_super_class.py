"""KLL203: `super()` without the class of another."""

from __future__ import annotations

import libcst as cst
import libcst.matchers as m

from keras_layer_lint.diagnostic import Fix
from keras_layer_lint.fixes.place import Place, walked

_WITH_CLASS = m.Call(func=m.Name("super"), args=[m.Arg(), m.Arg()])


def fix(place: Place) -> Fix | None:
    """Safe: `super` of a class that the object is none of raises."""
    statement, function = place.statement, place.function
    if statement is None or function is None:
        return None
    found = [node for node in walked(statement) if m.matches(node, _WITH_CLASS)]
    if len(found) != 1 or place.method(function.name.value) is not function:
        return None  # within another function `super()` means nothing
    return Fix("safe", "write `super()`", (place.replaced(found[0], cst.parse_expression("super()")),))
