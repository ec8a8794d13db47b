"""What the imports of a file bind, where that is used, and what else is bound."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

import libcst as cst

from keras_layer_lint.model.syntax import dotted


@dataclass(frozen=True, slots=True)
class Use:
    """A dotted name in the code, the longest there is."""

    node: cst.Name | cst.Attribute
    parts: tuple[str, ...]

    def full(self, target: str) -> str:
        """The name that it stands for, where its first part stands for the target."""
        return ".".join([target, *self.parts[1:]])


@dataclass(slots=True)
class Binding:
    """One name that one import gives."""

    statement: cst.SimpleStatementLine
    node: cst.Import | cst.ImportFrom
    alias: cst.ImportAlias
    name: str
    target: str
    uses: list[Use] = field(default_factory=list)


def bindings_of(statement: cst.SimpleStatementLine, node: cst.Import | cst.ImportFrom) -> Iterator[Binding]:
    """The names that an import gives."""
    if isinstance(node.names, cst.ImportStar):
        return
    module = dotted(node.module) if isinstance(node, cst.ImportFrom) and node.module is not None else ""
    for alias in node.names:
        own = dotted(alias.name) or ""
        full = f"{module}.{own}" if module else own
        if alias.asname is not None and isinstance(alias.asname.name, cst.Name):
            yield Binding(statement, node, alias, alias.asname.name.value, full)
        elif module or "." not in own:
            yield Binding(statement, node, alias, own, full)
        else:
            yield Binding(statement, node, alias, own.partition(".")[0], own.partition(".")[0])


def uses_in(module: cst.Module) -> Iterator[Use]:
    """The dotted names of a file outside its imports, each whole."""
    stack: list[cst.CSTNode] = [module]
    while stack:
        node = stack.pop()
        if isinstance(node, (cst.Import, cst.ImportFrom)):
            continue
        if isinstance(node, (cst.Name, cst.Attribute)) and (name := dotted(node)) is not None:
            yield Use(node, tuple(name.split(".")))
            continue
        if isinstance(node, cst.Attribute):
            stack.append(node.value)
        elif isinstance(node, cst.Arg):
            stack.append(node.value)  # the keyword is no name
        else:
            stack.extend(reversed(node.children))


def bound_otherwise(text: str) -> frozenset[str]:
    """Names that anything but an import gives a meaning, in whatever scope."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            found.add(node.id)
        elif isinstance(node, ast.arg):
            found.add(node.arg)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            found.add(node.name)
    return frozenset(found)
