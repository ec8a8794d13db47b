"""Whether what a class of the project is called or made with is handed on to Keras as it is."""

from __future__ import annotations

import ast

from keras_layer_lint.keras.kinds import ClassKind
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


def name_gets_to_keras(layer: LayerClass, ref: ClassRef) -> bool:
    """Whether the `name` by which an object of a class is made is the one that `Layer.__init__` of Keras gets.

    Each `__init__` of the project on the way has to give it to `super().__init__`, by name or in its `**kwargs`.
    """
    info = layer.project.class_info(ref)
    if not info.complete or info.kind not in (ClassKind.LAYER, ClassKind.MODEL):
        return False
    bases = [base for base in info.mro if isinstance(base, ClassRef)]
    return all(_hands_name_on(init) for base in bases if (init := layer.body(base).methods.get("__init__")) is not None)


def _hands_name_on(function: FunctionNode) -> bool:
    """Whether an `__init__` certainly gives `name` to that of its base, and does no more with what holds it."""
    given = function.args
    if function.decorator_list or any(arg.arg == "name" for arg in given.posonlyargs):
        return False
    by_name = any(arg.arg == "name" for arg in (*given.args, *given.kwonlyargs))
    if not by_name and given.kwarg is None:
        return False
    holder = "name" if by_name or given.kwarg is None else given.kwarg.arg
    uses = [node for node in walk(function) if isinstance(node, ast.Name) and node.id == holder]
    calls = [node for node in certain_nodes(function.body) if _is_of_base(node, "__init__")]
    handed_on = {
        id(keyword.value)
        for call in calls
        if isinstance(call, ast.Call)
        for keyword in call.keywords
        if keyword.arg == ("name" if by_name else None)
    }
    # The name of a layer is read elsewhere, and stays what it is; `**kwargs` are changed by a `pop`.
    others = [node for node in uses if id(node) not in handed_on]
    is_kept = all(isinstance(node.ctx, ast.Load) for node in others) if by_name else not others
    return is_kept and any(id(node) in handed_on for node in uses)


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
    calls = [node for node in nodes if _is_of_base(node, "__call__")]
    certain = {id(node) for node in certain_nodes(function.body)}
    return any(id(node) in certain for node in calls) and all(_first_names(node, count) == given for node in calls)


def _is_of_base(node: ast.AST, method: str) -> bool:
    match node:
        case ast.Call(ast.Attribute(ast.Call(ast.Name("super")), name)):
            return name == method
        case _:
            return False


def _first_names(node: ast.AST, count: int) -> list[str]:
    given = node.args[:count] if isinstance(node, ast.Call) else []
    return [arg.id for arg in given if isinstance(arg, ast.Name)]
