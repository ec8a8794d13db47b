"""What one module imports, defines and assigns, read with `ast`: enough to tell what its classes derive from."""

from __future__ import annotations

import ast
import os
import re
import warnings
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import TypeAlias

from keras_layer_lint.diagnostic import Span
from keras_layer_lint.errors import LimitReached, UnreadableFile
from keras_layer_lint.processes import in_deep_stack, is_deep
from keras_layer_lint.source.decode import decode, split_lines

FunctionNode: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef

LOCALS = "<locals>"
"""Part of a qualified name, as in Python's `__qualname__`: what follows is local to the function before it."""

DOT = "\u2024"
"""Stands in the dotted name of a module for a dot in the name of a folder."""


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


@dataclass(frozen=True, slots=True, eq=False)
class FunctionEntry:
    """A function at module level. `line` is that of its first decorator."""

    name: str
    node: FunctionNode = field(repr=False)
    line: int
    end_line: int


Binding: TypeAlias = str | ClassEntry | FunctionEntry | ast.expr
"""What a name is bound to: an imported absolute dotted name, a definition, or an assigned expression."""


@dataclass(frozen=True, slots=True, eq=False)
class ModuleIndex:
    """The names of one module. Nothing in it was executed."""

    path: Path
    name: str
    """Absolute dotted name, from the folders above that are packages, or must be for its relative imports."""
    is_package: bool
    root: Path
    """Folder in which the first part of `name` is found."""
    lines: tuple[str, ...] = field(repr=False)
    imports: dict[str, tuple[str, ...]] = field(repr=False)
    """Local name to absolute dotted targets, the preferred one first."""
    star_imports: tuple[str, ...]
    classes: dict[str, ClassEntry] = field(repr=False)
    """By qualified name; a second class of the same name has `#2` behind it."""
    functions: dict[str, FunctionEntry] = field(repr=False)
    assignments: dict[str, ast.expr] = field(repr=False)
    bindings: dict[str, tuple[Binding, ...]] = field(repr=False)
    """All that a module-level name may be, the most likely first: what is bound last, but fallbacks
    (`except ImportError:`, `else:`) after what they stand in for."""
    is_reduced: bool = False
    """Code was taken out of it, and `if 1:` stands before blocks that always run."""

    @property
    def text(self) -> str:
        """The source as decoded."""
        return "".join(self.lines)

    def changed_lines(self, other: ModuleIndex) -> list[int]:
        """Numbers of the lines that another state of the module has otherwise."""
        return [
            number for number, pair in enumerate(zip(self.lines, other.lines, strict=True), 1) if pair[0] != pair[1]
        ]

    def class_at(self, line: int) -> ClassEntry | None:
        """The class whose definition begins at a line."""
        return next((entry for entry in self.classes.values() if entry.line == line), None)

    def span(self, node: ast.expr | ast.stmt) -> Span:
        """Where a node stands in the file (`ast` counts columns in bytes)."""
        end_line = node.end_lineno or node.lineno
        end = node.end_col_offset or node.col_offset
        return Span(node.lineno, self._column(node.lineno, node.col_offset), end_line, self._column(end_line, end))

    def _column(self, line: int, offset: int) -> int:
        return len(self.lines[line - 1].encode("utf-8", "surrogatepass")[:offset].decode("utf-8", "ignore")) + 1


def index_module(
    source: str | bytes, path: Path, is_inner: Callable[[str], bool] | None = None, *, is_reduced: bool = False
) -> ModuleIndex:
    """Index one file; UnreadableFile where Python itself could not compile it.

    `is_inner` tells whether a package or module, by its path without `.py`, belongs to the folder around it even where
    that has no `__init__.py`: its name then begins with that of the folder. `is_reduced`: as in `ModuleIndex`.
    """
    text = decode(source) if isinstance(source, bytes) else source.removeprefix("\ufeff")
    tree = parse(text)
    if is_reduced:
        _splice(tree)
    relative = max((node.level for node in _imports(tree, text)), default=0)
    name, root, is_package = _module_name(path, relative, is_inner)
    lines = split_lines(text)
    walk = _Walk(name if is_package else name.rpartition(".")[0], _nested_classes(lines))
    walk.module(tree)
    return ModuleIndex(
        path=path,
        name=name,
        is_package=is_package,
        root=root,
        lines=lines,
        imports={key: tuple(dict.fromkeys(reversed(found))) for key, found in walk.imports.items()},
        star_imports=tuple(dict.fromkeys(walk.stars)),
        classes=walk.classes,
        functions=walk.functions,
        assignments=walk.assignments,
        bindings=walk.preferred(),
        is_reduced=is_reduced,
    )


def _splice(tree: ast.Module) -> None:
    """Put the statements of blocks that always run among those around them."""
    stack: list[ast.AST] = [tree]
    while stack:
        node = stack.pop()
        for name in ("body", "orelse", "finalbody"):
            body = getattr(node, name, None)
            if not isinstance(body, list):
                continue
            while any(_always_runs(statement) for statement in body):
                body[:] = [inner for one in body for inner in (one.body if _always_runs(one) else [one])]
            stack.extend(body)
        stack.extend(getattr(node, "handlers", ()))
        stack.extend(getattr(node, "cases", ()))


def _always_runs(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Constant) and node.test.value == 1 and not node.orelse


# Adding the parts of an f-string up is quadratic in CPython 3.10 and 3.11: 100,000 take six seconds.
_F_STRING = re.compile(r"\b[rR]?[fF][rR]?['\"]")
_MAX_BRACES = 50_000
_NESTED_CLASS = re.compile(r"\A[ \t\f]+class\b")
_RELATIVE = re.compile(r"from[\s\\]+\.")  # a pattern that begins with plain text is searched fast


_filtering = Lock()
"""The filters of warnings are those of the whole process."""


def parse(text: str) -> ast.Module:
    """`ast.parse` whose failures, of whatever kind, are an UnreadableFile; the user sees no SyntaxWarning of it."""
    if text.count("{") > _MAX_BRACES and _F_STRING.search(text):
        raise LimitReached("too many replacement fields in f-strings")
    try:
        with _filtering, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except SyntaxError as error:
        line = max(error.lineno or 1, 1)
        raise UnreadableFile(f"syntax error: {error.msg}", line, max(error.offset or 1, 1)) from None
    except (RecursionError, MemoryError) as error:
        if isinstance(error, MemoryError) or is_deep():
            raise LimitReached("nested too deeply to be parsed") from None
    except ValueError as error:
        raise UnreadableFile(f"cannot be parsed: {error}") from None
    return in_deep_stack(lambda: parse(text))


def _nested_classes(lines: Sequence[str]) -> list[int]:
    """Lines in which an indented class may begin."""
    return [number for number, line in enumerate(lines, 1) if "class" in line and _NESTED_CLASS.match(line)]


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


def _imports(tree: ast.Module, text: str) -> list[ast.ImportFrom]:
    if not _RELATIVE.search(text):
        return []
    found = []
    stack: list[ast.AST] = [tree]
    while stack:
        node = stack.pop()
        if isinstance(node, ast.ImportFrom):
            if node.level:
                found.append(node)
            continue
        for name in ("body", "orelse", "finalbody", "handlers", "cases"):
            body = getattr(node, name, None)
            if isinstance(body, list):  # an expression has a `body`, too
                stack.extend(body)
    return found


def _module_name(path: Path, levels: int, is_inner: Callable[[str], bool] | None) -> tuple[str, Path, bool]:
    """Dotted name, search root, whether a package. `levels`: the most dots that a relative import there has."""

    def needs_parent() -> bool:
        if needed > 0 or os.path.isfile(f"{folder}{os.sep}__init__.py"):  # noqa: PTH113
            return True
        return is_inner is not None and bool(parts) and is_inner(f"{folder}{os.sep}{parts[-1]}")

    path = path.absolute()
    is_package = path.name == "__init__.py"
    parts = [] if is_package else [path.stem]
    folder = str(path.parent)
    needed = levels  # so many folders must belong to the package, with `__init__.py` or as namespace packages
    # Text instead of paths: this runs for each file.
    while (split := os.path.split(folder))[1] and needs_parent():
        folder, name = split
        parts.append(name)
        needed -= 1
    return ".".join(part.replace(".", DOT) for part in reversed(parts)), Path(folder), is_package


@dataclass(slots=True)
class _Scope:
    """Where a statement stands: `fallback` within `except` or `else`, and the functions and classes around it."""

    qualname: str = ""
    in_function: bool = False
    in_class: bool = False
    fallback: bool = False
    imports: dict[str, tuple[str, ...]] = field(default_factory=dict)
    shadowed: frozenset[str] = frozenset()


class _Walk:
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
        for local, target in _targets(node, self.package):
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
        imports, shadowed = self._locals(node)
        inner = _Scope(
            f"{prefix}{node.name}.{LOCALS}",
            in_function=True,
            imports={**scope.imports, **imports},
            shadowed=(scope.shadowed - imports.keys()) | shadowed,
        )
        return [(node.body, inner)]

    def _locals(self, node: FunctionNode) -> tuple[dict[str, tuple[str, ...]], frozenset[str]]:
        imports: dict[str, tuple[str, ...]] = {}
        arguments = node.args
        names = {argument.arg for argument in arguments.posonlyargs + arguments.args + arguments.kwonlyargs}
        names |= {argument.arg for argument in (arguments.vararg, arguments.kwarg) if argument is not None}
        for child in _within(node):
            if isinstance(child, (ast.Import, ast.ImportFrom)):
                for local, target in _targets(child, self.package):
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
            stack.extend(ast.iter_child_nodes(here))
    return found


def _bodies(node: ast.stmt, scope: _Scope) -> list[tuple[list[ast.stmt], _Scope]]:
    """List the bodies of a compound statement. Of `try` and `if`, what is not the first body stands in for it."""
    instead = scope
    if isinstance(node, (ast.If, ast.Try)) and not scope.fallback:
        instead = _Scope(scope.qualname, scope.in_function, scope.in_class, True, scope.imports, scope.shadowed)
    bodies: list[tuple[list[ast.stmt], _Scope]] = []
    if (body := getattr(node, "body", None)) and isinstance(body, list):
        bodies.append((body, scope))
    bodies.extend([(handler.body, instead) for handler in getattr(node, "handlers", ())])
    if orelse := getattr(node, "orelse", None):
        bodies.append((orelse, scope if isinstance(node, ast.Try) else instead))
    if final := getattr(node, "finalbody", None):
        bodies.append((final, scope))
    bodies.extend([(case.body, instead) for case in getattr(node, "cases", ())])
    return bodies


def import_targets(node: ast.Import | ast.ImportFrom, module: ModuleIndex) -> list[tuple[str, str]]:
    """(local name, absolute target) for each name that an import in a module binds; ("*", module) for a star."""
    return _targets(node, module.name if module.is_package else module.name.rpartition(".")[0])


def _targets(node: ast.Import | ast.ImportFrom, package: str) -> list[tuple[str, str]]:
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
