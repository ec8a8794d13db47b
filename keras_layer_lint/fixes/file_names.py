"""What the names of a file stand for: imports that are certain, and what a place sees otherwise."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from keras_layer_lint.source.tree_walk import walk

_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)


@dataclass(frozen=True, slots=True)
class _Scope:
    """A function or class: its lines, and what its names stand for."""

    first: int
    last: int
    bound: frozenset[str]
    imports: dict[str, tuple[str, int]]


@dataclass(frozen=True)
class FileNames:
    """The names of one module."""

    imported: dict[str, str]
    """Name to absolute dotted name, where a top-level import alone gives the module that name."""
    mentioned: frozenset[str]
    """All names of the file, in whatever scope: a new import takes none of them."""
    _tree: ast.Module

    def seen_from(self, line: int) -> dict[str, str]:
        """What a place in a function may use: imports, but for names that are something else around it."""
        found = dict(self.imported)
        for scope in self._scopes:
            if not scope.first <= line <= scope.last:
                continue
            for name in scope.bound:
                found.pop(name, None)
                target, where = scope.imports.get(name, ("", line))
                if where < line:
                    found[name] = target
        return found

    @cached_property
    def _scopes(self) -> list[_Scope]:
        """All functions and classes, what is further out first: it begins before what is within it."""
        scopes = [node for node in walk(self._tree) if isinstance(node, _SCOPES)]
        found = [_Scope(_first(node), node.end_lineno or 0, frozenset(_bound(node)), _imports(node)) for node in scopes]
        return sorted(found, key=lambda scope: (scope.first, -scope.last))


@lru_cache(maxsize=8)
def names_of(text: str) -> FileNames | None:
    """The names of a source text; None where this Python cannot parse it."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    imported = {name: full for name, (full, _) in _imports(tree).items()}
    return FileNames(imported, frozenset(_mentioned(tree)), tree)


def _first(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef) -> int:
    decorators = [] if isinstance(node, ast.Lambda) else node.decorator_list
    return min([node.lineno, *(each.lineno for each in decorators)])


def _imports(scope: ast.AST) -> dict[str, tuple[str, int]]:
    """Names that imports directly in the body of a scope give, and nothing else in it; and the line."""
    found: dict[str, list[tuple[str, int]]] = {}
    body = scope.body if isinstance(scope, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)) else []
    for node in body:
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            for name, full in imports_in(node):
                found.setdefault(name, []).append((full, node.lineno))
    counts = Counter(_bound(scope))
    return {
        name: given[0]
        for name, given in found.items()
        if counts[name] == len(given) and len({full for full, _ in given}) == 1
    }


def imports_in(node: ast.Import | ast.ImportFrom) -> Iterator[tuple[str, str]]:
    """The names that an import gives, and what they stand for; relative imports and stars give none that is known."""
    for alias in node.names:
        if isinstance(node, ast.Import):
            yield (
                alias.asname or alias.name.partition(".")[0],
                (alias.name if alias.asname else alias.name.partition(".")[0]),
            )
        elif alias.name != "*":
            module = node.module if node.module and not node.level else "." * node.level + (node.module or "")
            yield alias.asname or alias.name, f"{module}.{alias.name}"


def _bound(scope: ast.AST) -> Iterator[str]:
    """Names that a scope gives something, each as often as it does.

    What a function within a function binds counts as well: a fix is to use no name that changes its meaning near by.
    """
    is_outer = isinstance(scope, (ast.Module, ast.ClassDef))
    stack: list[ast.AST] = list(ast.iter_child_nodes(scope))
    while stack:
        node = stack.pop()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield node.name
        if is_outer and isinstance(node, _SCOPES):
            yield from (name for each in walk(node) if isinstance(each, ast.Global) for name in each.names)
            continue
        yield from _names_bound_by(node)
        stack.extend(ast.iter_child_nodes(node))


def _names_bound_by(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
            yield name
        case ast.arg(arg=name):
            yield name
        case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
            yield name
        case ast.MatchMapping(rest=str(name)):
            yield name
        case ast.Global(names=names) | ast.Nonlocal(names=names):
            yield from names
        case ast.Import() | ast.ImportFrom():
            yield from (name for name, _ in imports_in(node))
        case _:
            pass


def _mentioned(tree: ast.Module) -> Iterator[str]:
    for node in walk(tree):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield node.name
        else:
            yield from _names_bound_by(node)
