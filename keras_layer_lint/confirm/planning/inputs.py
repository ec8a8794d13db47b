"""Inputs of a call as a text: `float32[2,8], mask=bool[2,4]`; lists, tuples and dicts as in Python."""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import Any, TypeGuard

INTEGERS = ("int32", "int64", "int8", "int16", "uint8", "uint16", "uint32", "uint64")
FLOATS = ("float32", "float64", "float16", "bfloat16")
DTYPES = (*FLOATS, *INTEGERS, "bool", "string", "complex64", "complex128")
KINDS = ("sparse", "ragged", "masked")


class InputsError(ValueError):
    """A text that spells no inputs."""


@dataclass(frozen=True, slots=True)
class Tensor:
    """One tensor to be made up: `float32[2,8]`, `int32[2,4] < 2`, `sparse(float32[2,4,4])`."""

    dtype: str
    shape: tuple[int, ...]
    """The batch included."""
    below: float | None = None
    """Every value is less."""
    kind: str = ""
    """One of KINDS; empty for a plain tensor."""
    least: int = 0
    """No integer is less."""

    def __str__(self) -> str:
        size = ",".join(map(str, self.shape)) or "()"
        text = f"{self.dtype}[{size}]"
        if self.below is not None:
            text += f" < {self.below:g}"
        if self.least:
            text += f" >= {self.least}"
        return f"{self.kind}({text})" if self.kind else text

    @property
    def rank(self) -> int:
        """The number of axes."""
        return len(self.shape)

    def of_batch(self, old: int | None, new: int | None) -> tuple[int | None, ...]:
        """The shape with another batch, where the first axis is one."""
        return (new, *self.shape[1:]) if self.shape and self.shape[0] == old else self.shape


Structure = Any
"""A Tensor, a list, tuple or dict of structures, or a plain value."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a call is given: by position, and by name."""

    positional: tuple[Structure, ...] = ()
    named: dict[str, Structure] = field(default_factory=dict)

    def __str__(self) -> str:
        named = [f"{name}={show(value)}" for name, value in self.named.items()]
        return ", ".join([show(value) for value in self.positional] + named)

    def tensors(self) -> list[Tensor]:
        """Every tensor, in order."""
        return [leaf for value in (*self.positional, *self.named.values()) for leaf in leaves(value)]

    def made_as(self, call: tuple[tuple[Any, ...], dict[str, Any]]) -> list[Any]:
        """What stands for each tensor, in order, in the arguments of a call that were made of them."""
        positional, named = call
        return [
            *(leaf for value, made in zip(self.positional, positional, strict=True) for leaf in made_for(value, made)),
            *(leaf for name, value in self.named.items() for leaf in made_for(value, named[name])),
        ]

    def size(self) -> int:
        """How many numbers they hold in all."""
        return sum(math.prod(tensor.shape) for tensor in self.tensors())

    @property
    def batch(self) -> int | None:
        """The first axis of the first tensor that has axes."""
        return next((tensor.shape[0] for tensor in self.tensors() if tensor.shape), None)

    def map(self, change: Callable[[Tensor], Any]) -> Inputs:
        """The same structure with each tensor changed."""
        return Inputs(
            tuple(mapped(value, change) for value in self.positional),
            {name: mapped(value, change) for name, value in self.named.items()},
        )

    def with_first(self, value: Structure) -> Inputs:
        """Another structure in the place of the first argument."""
        return replace(self, positional=(value, *self.positional[1:]))

    def with_named(self, **values: Structure) -> Inputs:
        """More arguments by name."""
        return replace(self, named=self.named | values)


def is_named(value: Structure) -> TypeGuard[Any]:
    """Whether it is a named tuple."""
    return isinstance(value, tuple) and hasattr(value, "_fields")


def show(value: Structure) -> str:
    """Spell a structure so that `parse` reads it."""
    match value:
        case Tensor():
            return str(value)
        case list():
            return f"[{', '.join(map(show, value))}]"
        case tuple() if is_named(value):
            return (
                f"{type(value).__name__}({', '.join(f'{key}={show(item)}' for key, item in value._asdict().items())})"
            )
        case tuple():
            return f"({', '.join(map(show, value))}{',' if len(value) == 1 else ''})"
        case dict():
            return "{" + ", ".join(f"{key!r}: {show(item)}" for key, item in value.items()) + "}"
    return repr(value)


def leaves(value: Structure) -> Iterator[Tensor]:
    """Every tensor of a structure, in order."""
    return (tensor for _, tensor in leaves_with_keys(value))


def leaves_with_keys(value: Structure, key: str = "") -> Iterator[tuple[str, Tensor]]:
    """Every tensor of a structure, in order, with the key that it stands under; empty where it is none of a dict."""
    match value:
        case Tensor():
            yield key, value
        case list() | tuple():
            for item in value:
                yield from leaves_with_keys(item)
        case dict():
            for name, item in value.items():
                yield from leaves_with_keys(item, str(name))


def made_for(value: Structure, made: Any) -> Iterator[Any]:
    """What stands for each tensor of a structure, in order, in what was made of it."""
    match value:
        case Tensor():
            yield made
        case list() | tuple():
            for item, beside in zip(value, made, strict=True):
                yield from made_for(item, beside)
        case dict():
            for key, item in value.items():
                yield from made_for(item, made[key])


def mapped(value: Structure, change: Callable[[Tensor], Any]) -> Structure:
    """The structure with each tensor changed and everything else as it is."""
    match value:
        case Tensor():
            return change(value)
        case list():
            return [mapped(item, change) for item in value]
        case tuple():
            made = [mapped(item, change) for item in value]
            return type(value)(*made) if is_named(value) else tuple(made)
        case dict():
            return {key: mapped(item, change) for key, item in value.items()}
    return value


def parse(text: str, named_tuples: Mapping[str, Any] | None = None) -> Inputs:
    """Read inputs as they stand in a recipe; of named tuples those that are given."""
    read = _Reader(named_tuples or {}).structure
    try:
        call = ast.parse(f"_({text}\n)", mode="eval").body
    except (SyntaxError, ValueError) as error:
        raise InputsError(f"`{text}` does not read as inputs: {error}") from error
    if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "_"):
        raise InputsError(f"`{text}` does not read as inputs")
    named = {}
    for keyword in call.keywords:
        if keyword.arg is None:
            raise InputsError(f"`{text}`: `**` cannot stand in inputs")
        named[keyword.arg] = read(keyword.value)
    return Inputs(tuple(read(value) for value in call.args), named)


@dataclass(frozen=True, slots=True)
class _Reader:
    named_tuples: Mapping[str, Any]

    def structure(self, node: ast.expr) -> Structure:
        match node:
            case ast.Subscript(value=ast.Name(id=dtype), slice=size):
                return Tensor(_dtype(dtype), _shape(size))
            case ast.Compare(left=left, ops=[ast.Lt()], comparators=[ast.Constant(value=int() | float() as below)]):
                tensor = self.structure(left)
                if isinstance(tensor, Tensor) and not tensor.kind:
                    return replace(tensor, below=below)
            case ast.Compare(left=left, ops=[ast.GtE()], comparators=[ast.Constant(value=int() as least)]):
                tensor = self.structure(left)
                if isinstance(tensor, Tensor) and not tensor.kind and tensor.dtype in INTEGERS:
                    return replace(tensor, least=least)
            case ast.Call(func=ast.Name(id=kind), args=[inner], keywords=[]) if kind in KINDS:
                tensor = self.structure(inner)
                if isinstance(tensor, Tensor):
                    return replace(tensor, kind=kind)
            case ast.Call(func=ast.Name(id=name), args=[], keywords=fields) if made := self.named_tuples.get(name):
                values = {str(field.arg): self.structure(field.value) for field in fields}
                if values.keys() == set(made._fields):
                    return made(**values)
            case ast.List(elts=elements):
                return [self.structure(element) for element in elements]
            case ast.Tuple(elts=elements):
                return tuple(self.structure(element) for element in elements)
            case ast.Dict(keys=keys, values=items):
                return {_literal(key): self.structure(item) for key, item in zip(keys, items, strict=True)}
        return _literal(node)


def _literal(node: ast.expr | None) -> Any:
    if node is None:
        raise InputsError("`**` cannot stand in inputs")
    try:
        return ast.literal_eval(node)
    except ValueError:
        raise InputsError(f"`{ast.unparse(node)}` is no tensor such as `float32[2,8]` and no plain value") from None


def _dtype(name: str) -> str:
    if name in DTYPES:
        return name
    near = get_close_matches(name, DTYPES, n=1)
    raise InputsError(f"`{name}` is no dtype" + (f"; did you mean `{near[0]}`?" if near else ""))


def _shape(node: ast.expr) -> tuple[int, ...]:
    size = _literal(node)
    shape = size if isinstance(size, tuple) else (size,)
    if not all(isinstance(axis, int) and not isinstance(axis, bool) and axis >= 0 for axis in shape):
        raise InputsError(f"`{ast.unparse(node)}` is no shape: each axis is a number, the batch too")
    return shape
