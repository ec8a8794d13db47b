"""What a metric that is reset sets its weights to, and what it leaves: read with `ast`."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TypeGuard

from keras_layer_lint.keras.kinds import ClassKind, kind_of_known
from keras_layer_lint.keras.names import canonical
from keras_layer_lint.model.attributes import assigned_by_method
from keras_layer_lint.model.class_graph import ClassRef, KnownName
from keras_layer_lint.model.layer import LayerClass
from keras_layer_lint.source.module_index import dotted_name
from keras_layer_lint.source.tree_walk import walk

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


def metrics_left_in_reset(layer: LayerClass) -> list[str]:
    """The attributes that hold metrics of Keras which `update_state` uses and the `reset_state` of the class leaves.

    Empty where `reset_state` is that of Keras, which resets all that the metric holds, or where it may reset them.
    """
    reset, update = layer.definition(_NEW), layer.definition("update_state")
    if not layer.is_complete or reset is None or update is None or not all(map(_sets_own_only, reset[1].body)):
        return []
    named = {_attribute_of_self(node) for node in walk(reset[1])}
    used = {_attribute_of_self(node) for node in walk(update[1])} - named
    held = (name for ref in layer.mro if isinstance(ref, ClassRef) for name in _metrics_made(layer, ref))
    return [name for name in dict.fromkeys(held) if name in used]


def _sets_own_only(node: ast.stmt) -> bool:
    """Whether a statement of a reset is `self.total.assign(0.0)`, `self.mean.reset_state()` or the like."""
    match node:
        case ast.Pass() | ast.Expr(ast.Constant()):
            return True
        case ast.Expr(ast.Call(ast.Attribute(ast.Attribute(ast.Name("self"), _), _), arguments)):
            return not any(isinstance(inner, ast.Call) for each in arguments for inner in walk(each))
    return False


def _metrics_made(layer: LayerClass, ref: ClassRef) -> Iterator[str]:
    """What `__init__` of a class binds to a metric of Keras."""
    for node in ref.entry.node.body:
        if not isinstance(node, ast.FunctionDef) or node.name != "__init__":
            continue
        for statement in node.body:
            match statement:
                case ast.Assign([ast.Attribute(ast.Name("self"), name)], ast.Call(function)):
                    if (dotted := dotted_name(function)) is not None and _is_metric(layer, ref, dotted):
                        yield name


def _is_metric(layer: LayerClass, ref: ClassRef, dotted: str) -> bool:
    found = layer.project.resolve(ref.module, dotted)
    return isinstance(found, KnownName) and kind_of_known(canonical(found.name)) is ClassKind.METRIC


def _attribute_of_self(node: ast.AST) -> str | None:
    """`name`, where a node is `self.name`."""
    match node:
        case ast.Attribute(ast.Name("self"), name):
            return name
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
