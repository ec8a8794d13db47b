"""What becomes of a value: whether a tensor can take the place of an array or a number there."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise

import libcst as cst
import libcst.matchers as m

from keras_layer_lint.fixes.expressions import called
from keras_layer_lint.fixes.place import Place

OF_BOTH = frozenset({"shape", "dtype", "ndim"})
"""Attributes that arrays and tensors have."""
_TAKE_TENSORS = ("tensorflow.", "keras.ops.", "keras.random.", "keras.backend.", "numpy.")
_ASSIGNS = m.Name("assign") | m.Name("assign_add") | m.Name("assign_sub")
_HOLDERS = (
    cst.Arg,
    cst.Attribute,
    cst.BinaryOperation,
    cst.Comparison,
    cst.ComparisonTarget,
    cst.Element,
    cst.Index,
    cst.List,
    cst.Slice,
    cst.Subscript,
    cst.SubscriptElement,
    cst.Tuple,
    cst.UnaryOperation,
)
"""Syntax that hands a value on to what is around it."""
_OWN = m.Call(m.Attribute(m.Name("self")))


def serves_as_tensor(place: Place, node: cst.BaseExpression, held: list[cst.CSTNode], *, methods: bool = False) -> bool:
    """Whether what takes a value takes a tensor as well, also by the variable that it is assigned to.

    What is no function of TensorFlow or Keras may be what the value was asked for. `methods`: what `self` holds counts
    as one of Keras.
    """
    for outer in held:
        if isinstance(outer, cst.Call):
            name = called(place, outer) or ""
            is_assigned = m.matches(outer.func, m.Attribute(attr=_ASSIGNS))
            return is_assigned or name.startswith(_TAKE_TENSORS) or (methods and m.matches(outer, _OWN))
        if isinstance(outer, cst.Assign):
            return _is_used_as_tensor(place, outer, methods)
        if not isinstance(outer, _HOLDERS):
            return isinstance(outer, (cst.Return, cst.AugAssign))
    return False


def _is_used_as_tensor(place: Place, assign: cst.Assign, methods: bool) -> bool:
    """Whether a variable is given nothing else, changed nowhere, and used as a tensor may be."""
    method = place.function
    if method is None or len(assign.targets) != 1 or not isinstance(target := assign.targets[0].target, cst.Name):
        return False
    for each, held in _uses_in(method).get(target.value, ()):
        if each is target:
            continue
        outer = held[0] if held else None
        if isinstance(outer, cst.Attribute) and outer.attr.value not in OF_BOTH:
            return False
        inner = [each, *held]
        if any(isinstance(node, cst.AugAssign) and node.target is below for below, node in pairwise(inner)):
            return False
        if any(isinstance(node, (cst.AssignTarget, cst.For, cst.NamedExpr)) for node in held):
            return False
        if isinstance(outer, cst.Assign) or not serves_as_tensor(place, each, held, methods=methods):
            return False
    return True


@lru_cache(maxsize=4)
def _uses_in(function: cst.FunctionDef) -> dict[str, list[tuple[cst.Name, list[cst.CSTNode]]]]:
    """All names in a function, each with what holds it in its statement, from the next around it outwards."""
    found: dict[str, list[tuple[cst.Name, list[cst.CSTNode]]]] = {}
    stack: list[tuple[cst.CSTNode, tuple[cst.CSTNode, ...]]] = [(function.body, ())]
    while stack:
        node, held = stack.pop()
        if isinstance(node, cst.Name):
            found.setdefault(node.value, []).append((node, list(held)))
            continue
        below = (node, *held) if not isinstance(node, (cst.BaseSuite, cst.SimpleStatementLine)) else ()
        children = [node.value] if isinstance(node, (cst.Attribute, cst.Arg)) else node.children
        stack.extend((child, below) for child in children)
    return found
