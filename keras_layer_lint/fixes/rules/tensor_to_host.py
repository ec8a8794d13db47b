"""KLL112: compute with the tensor itself."""

from __future__ import annotations

import libcst as cst
import libcst.matchers as m

from keras_layer_lint.diagnostic import Fix
from keras_layer_lint.fixes.expressions import New, around, call, called, function, pointed_at, positional, replaced
from keras_layer_lint.fixes.place import Place, walked

_METHODS = m.Call(m.Attribute(attr=m.Name("numpy") | m.Name("item") | m.Name("tolist") | m.Name("eval")), [])
_WEIGHTS = m.Call(m.Attribute(attr=m.Name("get_weights")), [])
_FUNCTIONS = frozenset({"keras.ops.convert_to_numpy", "keras.backend.get_value"})
_OF_BOTH = frozenset({"shape", "dtype", "ndim"})
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


def fix(place: Place) -> Fix | None:
    """Unsafe: what follows had an array, or a number of Python."""
    node = pointed_at(place)
    if not isinstance(node, cst.Call):
        return None
    tensor = _tensor(place, node)
    if tensor is None:
        return None
    held = around(place, node)
    next_around = held[0] if held else None
    if isinstance(next_around, cst.Attribute) and next_around.attr.value not in _OF_BOTH:
        is_tensor = _serves_as_tensor(place, node, held[2:])
        return _cast(place, next_around, held[1], tensor) if is_tensor else None
    if not _serves_as_tensor(place, node, held):
        return None
    return Fix("unsafe", "compute with the tensor itself", (place.replaced(node, _atom(tensor)),))


def _serves_as_tensor(place: Place, node: cst.BaseExpression, held: list[cst.CSTNode]) -> bool:
    """Whether what takes a value takes a tensor as well, also by the variable that it is assigned to.

    What is no function of TensorFlow or Keras may be what the value was asked for.
    """
    for outer in held:
        if isinstance(outer, cst.Call):
            name = called(place, outer) or ""
            is_assigned = m.matches(outer.func, m.Attribute(attr=_ASSIGNS))
            return is_assigned or name.startswith(_TAKE_TENSORS)
        if isinstance(outer, cst.Assign):
            return _is_used_as_tensor(place, outer)
        if not isinstance(outer, _HOLDERS):
            return isinstance(outer, (cst.Return, cst.AugAssign))
    return False


def _is_used_as_tensor(place: Place, assign: cst.Assign) -> bool:
    method = place.function
    if method is None or len(assign.targets) != 1 or not isinstance(target := assign.targets[0].target, cst.Name):
        return False
    kept = m.Name(target.value)
    changed = m.findall(method, m.AssignTarget(m.Subscript(kept)) | m.AugAssign(m.Subscript(kept)))
    asked = m.findall(method, m.Attribute(kept))
    if changed or not all(cst.ensure_type(each, cst.Attribute).attr.value in _OF_BOTH for each in asked):
        return False
    if sum(m.matches(each, m.AssignTarget(kept)) for each in walked(method)) != 1:
        return False
    for each in walked(method):
        if isinstance(each, cst.Name) and each.value == target.value and each is not target:
            held = around(place, each)
            first = held[0] if held else None
            if isinstance(first, cst.Arg) and first.keyword is each:
                continue
            if isinstance(first, cst.Assign) or not _serves_as_tensor(place, each, held):
                return False
    return True


def _tensor(place: Place, node: cst.Call) -> cst.BaseExpression | None:
    """What a call asks for its value."""
    if m.matches(node, _METHODS):
        return cst.ensure_type(node.func, cst.Attribute).value
    if m.matches(node, _WEIGHTS):
        outer, *_ = [*around(place, node), None]
        weights = cst.Attribute(cst.ensure_type(node.func, cst.Attribute).value, cst.Name("weights"))
        return weights if m.matches(outer, m.Subscript()) else None
    name = called(place, node) or ""
    for root in ("tensorflow.keras.", "tf_keras."):
        name = f"keras.{name.removeprefix(root)}" if name.startswith(root) else name
    return next(iter(positional(node, 1) or ()), None) if name in _FUNCTIONS else None


def _atom(node: cst.BaseExpression) -> cst.BaseExpression:
    """In parentheses, where more may bind to a part of it."""
    is_atom = isinstance(node, (cst.Name, cst.Attribute, cst.Call, cst.Subscript)) or bool(node.lpar)
    return node if is_atom else node.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])


def _cast(place: Place, method: cst.Attribute, outer: cst.CSTNode, tensor: cst.BaseExpression) -> Fix | None:
    """`x.numpy().astype(dtype)` is a cast."""
    if method.attr.value != "astype" or not isinstance(outer, cst.Call) or outer.func is not method:
        return None
    dtype, cast = positional(outer, 1), function(place, "cast", "cast")
    if dtype is None or cast is None or not m.matches(dtype[0], m.SimpleString() | m.Attribute()):
        return None
    new = New(call(cast.node, tensor, dtype[0]), (cast,))
    return Fix("unsafe", "compute with the tensor itself", replaced(place, outer, new))
