"""What a metric that is reset sets its weights to: read with `ast`."""

from __future__ import annotations

import ast

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
                if _is_not_zero(value):
                    return name, ast.unparse(value)
    return None


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
