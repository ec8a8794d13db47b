"""KLL102: a loop of the graph, with `while_loop`."""

from __future__ import annotations

import libcst as cst
import libcst.matchers as m

from keras_layer_lint.diagnostic import Fix, Severity
from keras_layer_lint.fixes.branches import RETURNED, bound_before, given_by
from keras_layer_lint.fixes.choosing import in_lines, whole
from keras_layer_lint.fixes.editing import least
from keras_layer_lint.fixes.expressions import around, call, function, is_plain, pointed_at
from keras_layer_lint.fixes.place import Place

_CHAIN = m.Comparison(comparisons=[m.AtLeastN(n=2)])


def fix(place: Place) -> Fix | None:
    """Unsafe: a graph needs values that keep dtype and shape from turn to turn, and numbers become tensors."""
    test = pointed_at(place)
    if test is None or place.diagnostic.severity is not Severity.ERROR:
        return None
    loop, method = next(iter(around(place, test)), None), place.function
    if not isinstance(loop, cst.While) or loop.test is not test or loop.orelse is not None or method is None:
        return None
    given = given_by(loop.body)
    if not given or RETURNED in given or not given.keys() <= bound_before(place, method, loop):
        return None
    is_joined = isinstance(test, (cst.BooleanOperation, cst.UnaryOperation)) or m.matches(test, _CHAIN)
    if is_joined or not all(map(is_plain, (test, *given.values()))):
        return None
    found = function(place, "while_loop", "while_loop")
    span = whole(place, loop, loop)
    if found is None or span is None:
        return None
    code = in_lines(place, loop, _call(found.node, test, given))
    edit = least(span, place.tree.text_of(span), code)
    return Fix("unsafe", f"use `{found.name}`", (*found.edits, edit))


def _call(loop: cst.BaseExpression, test: cst.BaseExpression, given: dict[str, cst.BaseExpression]) -> cst.Assign:
    """`x, i = while_loop(lambda x, i: test, lambda x, i: (one, other), (x, i))`."""
    names = [cst.Name(name) for name in given]
    parameters = cst.Parameters([cst.Param(name) for name in names])
    functions = [cst.Lambda(parameters, body) for body in (test, _tuple(list(given.values())))]
    target = _tuple(names) if len(names) == 1 else _tuple(names).with_changes(lpar=[], rpar=[])
    return cst.Assign([cst.AssignTarget(target)], call(loop, *functions, _tuple(names)))


def _tuple(values: list[cst.BaseExpression] | list[cst.Name]) -> cst.Tuple:
    return cst.Tuple([cst.Element(value) for value in values])
