"""What one module imports, defines and assigns, read with `ast`: enough to tell what its classes derive from."""

from __future__ import annotations

import ast
import os
import re
import warnings
from collections.abc import Callable
from dataclasses import field
from pathlib import Path
from threading import Lock

from keras_layer_lint.diagnostic import Span
from keras_layer_lint.errors import LimitReached, UnreadableFile
from keras_layer_lint.immutable import dataclass
from keras_layer_lint.processes import in_deep_stack, is_deep
from keras_layer_lint.source.decode import decode, split_lines
from keras_layer_lint.source.module_entries import (
    LOCALS,
    Binding,
    ClassEntry,
    FunctionEntry,
    FunctionNode,
    dotted_name,
)
from keras_layer_lint.source.module_walk import Walk, is_only_defined, nested_classes, targets_of_import

__all__ = [
    "DOT",
    "LOCALS",
    "Binding",
    "ClassEntry",
    "FunctionEntry",
    "FunctionNode",
    "ModuleIndex",
    "dotted_name",
    "import_targets",
    "index_module",
    "parse",
]

DOT = "\u2024"
"""Stands in the dotted name of a module for a dot in the name of a folder."""


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
    tree: ast.Module = field(repr=False)
    text: str = field(repr=False)
    """The source as decoded: `lines` in one, which is searched again and again."""
    is_reduced: bool = False
    """Code was taken out of it, and `if 1:` stands before blocks that always run."""

    def changed_lines(self, other: ModuleIndex) -> list[int]:
        """Numbers of the lines that another state of the module has otherwise."""
        return [
            number for number, pair in enumerate(zip(self.lines, other.lines, strict=True), 1) if pair[0] != pair[1]
        ]

    def class_at(self, line: int) -> ClassEntry | None:
        """The class whose definition begins at a line."""
        return next((entry for entry in self.classes.values() if entry.line == line), None)

    def is_replaced(self, entry: ClassEntry) -> bool:
        """Whether a later class takes the name of a class before anything can use it.

        The functions and methods in between run later, where nothing but definitions stands there.
        """
        bindings = self.bindings.get(entry.name, ())
        later = [b.line for b in bindings if isinstance(b, ClassEntry) and b.line > entry.line and not b.stand_in]
        if not later or entry.enclosing or entry.stand_in or entry.node.decorator_list:
            return False
        between = "".join(self.lines[entry.end_line : min(later) - 1])
        if re.search(rf"\b{re.escape(entry.name)}\b", between) is None:
            return True
        statements = [node for node in self.tree.body if entry.end_line < node.lineno < min(later)]
        return all(is_only_defined(node, entry.name) for node in statements)

    def span(self, node: ast.expr | ast.stmt | ast.arg) -> Span:
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
    walk = Walk(name if is_package else name.rpartition(".")[0], nested_classes(lines))
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
        tree=tree,
        text=text,
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

    def needs_parent(name: str) -> bool:
        if needed > 0:
            return True
        if os.path.isfile(f"{folder}{os.sep}__init__.py"):  # noqa: PTH113
            return "." not in name  # no import can name it
        return is_inner is not None and bool(parts) and is_inner(f"{folder}{os.sep}{parts[-1]}")

    path = path.absolute()
    is_package = path.name == "__init__.py"
    parts = [] if is_package else [path.stem]
    folder = str(path.parent)
    needed = levels  # so many folders must belong to the package, with `__init__.py` or as namespace packages
    # Text instead of paths: this runs for each file.
    while (split := os.path.split(folder))[1] and needs_parent(split[1]):
        folder, name = split
        parts.append(name)
        needed -= 1
    return ".".join(part.replace(".", DOT) for part in reversed(parts)), Path(folder), is_package


def import_targets(node: ast.Import | ast.ImportFrom, module: ModuleIndex) -> list[tuple[str, str]]:
    """(local name, absolute target) for each name that an import in a module binds; ("*", module) for a star."""
    return targets_of_import(node, module.name if module.is_package else module.name.rpartition(".")[0])
