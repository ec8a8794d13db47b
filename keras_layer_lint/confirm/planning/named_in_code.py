"""What a name in the code of a class stands for, as its module has been imported."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any


def object_named(node: ast.expr, scope: Mapping[str, Any], cls: Any = None) -> Any:
    """The object that a dotted name stands for; None where it is no such name, or nothing is there.

    `scope`: the names of the module. `cls`: of whose own attributes `self.TABLE` may be one.
    """
    match node:
        case ast.Name(id=name):
            return scope.get(name)
        case ast.Attribute(value=ast.Name(id="self" | "cls"), attr=name):
            return None if cls is None else vars(cls).get(name)
        case ast.Attribute(value=inner, attr=name) if (owner := object_named(inner, scope, cls)) is not None:
            try:
                return getattr(owner, name, None)
            except Exception:  # an attribute that is imported only now
                return None
    return None
