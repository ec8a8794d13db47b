"""Which calls a module makes, wherever they stand in it."""

from __future__ import annotations

import ast

from keras_layer_lint.source.module_index import ModuleIndex
from keras_layer_lint.source.tree_walk import walk

_BUILDS = frozenset({"build", "fit", "predict", "evaluate", "train_on_batch", "predict_on_batch", "test_on_batch"})
"""Methods of a model after which it is built."""


def calls_of_method(module: ModuleIndex, name: str) -> list[ast.Call]:
    """The calls of a method by its name, whatever it is a method of."""
    if f".{name}" not in module.text:
        return []
    return [
        node
        for node in walk(module.tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == name
    ]


def is_called_on_built(module: ModuleIndex, class_name: str, method: str) -> bool:
    """Whether some code makes an instance, builds it and then calls the method on it, a statement after the other."""
    if f".{method}(" not in module.text:
        return False
    blocks = [node.body for node in walk(module.tree) if isinstance(node, ast.Module | ast.FunctionDef)]
    return any(_builds_and_calls(block, class_name, method) for block in blocks)


def _builds_and_calls(block: list[ast.stmt], class_name: str, method: str) -> bool:
    is_built: dict[str, bool] = {}
    for statement in block:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        if not isinstance(statement, ast.Expr | ast.Assign | ast.Return):
            names = {node.id for node in walk(statement) if isinstance(node, ast.Name)}
            is_built = {name: built for name, built in is_built.items() if name not in names}
            continue
        for call in (node for node in walk(statement) if isinstance(node, ast.Call)):
            match call.func:
                case ast.Attribute(value=ast.Name(id=name), attr=called) if name in is_built:
                    if called == method and is_built[name]:
                        return True
                    is_built[name] |= called in _BUILDS
                case ast.Name(id=name) if name in is_built:
                    is_built[name] = True
        if isinstance(statement, ast.Assign):
            for target in statement.targets:
                for node in walk(target):
                    if isinstance(node, ast.Name):
                        is_built.pop(node.id, None)
                if isinstance(target, ast.Name) and _makes(statement.value, class_name):
                    is_built[target.id] = False
    return False


def _makes(value: ast.expr, class_name: str) -> bool:
    return isinstance(value, ast.Call) and ast.unparse(value.func).rpartition(".")[2] == class_name
