"""Layers of a module that another one is made of: told by an attribute that it reads of what it is given."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from typing import Any

from keras_layer_lint.confirm.planning.class_source import comes_installed, tree_of


def classes_with(attribute: str, cls: Any, base: Any) -> Iterator[tuple[str, type]]:
    """Layers that the module of a class names and that set the attribute, each with its name there."""
    for name, value in vars(inspect.getmodule(cls)).items():
        is_own = isinstance(value, type) and issubclass(value, base) and not comes_installed(value)
        if is_own and value is not cls and not inspect.isabstract(value) and _sets(value, attribute):
            yield name, value


def _sets(cls: type, attribute: str) -> bool:
    try:
        tree = tree_of(cls)
    except (OSError, TypeError, SyntaxError):
        return False
    return any(
        isinstance(node, ast.Attribute)
        and isinstance(node.ctx, ast.Store)
        and node.attr == attribute
        and isinstance(node.value, ast.Name)
        and node.value.id == "self"
        for node in ast.walk(tree)
    )
