"""Classes that a method tests a name for, `isinstance(layer, Conv2D)`, and enumerations that it is looked up in."""

from __future__ import annotations

import ast
import enum
import inspect
from collections.abc import Iterator, Mapping
from typing import Any

from keras_layer_lint.confirm.planning.class_source import package_of
from keras_layer_lint.confirm.planning.named_in_code import object_named
from keras_layer_lint.confirm.planning.uses import Use, names


def read_tested(method: ast.FunctionDef, cls: Any, base: Any, scope: Mapping[str, Any], uses: dict[str, Use]) -> None:
    """Count these as uses. `scope`: the names of the module; `base`: that of all layers."""
    for node in ast.walk(method):
        match node:
            case ast.Call(func=ast.Name(id="isinstance"), args=[value, types]):
                found = [text for each in _each(types) if (text := _told(each, cls, base, scope))]
                for name in names(value):
                    uses[name].classes |= dict.fromkeys(found)
            case ast.Call(func=function, args=[value], keywords=[]):
                known = object_named(function, scope)
                if isinstance(known, type) and issubclass(known, enum.Enum):
                    words = [member.value for member in known if isinstance(member.value, str)]
                    for name in names(value):
                        uses[name].strings += words


def _each(types: ast.expr) -> Iterator[ast.expr]:
    match types:
        case ast.Tuple(elts=elements):
            for element in elements:
                yield from _each(element)
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            yield from _each(left)
            yield from _each(right)
        case _:
            yield types


def _told(node: ast.expr, cls: Any, base: Any, scope: Mapping[str, Any]) -> str:
    """The class as text, where an object of it is a layer of a certain kind, or one of the project."""
    known = object_named(node, scope)
    if (
        not isinstance(known, type)
        or known in base.__mro__
        or inspect.isabstract(known)
        or issubclass(known, enum.Enum)
    ):
        return ""
    is_of_project = package_of(known) == package_of(cls) and known is not cls
    is_a_certain_layer = issubclass(known, base) and "call" in {
        name for each in _below(known, base) for name in vars(each)
    }
    return ast.unparse(node) if is_of_project or is_a_certain_layer else ""


def _below(cls: type, base: Any) -> list[type]:
    return [each for each in cls.__mro__ if each not in base.__mro__]
