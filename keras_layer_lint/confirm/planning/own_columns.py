"""Lists of objects of the project: `[SparseFeat(name='name_1', dimension=8), DenseFeat(name='name_2')]`."""

from __future__ import annotations

import ast
import inspect
import re
import typing
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from keras_layer_lint.confirm.planning.class_source import comes_installed
from keras_layer_lint.confirm.planning.forms import WORD
from keras_layer_lint.confirm.planning.named_in_code import object_named

_EACH = 2
"""So many objects of each class stand in a list."""
_MOST = 4
_SEVERAL = re.compile(r"\A(?:typing\.|t\.)?(?:List|Sequence|Iterable|Collection|list)\[([^\n]{1,200})\]\Z")


def lists_of(
    classes: Sequence[type], scope: Mapping[str, Any], arguments: Callable[[type], Mapping[str, str]]
) -> Iterator[str]:
    """Lists of such objects: of all classes, of the first ones, of one class.

    `scope`: the names of the module. `arguments`: what a class is made with. Names are other ones each time.
    """
    known = [each for each in classes if not inspect.isabstract(each)][:_MOST]
    groups = [known[:count] for count in range(len(known), 0, -1)] + [[each] for each in known[1:]]
    for group in groups:
        objects = [(each, at * _EACH + more) for at, each in enumerate(group) for more in range(1, _EACH + 1)]
        yield f"[{', '.join(_made(each, scope, arguments(each), number) for each, number in objects)}]"


def of_elements(annotation: Any, scope: Mapping[str, Any]) -> list[type]:
    """The classes of the project that the elements of a list are annotated with."""
    if isinstance(annotation, str):
        match = _SEVERAL.match(annotation.strip())
        try:
            inner = ast.parse(match[1], mode="eval").body if match else None
        except SyntaxError:
            return []
        found = [] if inner is None else [object_named(each, scope) for each in _alternatives(inner)]
    else:
        origin = typing.get_origin(annotation)
        inside = typing.get_args(annotation) if isinstance(origin, type) and issubclass(origin, Sequence) else ()
        found = [each for one in inside for each in (typing.get_args(one) or (one,))]
    return [each for each in found if isinstance(each, type) and not comes_installed(each)]


def _alternatives(node: ast.expr) -> Iterator[ast.expr]:
    match node:
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            yield from _alternatives(left)
            yield from _alternatives(right)
        case ast.Subscript(value=ast.Name(id="Union"), slice=ast.Tuple(elts=elements)):
            yield from elements
        case _:
            yield node


def _made(cls: type, scope: Mapping[str, Any], arguments: Mapping[str, str], number: int) -> str:
    own = next((name for name, value in scope.items() if value is cls), f"{cls.__module__}.{cls.__qualname__}")
    given = {
        name: f"'{name}_{number}'" if name.rpartition("_")[2] in WORD else value for name, value in arguments.items()
    }
    return f"{own}({', '.join(f'{name}={value}' for name, value in given.items())})"
