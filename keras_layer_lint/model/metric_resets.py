"""What a metric that is reset sets its weights to: read with `ast`."""

from __future__ import annotations

import ast
from typing import TypeGuard

from keras_layer_lint.model.attributes import assigned_by_method
from keras_layer_lint.model.layer import LayerClass

_OLD, _NEW = "reset_states", "reset_state"
_INFINITE = frozenset({"inf", "Inf", "infty", "NaN", "nan"})


def value_lost_in_reset(layer: LayerClass) -> tuple[str, str] | None:
    """The weight, and what `reset_states` alone sets it to; None where the reset of Keras does the same, or may.

    Keras 3 calls `reset_state`, which sets each weight to zero unless the class has one of its own.
    """
    if not layer.is_complete or layer.definition(_NEW) is not None or layer.assigned_in_body(_NEW) is not None:
        return None
    own = layer.own_method(_OLD)
    found = layer.definition(_OLD)
    if own is None or found is None:
        return None
    for node in found[1].body:
        match node:
            case ast.Expr(ast.Call(ast.Attribute(ast.Attribute(ast.Name("self"), name), "assign"), [value])):
                if _is_not_zero(_kept(layer, value)):
                    return name, ast.unparse(value)
    return None


def _kept(layer: LayerClass, node: ast.expr) -> ast.expr:
    """What `__init__` alone sets an attribute to; anything else itself."""
    found = layer.definition("__init__")
    match node:
        case ast.Attribute(ast.Name("self"), name) if found is not None and found[0] is layer.ref:
            by_method = assigned_by_method(layer.ref.entry)
            if [method for method, names in by_method.items() if name in names] == ["__init__"]:
                values = [each.value for each in found[1].body if _sets(each, name)]
                return values[0] if len(values) == 1 else node
    return node


def _sets(statement: ast.stmt, name: str) -> TypeGuard[ast.Assign]:
    match statement:
        case ast.Assign([ast.Attribute(ast.Name("self"), attr)]):
            return attr == name
    return False


def _is_not_zero(node: ast.expr) -> bool:
    match node:
        case ast.Constant(value=int() | float() as number):
            return number != 0
        case ast.UnaryOp(ast.USub() | ast.UAdd(), inner):
            return _is_not_zero(inner)
        case ast.Attribute(attr=name):
            return name in _INFINITE
        case ast.Call(ast.Name("float"), [ast.Constant(value=str() as text)]):
            return text.strip("+-").lower() in ("inf", "infinity", "nan")
    return False
