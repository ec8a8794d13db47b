"""The names of a module, function or class body in each of a few installations."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from typing import Any, Protocol, TypeAlias

from keras_layer_lint.immutable import dataclass
from keras_layer_lint.model.installation import Installation, is_of_project
from keras_layer_lint.model.live_facts import FunctionNames
from keras_layer_lint.model.version_tests import UNKNOWN, Evaluator, Name, ProjectFunction
from keras_layer_lint.source.module_index import FunctionNode, ModuleIndex, dotted_name, import_targets
from keras_layer_lint.target import Generation

Vector: TypeAlias = tuple[Any, ...]
"""A value in each installation."""


class Reader(Protocol):
    """What reads a module, as far as its scopes ask it."""

    module: ModuleIndex
    installations: Sequence[Installation]
    top: Scope

    @property
    def generation(self) -> Generation:
        """What the installations are of."""

    def alike(self, value: Any) -> Vector:
        """One value in all installations."""

    def values(self, node: ast.expr, scope: Scope) -> Vector:
        """The value of an expression in each installation."""

    def names_of(self, node: FunctionNode, scope: Scope) -> FunctionNames:
        """Facts on a function that stands in a scope."""

    def project_value(self, dotted: str, number: int) -> Any:
        """The value of a name of another module of the project; UNKNOWN where it has none that is known."""

    def class_flag(self, node: ast.ClassDef, name: str) -> Vector:
        """The value of an attribute of a class or of its instances, where what is installed decides it."""

    def run(self, body: Sequence[ast.stmt], scope: Scope, number: int, where: Evaluator) -> Any:
        """What a body returns in one installation: UNKNOWN where that is not known, None where it returns nothing."""


class Scope:
    """Names of a module or function in each installation."""

    def __init__(self, reader: Reader, parent: Scope | None = None, owner: ast.ClassDef | None = None) -> None:
        self.reader = reader
        self.parent = parent
        self.is_class = owner is not None
        """Whether it is the body of a class, which the functions in it do not see."""
        self.owner: ast.ClassDef | None = owner or (parent.owner if parent is not None else None)
        """The class that `self` is of."""
        self.function: FunctionNames | None = parent.function if parent is not None else None
        """On the outermost function around it."""
        self.names: dict[str, Vector] = {}

    def vector(self, name: str) -> Vector | None:
        """The values of a name; None where no scope of the module binds it."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.names:
                return scope.names[name]
            scope = scope.parent
        return None

    def bind(self, name: str, values: Vector) -> None:
        """Give a name its values."""
        self.names[name] = values


@dataclass(frozen=True, slots=True, eq=False)
class ClassOfProject:
    """A class of the project, and what reads its module."""

    node: ast.ClassDef
    reader: Reader


@dataclass(frozen=True, slots=True)
class InOne:
    """The names of a scope in one installation."""

    scope: Scope
    number: int

    def value(self, name: str) -> Any:
        found = self.scope.vector(name)
        if found is None:
            return Name(f"builtins.{name}") if name in _BUILTINS else UNKNOWN
        value = found[self.number]
        return self._of_project(value.dotted) if isinstance(value, Name) and is_of_project(value.dotted) else value

    def _of_project(self, dotted: str) -> Any:
        found = self.scope.reader.project_value(dotted, self.number)
        return Name(dotted) if found is UNKNOWN else found

    def attribute(self, node: ast.Attribute) -> Any:
        if isinstance(node.value, ast.Name) and node.value.id in ("self", "cls") and self.scope.owner is not None:
            return self.scope.reader.class_flag(self.scope.owner, node.attr)[self.number]
        dotted = dotted_name(node)
        if dotted is None:
            return UNKNOWN
        head, _, rest = dotted.partition(".")
        match self.value(head):
            case Name(dotted=absolute) if is_of_project(absolute) and not absolute.startswith("builtins."):
                return self.scope.reader.project_value(f"{absolute}.{rest}", self.number)
            case ClassOfProject(node=found, reader=reader) if "." not in rest:
                return reader.class_flag(found, rest)[self.number]
        return UNKNOWN

    def returned(self, function: ProjectFunction, arguments: Mapping[str, Any], where: Evaluator) -> Any:
        home = function.names
        if not isinstance(home, InOne):
            return UNKNOWN
        reader = home.scope.reader
        inner = Scope(reader, home.scope)
        inner.function = reader.names_of(function.node, home.scope)
        for name, value in arguments.items():
            inner.bind(name, reader.alike(value))
        result = reader.run(function.node.body, inner, self.number, where)
        return UNKNOWN if result is None else result


_BUILTINS = frozenset("hasattr getattr int float str bool tuple list len any all map".split())


def bind_imports(node: ast.Import | ast.ImportFrom, scope: Scope) -> None:
    """Give the names that an import binds their meaning."""
    for local, target in import_targets(node, scope.reader.module):
        scope.bind(local, scope.reader.alike(Name(target)))
