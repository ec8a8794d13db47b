"""Imports that nothing needs any longer after fixes: they go with what has used them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import libcst as cst

from keras_layer_lint.diagnostic import Edit, Span
from keras_layer_lint.fixes.editing import edited, least
from keras_layer_lint.fixes.file_names import imports_in
from keras_layer_lint.fixes.place import FileTree
from keras_layer_lint.source.tree_walk import walk

_WORD = re.compile(r"[^\W\d]\w*")
_TYPE_COMMENT = re.compile(r"#\s*type:(.*)")


def without_unused(before: str, after: str, path: Path) -> str:
    """A text without the imports that it uses no longer. Raises SyntaxError where it is no Python.

    Only whole names at the top of a module that its code used before and nothing uses now: no string, which may be an
    annotation, a name in `__all__` or an example. Who imports a package may import any name of its `__init__.py`.
    """
    tree = ast.parse(after)
    if path.name == "__init__.py":
        return after
    used = frozenset(_used(tree))
    imported = [
        (node, name)
        for node in tree.body
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for name, _ in imports_in(node)
        if name not in used
    ]
    if not imported:
        return after
    gone = {name for _, name in imported} & frozenset(_used(ast.parse(before))) - frozenset(_in_text(tree, after))
    nodes = {node.lineno: node for node, name in imported if name in gone}
    file = FileTree(after)
    edits = [edit for node in nodes.values() if (edit := _without(file, node, gone)) is not None]
    return edited(after, edits)


def _used(tree: ast.Module) -> Iterator[str]:
    """The names that the code of a module has but for its imports."""
    for node in walk(tree):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, (ast.Global, ast.Nonlocal)):
            yield from node.names


def _in_text(tree: ast.Module, text: str) -> Iterator[str]:
    """The words of all strings, and of the comments that are types."""
    for node in walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from _WORD.findall(node.value)
    for comment in _TYPE_COMMENT.findall(text):
        yield from _WORD.findall(comment)


def _without(file: FileTree, node: ast.stmt, gone: set[str]) -> Edit | None:
    """An import without names, or no import at all; None where it shares its line, or a comment speaks to linters."""
    statement, *inner = [*file.around(node.lineno, node.col_offset + 1), None]
    if not isinstance(statement, cst.SimpleStatementLine) or inner != [None] or len(statement.body) != 1:
        return None
    small = statement.body[0]
    if not isinstance(small, (cst.Import, cst.ImportFrom)) or isinstance(small.names, cst.ImportStar):
        return None
    span = file.span(statement)
    text = file.text_of(Span(span.line, 1, span.end_line + 1, 1) if span.end_line < len(file.lines) else span)
    if "noqa" in text:
        return None
    left = [alias for alias in small.names if _name_of(alias) not in gone]
    if not left:
        return Edit(Span(span.line, 1, _behind(file, span) + 1, 1), "") if span.end_line < len(file.lines) else None
    if "#" in text:
        return None
    left[-1] = left[-1].with_changes(comma=small.names[-1].comma)
    new = file.module.code_for_node(small.with_changes(names=left))
    return least(file.span(small), file.text_of(file.span(small)), new)


def _behind(file: FileTree, span: Span) -> int:
    """The last line that goes with an import: where it stood alone, blank lines behind it, too."""
    last = span.end_line
    if span.line == 1 or not file.lines[span.line - 2].strip():
        while last < len(file.lines) - 1 and not file.lines[last].strip():
            last += 1
    return last


def _name_of(alias: cst.ImportAlias) -> str:
    if alias.asname is not None:
        return cst.ensure_type(alias.asname.name, cst.Name).value
    return alias.evaluated_name.partition(".")[0]
