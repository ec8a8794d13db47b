"""The names of the parameters of a method, by its definition alone."""

from __future__ import annotations

import ast

from keras_layer_lint.model.name_resolver import ClassRef


def positional_parameters(ref: ClassRef, method: str) -> tuple[str, ...] | None:
    """What a method that a class itself defines takes by position, without `self`; None where it defines none."""
    for node in ref.entry.node.body:
        if isinstance(node, ast.FunctionDef) and node.name == method:
            return tuple(each.arg for each in (*node.args.posonlyargs, *node.args.args)[1:])
    return None
