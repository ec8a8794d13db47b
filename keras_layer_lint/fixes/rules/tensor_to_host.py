"""KLL112: compute with the tensor itself."""

from __future__ import annotations

import libcst as cst
import libcst.matchers as m

from keras_layer_lint.diagnostic import Fix
from keras_layer_lint.fixes.expressions import New, around, call, called, function, pointed_at, positional, replaced
from keras_layer_lint.fixes.place import Place
from keras_layer_lint.fixes.uses import OF_BOTH, serves_as_tensor

_METHODS = m.Call(m.Attribute(attr=m.Name("numpy") | m.Name("item") | m.Name("tolist") | m.Name("eval")), [])
_WEIGHTS = m.Call(m.Attribute(attr=m.Name("get_weights")), [])
_FUNCTIONS = frozenset({"keras.ops.convert_to_numpy", "keras.backend.get_value"})


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
    if isinstance(next_around, cst.Attribute) and next_around.attr.value not in OF_BOTH:
        is_tensor = serves_as_tensor(place, node, held[2:])
        return _cast(place, next_around, held[1], tensor) if is_tensor else None
    if not serves_as_tensor(place, node, held):
        return None
    return Fix("unsafe", "compute with the tensor itself", (place.replaced(node, _atom(tensor)),))


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
