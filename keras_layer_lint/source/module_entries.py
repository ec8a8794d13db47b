"""What a module index holds: the classes and functions that a module defines, and what its names are bound to."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import field
from typing import TypeAlias

from keras_layer_lint.immutable import dataclass

FunctionNode: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef

LAMBDA = "<lambda>"
"""What a lambda is called, as in Python."""


class LambdaFunction(ast.FunctionDef):
    """A lambda, seen as the function that it makes: one that returns its body."""

    def __init__(self, written: ast.Lambda) -> None:
        body = ast.copy_location(ast.Return(written.body), written.body)
        super().__init__(name=LAMBDA, args=written.args, body=[body], decorator_list=[])
        ast.copy_location(self, written)
        self.written = written


LOCALS = "<locals>"
"""Part of a qualified name, as in Python's `__qualname__`: what follows is local to the function before it."""


@dataclass(frozen=True, slots=True, eq=False)
class ClassEntry:
    """A class definition. `line` is that of its first decorator, `end_line` the last line of its body."""

    name: str
    qualname: str
    node: ast.ClassDef = field(repr=False)
    bases: tuple[str | None, ...]
    """Dotted names as written, without subscripts (`Layer[T]` is `Layer`); None where a base is no such name."""
    keywords: tuple[ast.keyword, ...] = field(repr=False)
    line: int
    end_line: int
    enclosing: str
    """Qualified name of the class or function (with `<locals>`) around it, "" at module level."""
    methods: frozenset[str] = field(repr=False)
    """Names of the functions in its body."""
    imports: Mapping[str, tuple[str, ...]] = field(repr=False)
    """Imports of the functions around it."""
    shadowed: frozenset[str] = field(repr=False)
    """Other local names of the functions around it: they hide the module's."""
    stand_in: int = 0
    """The line of the block of a module that it stands in, where that is there in place of another; else 0."""


@dataclass(frozen=True, slots=True, eq=False)
class FunctionEntry:
    """A function at module level. `line` is that of its first decorator."""

    name: str
    node: FunctionNode = field(repr=False)
    line: int
    end_line: int


Binding: TypeAlias = str | ClassEntry | FunctionEntry | ast.expr
"""What a name is bound to: an imported absolute dotted name, a definition, or an assigned expression."""


def dotted_name(node: ast.expr) -> str | None:
    """`a.b.c` of a name or attribute chain, None for any other expression."""
    parts = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return None
    parts.append(node.id)
    return ".".join(reversed(parts))
