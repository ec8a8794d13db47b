"""One pass over the statements of a module: what it imports, defines and assigns, and in which scope."""

from __future__ import annotations

import ast
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from keras_layer_lint.source.module_entries import (
    LOCALS,
    Binding,
    ClassEntry,
    FunctionEntry,
    FunctionNode,
    dotted_name,
)
from keras_layer_lint.source.tree_walk import children, walk

_NESTED_CLASS = re.compile(r"\A[ \t\f]+class\b")


def nested_classes(lines: Sequence[str]) -> list[int]:
    """Lines in which an indented class may begin."""
    return [number for number, line in enumerate(lines, 1) if "class" in line and _NESTED_CLASS.match(line)]


def statements_in(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """Those of a body and of the blocks in it; most nodes are in expressions, which this does not enter."""
    for statement in body:
        yield statement
        for name in ("body", "orelse", "finalbody"):
            yield from statements_in(getattr(statement, name, ()))
        for name in ("handlers", "cases"):
            for part in getattr(statement, name, ()):
                yield from statements_in(part.body)


def is_only_defined(statement: ast.stmt, name: str) -> bool:
    """Whether a statement only imports or defines something, and reads a name at most once what it defines is run."""
    match statement:
        case ast.Import() | ast.ImportFrom() | ast.Pass() | ast.Expr(value=ast.Constant()):
            return True
        case ast.Assign(value=ast.Constant()):
            return True
        case ast.FunctionDef(args=args, returns=returns) | ast.AsyncFunctionDef(args=args, returns=returns):
            read: list[ast.AST | None] = [args, returns, *statement.decorator_list]
        case ast.ClassDef(bases=bases, keywords=keywords, body=body):
            if not all(is_only_defined(part, name) for part in body):
                return False
            read = [*bases, *keywords, *statement.decorator_list]
        case _:
            return False
    return not any(
        isinstance(node, ast.Name) and node.id == name for part in read if part is not None for node in walk(part)
    )


@dataclass(slots=True)
class _Scope:
    """Where a statement stands: `fallback` within `except` or `else`, and the functions and classes around it.

    `block`: the line of the innermost such block.
    """

    qualname: str = ""
    in_function: bool = False
    in_class: bool = False
    fallback: bool = False
    imports: dict[str, tuple[str, ...]] = field(default_factory=dict)
    shadowed: frozenset[str] = frozenset()
    block: int = 0


class Walk:
    """One pass over the statements of a module, iterative in depth of definitions by an explicit stack."""

    def __init__(self, package: str, nested_classes: Sequence[int]) -> None:
        self.package = package
        self.nested_classes = nested_classes
        """Lines in which an indented class may begin, ascending."""
        self.imports: dict[str, list[str]] = {}
        self.stars: list[str] = []
        self.classes: dict[str, ClassEntry] = {}
        self.functions: dict[str, FunctionEntry] = {}
        self.assignments: dict[str, ast.expr] = {}
        self._bound: dict[str, list[tuple[bool, Binding]]] = {}

    def preferred(self) -> dict[str, tuple[Binding, ...]]:
        return {
            name: tuple(
                [binding for fallback, binding in reversed(found) if not fallback]
                + [binding for fallback, binding in found if fallback]
            )
            for name, found in self._bound.items()
        }

    def module(self, tree: ast.Module) -> None:
        stack: list[tuple[ast.stmt, _Scope]] = [(statement, _Scope()) for statement in reversed(tree.body)]
        while stack:
            statement, scope = stack.pop()
            bodies = self._statement(statement, scope)
            for body, inner in reversed(bodies):
                stack.extend([(child, inner) for child in reversed(body)])

    def _statement(self, node: ast.stmt, scope: _Scope) -> list[tuple[list[ast.stmt], _Scope]]:
        """Take in one statement; the bodies to go on with, each with its scope."""
        at_module = not scope.qualname
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            if at_module:
                self._import(node, scope.fallback)
        elif isinstance(node, ast.ClassDef):
            return self._class(node, scope)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            return self._function(node, scope)
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            if at_module:
                self._assign(node, scope.fallback)
        elif at_module or self.nested_classes:
            return _bodies(node, scope)
        return []

    def _bind(self, name: str, binding: Binding, fallback: bool) -> None:
        self._bound.setdefault(name, []).append((fallback, binding))

    def _import(self, node: ast.Import | ast.ImportFrom, fallback: bool) -> None:
        for local, target in targets_of_import(node, self.package):
            if local == "*":
                self.stars.append(target)
                continue
            found = self.imports.setdefault(local, [])
            if fallback:
                found.insert(0, target)
            else:
                found.append(target)
            self._bind(local, target, fallback)

    def _assign(self, node: ast.Assign | ast.AnnAssign, fallback: bool) -> None:
        if node.value is None:
            return
        for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
            pairs = [(target, node.value)]
            if isinstance(target, (ast.Tuple, ast.List)):
                if not isinstance(node.value, (ast.Tuple, ast.List)) or len(node.value.elts) != len(target.elts):
                    continue
                pairs = list(zip(target.elts, node.value.elts, strict=True))
            for to, value in pairs:
                if isinstance(to, ast.Name):
                    self.assignments[to.id] = value
                    self._bind(to.id, value, fallback)

    def _class(self, node: ast.ClassDef, scope: _Scope) -> list[tuple[list[ast.stmt], _Scope]]:
        qualname = f"{scope.qualname}.{node.name}" if scope.qualname else node.name
        key, number = qualname, 1
        while key in self.classes:
            number += 1
            key = f"{qualname}#{number}"
        entry = ClassEntry(
            name=node.name,
            qualname=qualname,
            node=node,
            bases=tuple([_base(base) for base in node.bases]),
            keywords=tuple(node.keywords),
            line=_first_line(node),
            end_line=node.end_lineno or node.lineno,
            enclosing=scope.qualname,
            methods=frozenset(
                [child.name for child in node.body if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef))]
            ),
            imports=scope.imports,
            shadowed=scope.shadowed,
            stand_in=scope.block,
        )
        self.classes[key] = entry
        if not scope.qualname:
            self._bind(node.name, entry, scope.fallback)
        if not self.nested_classes:
            return []
        return [(node.body, _Scope(qualname, scope.in_function, True, False, scope.imports, scope.shadowed))]

    def _function(self, node: FunctionNode, scope: _Scope) -> list[tuple[list[ast.stmt], _Scope]]:
        if not scope.qualname:
            entry = FunctionEntry(node.name, node, _first_line(node), node.end_lineno or node.lineno)
            self.functions[node.name] = entry
            self._bind(node.name, entry, scope.fallback)
        lines = self.nested_classes
        if bisect_left(lines, node.lineno) == bisect_right(lines, node.end_lineno or node.lineno):
            return []
        if not any(isinstance(child, ast.ClassDef) for child in _within(node)):
            return []
        prefix = f"{scope.qualname}." if scope.qualname else ""
        imports, shadowed = locals_of(node, self.package)
        inner = _Scope(
            f"{prefix}{node.name}.{LOCALS}",
            in_function=True,
            imports={**scope.imports, **imports},
            shadowed=(scope.shadowed - imports.keys()) | shadowed,
        )
        return [(node.body, inner)]


def locals_of(node: FunctionNode, package: str) -> tuple[dict[str, tuple[str, ...]], frozenset[str]]:
    """What a function imports, by local name, and its other local names. `package`: that of its module."""
    imports: dict[str, tuple[str, ...]] = {}
    arguments = node.args
    names = {argument.arg for argument in arguments.posonlyargs + arguments.args + arguments.kwonlyargs}
    names |= {argument.arg for argument in (arguments.vararg, arguments.kwarg) if argument is not None}
    for child in _within(node):
        if isinstance(child, (ast.Import, ast.ImportFrom)):
            for local, target in targets_of_import(child, package):
                imports[local] = (target, *imports.get(local, ()))
        elif isinstance(child, ast.Name) and isinstance(child.ctx, ast.Store):
            names.add(child.id)
        elif isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef)):
            names.add(child.name)
    return imports, frozenset(names - imports.keys())


def _within(node: FunctionNode) -> list[ast.AST]:
    """All nodes of a function's own scope: nested definitions are in it, what stands inside them is not."""
    found: list[ast.AST] = []
    stack: list[ast.AST] = list(node.body)
    while stack:
        here = stack.pop()
        found.append(here)
        if not isinstance(here, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
            stack.extend(children(here))
    return found


def _bodies(node: ast.stmt, scope: _Scope) -> list[tuple[list[ast.stmt], _Scope]]:
    """List the bodies of a compound statement. Of `try` and `if`, what is not the first body stands in for it."""

    def instead(body: list[ast.stmt]) -> tuple[list[ast.stmt], _Scope]:
        fallback = scope.fallback or isinstance(node, (ast.If, ast.Try))
        return body, replace(scope, fallback=fallback, block=body[0].lineno if fallback and not scope.qualname else 0)

    bodies: list[tuple[list[ast.stmt], _Scope]] = []
    if (body := getattr(node, "body", None)) and isinstance(body, list):
        bodies.append((body, scope))
    bodies.extend([instead(handler.body) for handler in getattr(node, "handlers", ())])
    if orelse := getattr(node, "orelse", None):
        bodies.append((orelse, scope) if isinstance(node, ast.Try) else instead(orelse))
    if final := getattr(node, "finalbody", None):
        bodies.append((final, scope))
    bodies.extend([instead(case.body) for case in getattr(node, "cases", ())])
    return bodies


def targets_of_import(node: ast.Import | ast.ImportFrom, package: str) -> list[tuple[str, str]]:
    """(local name, absolute target) for each name that an import binds; ("*", module) for a star."""
    if isinstance(node, ast.Import):
        return [
            (alias.asname, alias.name) if alias.asname else (alias.name.partition(".")[0],) * 2 for alias in node.names
        ]
    module = node.module or ""
    if node.level:
        parents = package.split(".") if package else []
        if node.level > 1:
            parents = parents[: 1 - node.level]
        module = ".".join([*parents, *filter(None, [module])])
    prefix = f"{module}." if module else ""
    return [
        ("*", module) if alias.name == "*" else (alias.asname or alias.name, prefix + alias.name)
        for alias in node.names
    ]


def _base(node: ast.expr) -> str | None:
    while isinstance(node, ast.Subscript):
        node = node.value
    if isinstance(node, ast.Call) and len(node.args) == 2:
        # six.with_metaclass(Meta, Base), the way to name a metaclass for Python 2 as well
        called = dotted_name(node.func)
        if called and called.rpartition(".")[2] == "with_metaclass":
            return dotted_name(node.args[1])
    return dotted_name(node)


def _first_line(node: ast.ClassDef | FunctionNode) -> int:
    return min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
