"""Which attributes the methods of a class assign, read with `ast`: no base class need be parsed by LibCST for it."""

from __future__ import annotations

import ast
from functools import lru_cache

from keras_layer_lint.source.module_index import ClassEntry

_SCOPES = (ast.ClassDef, ast.Lambda)


@lru_cache(maxsize=1024)
def assigned_by_method(entry: ClassEntry) -> dict[str, frozenset[str]]:
    """Method name to the names `x` of every `self.x = ...`, `self.x += ...` in it; by whatever name `self` goes."""
    found: dict[str, frozenset[str]] = {}
    for node in entry.node.body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.args.args:
            # The getter and the setter of a property have one name.
            found[node.name] = found.get(node.name, frozenset()) | _assigned(node)
    return found


def _assigned(function: ast.FunctionDef | ast.AsyncFunctionDef) -> frozenset[str]:
    receiver = function.args.args[0].arg
    found: set[str] = set()
    stack: list[ast.AST] = list(function.body)
    while stack:
        node = stack.pop()
        if isinstance(node, ast.stmt):
            stack.extend(child for child in ast.iter_child_nodes(node) if not isinstance(child, _SCOPES))
        elif isinstance(node, ast.Attribute):
            if isinstance(node.ctx, ast.Store) and isinstance(node.value, ast.Name) and node.value.id == receiver:
                found.add(node.attr)
        elif isinstance(node, (ast.Tuple, ast.List, ast.Starred, ast.ExceptHandler, ast.match_case, ast.withitem)):
            stack.extend(ast.iter_child_nodes(node))
    return frozenset(found)
