"""What a class hands on counts as used: to constructors and calls of its parts, to functions and to its own methods."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Iterator, Mapping
from types import FunctionType
from typing import Any

from keras_layer_lint.confirm.planning.class_source import package_of
from keras_layer_lint.confirm.planning.named_in_code import object_named
from keras_layer_lint.confirm.planning.uses import Use, bare, names
from keras_layer_lint.keras.names import FRAMEWORKS

UsesOf = Callable[[Any], Mapping[str, Use]]
"""How names are used in another class, or in a function."""


def read_handed_on(
    cls: type, methods: list[ast.FunctionDef], scope: Mapping[str, Any], uses: dict[str, Use], uses_of: UsesOf
) -> None:
    """Count how code of the project uses what the methods of a class hand on. `scope`: the names of the module."""
    parts: dict[str, type] = {}
    calls: list[ast.Call] = []
    for node in (node for method in methods for node in ast.walk(method)):
        match node:
            case ast.Assign(
                targets=[ast.Attribute(value=ast.Name(id="self"), attr=attribute)], value=ast.Call() as call
            ) if (made := _class_of(call, scope)) is not None:
                parts[attribute] = made
            case ast.Call():
                calls.append(node)
    own: list[tuple[ast.Call, FunctionType]] = []
    for call in calls:
        made = _class_of(call, scope)
        match call.func:
            case _ if made is not None:
                _count(call, getattr(made, "__init__", None), uses, uses_of(made), is_made=True)
            case ast.Attribute(value=ast.Name(id="self"), attr=attribute) if attribute in parts:
                part = parts[attribute]
                _count(call, getattr(part, "call", None), uses, uses_of(part))
            case ast.Attribute(value=ast.Name(id="self"), attr=attribute):
                method = vars(cls).get(attribute)
                if isinstance(method, FunctionType):
                    own.append((call, method))
            case _ if (function := _function_of(call, scope)) is not None:
                _count(call, function, uses, uses_of(function), is_method=False)
    for call, method in own:  # a method may hand on what it is given
        _count(call, method, uses, dict(uses))


def _count(
    call: ast.Call,
    function: Any,
    uses: dict[str, Use],
    known: Mapping[str, Use],
    *,
    is_made: bool = False,
    is_method: bool = True,
) -> None:
    for name, value in _given(call, function, is_method):
        for own in names(value):
            if name in known:
                uses[bare(own) if is_made else own].add(known[name])


def _given(call: ast.Call, function: Any, is_method: bool) -> Iterator[tuple[str, ast.expr]]:
    """What each parameter of a method, without self, or of a function gets."""
    try:
        taken = list(inspect.signature(function).parameters)[is_method:]
    except (TypeError, ValueError):
        return
    yield from zip(taken, call.args, strict=False)
    yield from ((word.arg, word.value) for word in call.keywords if word.arg is not None)


def _class_of(call: ast.Call, scope: Mapping[str, Any]) -> type | None:
    """The class, of none of the frameworks, that a call makes an object of."""
    found = object_named(call.func, scope)
    return found if isinstance(found, type) and _is_own(found) else None


def _function_of(call: ast.Call, scope: Mapping[str, Any]) -> FunctionType | None:
    """The function, of none of the frameworks, that is called; one that is compiled counts, too."""
    found = object_named(call.func, scope)
    found = getattr(found, "python_function", found)
    return found if isinstance(found, FunctionType) and _is_own(found) else None


def _is_own(found: type | FunctionType) -> bool:
    return package_of(found) not in (*FRAMEWORKS, "builtins")
