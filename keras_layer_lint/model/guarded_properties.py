"""Properties that raise until they are set."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator

from keras_layer_lint.immutable import dataclass
from keras_layer_lint.model.attributes import assigned_by_method
from keras_layer_lint.source.module_entries import ClassEntry
from keras_layer_lint.source.module_index import dotted_name


@dataclass(frozen=True, slots=True)
class GuardedProperty:
    """`if self._size is None: raise ValueError(...)` in the getter of `size`, which has a setter."""

    name: str
    attribute: str
    """What holds the value, and is None after `__init__`."""
    error: ast.Name
    """The class of what is raised: one of Python's own, and no AttributeError."""


def guarded_properties(entry: ClassEntry) -> Iterator[GuardedProperty]:
    """Those of a class that certainly raise until a method of it sets them."""
    methods = [node for node in entry.node.body if isinstance(node, ast.FunctionDef)]
    init = next((node for node in methods if node.name == "__init__"), None)
    for getter in methods:
        found = _guard(getter) if _decorated(getter, "property") else None
        setters = [node for node in methods if _decorated(node, f"{getter.name}.setter")]
        if found is None or len(setters) != 1 or init is None:
            continue
        attribute, error = found
        if attribute not in _assigned(setters[0]) or not _begins_as_none(init, attribute):
            continue
        assigned = assigned_by_method(entry)
        others = {name for name, names in assigned.items() if attribute in names} - {"__init__", getter.name}
        if not others and any(getter.name in names for name, names in assigned.items() if name != getter.name):
            yield GuardedProperty(getter.name, attribute, error)


def _decorated(node: ast.FunctionDef, by: str) -> bool:
    return len(node.decorator_list) == 1 and dotted_name(node.decorator_list[0]) == by


def _guard(getter: ast.FunctionDef) -> tuple[str, ast.Name] | None:
    """The attribute that a getter returns, and what it raises where that is None."""
    body = getter.body[1:] if ast.get_docstring(getter) is not None else getter.body
    match body:
        case [
            ast.If(
                test=ast.Compare(
                    left=ast.Attribute(value=ast.Name(id="self"), attr=attribute),
                    ops=[ast.Is()],
                    comparators=[ast.Constant(value=None)],
                ),
                body=[ast.Raise(exc=ast.Call(func=ast.Name() as error) | (ast.Name() as error))],
                orelse=[],
            ),
            ast.Return(value=ast.Attribute(value=ast.Name(id="self"), attr=returned)),
        ] if attribute == returned and _is_other_error(error.id):
            return attribute, error
        case _:
            return None


def _is_other_error(name: str) -> bool:
    found = getattr(builtins, name, None)
    return isinstance(found, type) and issubclass(found, Exception) and not issubclass(found, AttributeError)


def _assigned(function: ast.FunctionDef) -> set[str]:
    return {
        node.attr
        for node in ast.walk(function)
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and dotted_name(node.value) == "self"
    }


def _begins_as_none(init: ast.FunctionDef, attribute: str) -> bool:
    """Whether `__init__` sets an attribute to None, and to nothing else."""
    targets = [
        (statement.value, statement in init.body)
        for statement in ast.walk(init)
        if isinstance(statement, ast.Assign)
        and any(dotted_name(target) == f"self.{attribute}" for target in statement.targets)
    ]
    return bool(targets) and all(
        isinstance(value, ast.Constant) and value.value is None and is_certain for value, is_certain in targets
    )
