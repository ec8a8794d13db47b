"""What of a class or function is run when its module is imported: all but what stands within functions.

It counts for every class of the module, whatever that reaches, for an import that fails costs them all. What can only
fail for a name that is not there is told by the name, so that another signature next door changes nothing.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

Function = ast.FunctionDef | ast.AsyncFunctionDef
_BUILTINS = frozenset(dir(builtins))
_TYPES = frozenset({"bool", "bytes", "dict", "float", "frozenset", "int", "list", "set", "str", "tuple", "type"})
_FRAMEWORKS = frozenset({"tensorflow", "keras", "tf_keras", "jax"})
_RUN_NOTHING = _FRAMEWORKS | {"abc", "contextlib", "functools", "typing", "typing_extensions"}
"""Decorators of these, and of Python itself, call nothing of what they decorate."""
_ACCESSORS = frozenset({"setter", "getter", "deleter"})


@dataclass(frozen=True, slots=True)
class ImportTime:
    """What a definition does at import."""

    run: tuple[ast.AST, ...]
    """Code that is run and may do anything."""
    names: frozenset[str]
    """Expressions that only look names up, each as text."""
    notes: tuple[str, ...]
    """Bases, and what a decorator notes of the class."""


@dataclass
class Reader:
    """Reads the definitions of one module. `meant` is what its names mean: by an import, or as a short form."""

    meant: Mapping[str, str]
    annotations_run: bool
    run: list[ast.AST] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)

    def definition(self, node: Function | ast.ClassDef) -> ImportTime:
        """What one definition at the top of the module does at import."""
        self.run, self.names, self.notes = [], set(), []
        if isinstance(node, ast.ClassDef):
            self._class(node)
        else:
            self._function(node, frozenset())
        return ImportTime(tuple(self.run), frozenset(self.names), tuple(self.notes))

    def value(self, node: ast.expr) -> frozenset[str]:
        """The names that a value at the top of the module looks up."""
        self.names = set()
        self._look_up([node])
        return frozenset(self.names)

    def _class(self, node: ast.ClassDef) -> None:
        if not all(map(self._notes_only, node.decorator_list)):
            self.run.append(node)  # it gets the class and may call all of it
            return
        if any(not looks_up(base) for base in node.bases) or node.keywords:
            self.run += [*node.bases, *node.keywords]
        bases = ", ".join(map(ast.unparse, node.bases))
        self.notes.append(f"({bases})")
        self._look_up(node.bases)
        if node.decorator_list:
            self.notes.append(f"{' '.join(map(ast.unparse, node.decorator_list))} {node.name}")
            self._look_up(node.decorator_list)
            if not any(self._is_of(base, _FRAMEWORKS) for base in node.bases):
                # Keras registers no class without this method; its own have it.
                self.notes.append(f"{node.name}: {any(_defines(each, 'get_config') for each in node.body)}")
        names: set[str] = set()
        for statement in node.body:
            self._in_class(statement, frozenset(names))
            names |= bound(statement)

    def _in_class(self, node: ast.stmt, known: frozenset[str]) -> None:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                self._function(node, known)
            case ast.ClassDef():
                self._class(node)
            case ast.Pass() | ast.Expr(value=ast.Constant()):
                pass
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if not is_special(name) and looks_up(value):
                self._look_up([value], known)
            case ast.AnnAssign(target=ast.Name(id=name)) if not is_special(name) and looks_up(node.value):
                self._look_up([node.value, *self._annotations(node.annotation)], known)
            case _:
                self.run.append(node)

    def _function(self, node: Function, known: frozenset[str]) -> None:
        for decorator in node.decorator_list:
            if not self._notes_only(decorator, known):
                self.run.append(node)
                return
        arguments = node.args
        each = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]
        annotations = [self._annotations(argument.annotation) for argument in each if argument is not None]
        evaluated = [
            *node.decorator_list,
            *arguments.defaults,
            *(default for default in arguments.kw_defaults if default is not None),
            *(expression for found in [*annotations, self._annotations(node.returns)] for expression in found),
        ]
        self.run += [expression for expression in evaluated[len(node.decorator_list) :] if not looks_up(expression)]
        self._look_up(evaluated, known)

    def _annotations(self, annotation: ast.expr | None) -> list[ast.expr]:
        return [annotation] if annotation is not None and self.annotations_run else []

    def _notes_only(self, decorator: ast.expr, known: frozenset[str] = frozenset()) -> bool:
        """Whether a decorator calls nothing of what it decorates."""
        callee = decorator
        if isinstance(decorator, ast.Call):
            callee = decorator.func
            if not all(map(looks_up, [*decorator.args, *(keyword.value for keyword in decorator.keywords)])):
                return False
        match callee:
            case ast.Attribute(value=ast.Name(id=name), attr=attribute) if attribute in _ACCESSORS and name in known:
                return True
            case ast.Name(id="property" | "staticmethod" | "classmethod" as name) if name not in self.meant:
                return True
        return self._is_of(callee, _RUN_NOTHING)

    def _is_of(self, node: ast.expr, packages: frozenset[str]) -> bool:
        """Whether a dotted name means something of one of the packages."""
        while isinstance(node, ast.Attribute):
            node = node.value
        if not isinstance(node, ast.Name):
            return False
        name, seen = node.id, set[str]()
        while name in self.meant and name not in seen:  # a short form of a short form
            seen.add(name)
            name = self.meant[name].partition(".")[0]
            if name in packages:
                return True
        return False

    def _look_up(self, expressions: Iterable[ast.expr | None], known: frozenset[str] = frozenset()) -> None:
        """Note the names that are looked up. What Python has, and what the class has defined above, is there."""
        for expression in expressions:
            for node in _dotted(expression) if expression is not None else ():
                root = node.partition(".")[0]
                if root not in known and (root not in _BUILTINS or "." in node):
                    self.names.add(node)


def looks_up(node: ast.expr | None) -> bool:
    """Whether an expression only looks names up: then nothing of it can do more than fail."""
    match node:
        case None | ast.Constant() | ast.Name() | ast.Lambda():
            return True
        case ast.Attribute(value=value) | ast.UnaryOp(operand=value) | ast.Starred(value=value):
            return looks_up(value)
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            return all(map(looks_up, parts))
        case ast.Dict(keys=keys, values=values):
            return all(map(looks_up, [*keys, *values]))
        case ast.BinOp(left=left, op=ast.BitOr(), right=right) | ast.Subscript(value=left, slice=right):
            return looks_up(left) and looks_up(right)
    return False


def _dotted(node: ast.expr) -> Iterator[str]:
    """The expressions within one that are looked up, outermost first, as text."""
    match node:
        case ast.Constant() | ast.Lambda():
            return
        case ast.Subscript() | ast.BinOp() if _is_plain_type(node):
            return
        case ast.Name() | ast.Attribute() | ast.Subscript() | ast.BinOp():
            yield ast.unparse(node)
            return
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.expr):
            yield from _dotted(child)
        elif isinstance(child, ast.keyword):
            yield from _dotted(child.value)


def _is_plain_type(node: ast.expr) -> bool:
    """`int | None`, `dict[str, int]`: of types of Python, which are there and can be put together."""
    match node:
        case ast.Name(id=name):
            return name in _TYPES
        case ast.Constant(value=value):
            return value is None or value is Ellipsis
        case ast.BinOp(left=left, right=right) | ast.Subscript(value=left, slice=right):
            return _is_plain_type(left) and _is_plain_type(right)
        case ast.Tuple(elts=parts):
            return all(map(_is_plain_type, parts))
    return False


def is_special(name: str) -> bool:
    """Whether Python itself looks for a name."""
    return name.startswith("__") and name.endswith("__")


def _defines(node: ast.stmt, name: str) -> bool:
    return name in bound(node)


def bound(node: ast.stmt) -> set[str]:
    """The names that a statement may bind where it stands."""
    match node:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return {name}
    names = set()
    for each in ast.walk(node):
        match each:
            case ast.Name(id=name, ctx=ast.Store()):
                names.add(name)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                names.add(name)
            case ast.alias(name=name, asname=other):
                names.add(other or name.partition(".")[0])
    return names
