"""Whether a `__call__` of the project's own hands on what it is called with."""

from __future__ import annotations

import ast

from keras_layer_lint.model.certainty import certain_nodes
from keras_layer_lint.model.class_graph import ClassRef
from keras_layer_lint.model.layer import LayerClass
from keras_layer_lint.source.module_index import FunctionNode
from keras_layer_lint.source.tree_walk import walk


def call_gets_what_is_given(layer: LayerClass, count: int) -> bool:
    """Whether `call` gets the first `count` arguments as Keras calls the object with them.

    The `__call__` of Keras hands them on. One of the project's own has to hand them to that, whatever else it does.
    """
    found = layer.definition("__call__")
    if found is None:
        return True
    defining = [base for base in layer.mro if isinstance(base, ClassRef) and "__call__" in base.entry.methods]
    return len(defining) == 1 and _hands_on(found[1], count)


def _hands_on(function: FunctionNode, count: int) -> bool:
    """Whether it always calls `super().__call__`, each time with its own first arguments, and `call` nowhere."""
    given = [arg.arg for arg in (*function.args.posonlyargs, *function.args.args)[1 : count + 1]]
    nodes = list(walk(function))
    if len(given) < count or any(
        isinstance(node, ast.Name) and node.id in given and not isinstance(node.ctx, ast.Load) for node in nodes
    ):
        return False
    if any(isinstance(node, ast.Attribute) and node.attr == "call" for node in nodes):
        return False
    calls = [node for node in nodes if _is_of_base(node)]
    certain = {id(node) for node in certain_nodes(function.body)}
    return any(id(node) in certain for node in calls) and all(_first_names(node, count) == given for node in calls)


def _is_of_base(node: ast.AST) -> bool:
    match node:
        case ast.Call(ast.Attribute(ast.Call(ast.Name("super")), "__call__")):
            return True
        case _:
            return False


def _first_names(node: ast.AST, count: int) -> list[str]:
    given = node.args[:count] if isinstance(node, ast.Call) else []
    return [arg.id for arg in given if isinstance(arg, ast.Name)]
