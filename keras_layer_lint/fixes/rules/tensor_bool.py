"""KLL104: have the graph decide what Python asks a tensor for."""

from __future__ import annotations

import libcst as cst

from keras_layer_lint.diagnostic import Fix
from keras_layer_lint.fixes.choosing import chosen_by_graph, is_condition
from keras_layer_lint.fixes.expressions import New, call, function, of_tensors, pointed_at, positional, replaced
from keras_layer_lint.fixes.place import Place
from keras_layer_lint.fixes.truths import in_graph, is_truth

_BESIDE = {"max": "maximum", "min": "minimum"}
_OVER = {"sum": ("reduce_sum", "sum"), "any": ("reduce_any", "any"), "all": ("reduce_all", "all")}
_COUNTED = cst.parse_expression("0")


def fix(place: Place) -> Fix | None:
    """Unsafe: both sides are computed, and what comes of it is a tensor."""
    node = pointed_at(place)
    line = place.statement
    small = None if line is None else line.body[0]
    if isinstance(small, cst.Assert) and node in (None, small.test):
        return _asserted(place, small)
    new = None if node is None else _instead(place, node)
    if node is None or new is None:
        return None
    if is_condition(place, node):
        return chosen_by_graph(place, node, new)
    return Fix("unsafe", "decide in the graph", replaced(place, node, new))


def _instead(place: Place, node: cst.BaseExpression) -> New | None:
    if isinstance(node, (cst.BooleanOperation, cst.UnaryOperation)):
        return in_graph(place, node)
    if isinstance(node, cst.Comparison):
        return _held(place, node) if len(node.comparisons) == 1 else in_graph(place, node)
    if not isinstance(node, cst.Call) or not isinstance(node.func, cst.Name):
        return None
    name = node.func.value
    one, two = positional(node, 1), positional(node, 2)
    if name == "bool" and one is not None:
        return New(one[0]) if isinstance(one[0], cst.Call) and is_truth(place, one[0]) else None
    if name in _BESIDE and two is not None:
        found = function(place, _BESIDE[name], _BESIDE[name])
        return None if found is None else New(call(found.node, *two), (found,))
    if name in _OVER and one is not None and isinstance(one[0], (cst.Name, cst.Call, cst.Attribute, cst.Comparison)):
        found = function(place, *_OVER[name])
        if found is None or (name != "sum" and not is_truth(place, one[0])):
            return None
        axis = {"axis": _COUNTED} if name == "sum" else {}
        return New(call(found.node, *one, **axis), (found,))
    return None


def _held(place: Place, node: cst.Comparison) -> New | None:
    """`0 in x`."""
    found, tensor = function(place, "reduce_any", "any"), node.comparisons[0].comparator
    is_number = isinstance(node.left, (cst.Integer, cst.Float)) and isinstance(node.comparisons[0].operator, cst.In)
    if found is None or not is_number or not isinstance(tensor, cst.Name):
        return None
    same = cst.Comparison(tensor, [cst.ComparisonTarget(cst.Equal(), node.left)])
    return New(call(found.node, same), (found,))


def _asserted(place: Place, small: cst.Assert) -> Fix | None:
    """`assert x > 0, "text"` with TensorFlow, which checks while the layer runs."""
    found = function(place, "debugging.Assert", "") if of_tensors(place) == "tensorflow" else None
    test = in_graph(place, small.test)
    text = place.tree.module.code_for_node(small.test)
    message = small.msg or cst.SimpleString(repr(text) if '"' in text else f'"{text}"')
    if found is None or test is None or not isinstance(message, cst.SimpleString) or "\n" in text:
        return None
    new = call(found.node, test.node, cst.List([cst.Element(message)]))
    imported = dict.fromkeys(edit for each in (found, *test.uses) for edit in each.edits)
    return Fix("unsafe", "check while the layer runs", (*imported, place.replaced(small, cst.Expr(new))))
