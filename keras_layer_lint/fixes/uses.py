"""What becomes of a value: whether a tensor can take the place of an array or a number there."""

from __future__ import annotations

import libcst as cst
import libcst.matchers as m

from keras_layer_lint.fixes.expressions import around, called
from keras_layer_lint.fixes.place import Place, walked

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
    method = place.function
    if method is None or len(assign.targets) != 1 or not isinstance(target := assign.targets[0].target, cst.Name):
        return False
    kept = m.Name(target.value)
    changed = m.findall(method, m.AssignTarget(m.Subscript(kept)) | m.AugAssign(m.Subscript(kept)))
    asked = m.findall(method, m.Attribute(kept))
    if changed or not all(cst.ensure_type(each, cst.Attribute).attr.value in OF_BOTH for each in asked):
        return False
    if sum(m.matches(each, m.AssignTarget(kept)) for each in walked(method)) != 1:
        return False
    for each in walked(method):
        if isinstance(each, cst.Name) and each.value == target.value and each is not target:
            held = around(place, each)
            first = held[0] if held else None
            if isinstance(first, cst.Arg) and first.keyword is each:
                continue
            if isinstance(first, cst.Assign) or not serves_as_tensor(place, each, held, methods=methods):
                return False
    return True
