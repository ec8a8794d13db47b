"""Which calls a module makes, wherever they stand in it."""

from __future__ import annotations

import ast

from keras_layer_lint.source.module_index import ModuleIndex, parse


def calls_of_method(module: ModuleIndex, name: str) -> list[ast.Call]:
    """The calls of a method by its name, whatever it is a method of. The module is parsed anew: for rare questions."""
    if f".{name}" not in module.text:
        return []
    return [
        node
        for node in ast.walk(parse(module.text))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == name
    ]
