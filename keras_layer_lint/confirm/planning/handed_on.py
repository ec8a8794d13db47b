"""What a class hands on to its parts counts as used: arguments to their constructors, inputs to their calls."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from keras_layer_lint.confirm.planning.uses import Use, bare, names
from keras_layer_lint.keras.names import FRAMEWORKS

UsesOf = Callable[[type], Mapping[str, Use]]
"""How names are used in another class."""


def read_handed_on(
    methods: list[ast.FunctionDef], scope: Mapping[str, Any], uses: dict[str, Use], uses_of: UsesOf
) -> None:
    """Count how classes of the project use what the methods hand on to them. `scope`: the names of the module."""
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
    for call in calls:
        made = _class_of(call, scope)
        match call.func:
            case _ if made is not None:
                _count(call, made, "__init__", uses, uses_of)
            case ast.Attribute(value=ast.Name(id="self"), attr=attribute) if attribute in parts:
                _count(call, parts[attribute], "call", uses, uses_of)


def _count(call: ast.Call, cls: type, method: str, uses: dict[str, Use], uses_of: UsesOf) -> None:
    known = uses_of(cls)
    for name, value in _given(call, getattr(cls, method, None)):
        for own in names(value):
            if name in known:
                uses[bare(own) if method == "__init__" else own].add(known[name])


def _given(call: ast.Call, method: Any) -> Iterator[tuple[str, ast.expr]]:
    """What each parameter of the method gets."""
    try:
        taken = list(inspect.signature(method).parameters)[1:]
    except (TypeError, ValueError):
        return
    yield from zip(taken, call.args, strict=False)
    yield from ((word.arg, word.value) for word in call.keywords if word.arg is not None)


def _class_of(call: ast.Call, scope: Mapping[str, Any]) -> type | None:
    """The class, of none of the frameworks, that a call makes an object of."""
    found: Any = None
    match call.func:
        case ast.Name(id=name):
            found = scope.get(name)
        case ast.Attribute(value=ast.Name(id=module), attr=name):
            found = vars(scope[module]).get(name) if inspect.ismodule(scope.get(module)) else None
    is_own = isinstance(found, type) and found.__module__.partition(".")[0] not in (*FRAMEWORKS, "builtins")
    return found if is_own else None
