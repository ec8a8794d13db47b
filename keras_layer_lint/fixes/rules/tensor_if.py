"""KLL101: have the graph choose, with `cond`."""

from __future__ import annotations

import libcst as cst
import libcst.matchers as m

from keras_layer_lint.diagnostic import Fix, Severity
from keras_layer_lint.fixes.choosing import chosen_by_graph
from keras_layer_lint.fixes.expressions import New, pointed_at
from keras_layer_lint.fixes.place import Place
from keras_layer_lint.fixes.truths import in_graph

_CHAIN = m.Comparison(comparisons=[m.AtLeastN(n=2)])


def fix(place: Place) -> Fix | None:
    """Unsafe: eager, the same branch is run; a graph needs values of one dtype from both."""
    test = pointed_at(place)
    if test is None or place.diagnostic.severity is not Severity.ERROR:
        return None
    is_joined = isinstance(test, (cst.BooleanOperation, cst.UnaryOperation)) or m.matches(test, _CHAIN)
    new = in_graph(place, test) if is_joined else New(test)
    return None if new is None else chosen_by_graph(place, test, new)
