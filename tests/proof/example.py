"""An example of a page as a module: importing it, finding the line of an error, standing in for a faulty line."""

from __future__ import annotations

import ast
import importlib.util
import re
import sys
import tempfile
import traceback
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from tests.proof.framework import Framework

STEP = "__step__"
_PLACEHOLDER = np.float32(1.0)


@dataclass(slots=True)
class Steps:
    """What marked lines call in place of their expression.

    A line in `replayed` computes in eager mode; while tracing it gives what it gave then, as constants. A line in
    `dropped` is no statement any more. Every other line computes always. `runs` counts both.
    """

    framework: Framework
    replayed: frozenset[int] = frozenset()
    dropped: frozenset[int] = frozenset()
    as_arrays: bool = False
    """Give arrays in place of constants, which belong to the graph they are made in."""
    runs: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    _recorded: dict[int, list[Any]] = field(default_factory=lambda: defaultdict(list))
    _read: dict[int, int] = field(default_factory=lambda: defaultdict(int))

    def rewind(self) -> None:
        self._read.clear()

    def step(self, line: int, kind: str, compute: Callable[[], Any]) -> Any:
        self.runs[line] += 1
        if line not in self.replayed:
            return compute()
        tf = self.framework.tf
        if tf.executing_eagerly():
            try:
                value = compute()
                recorded = {"condition": bool, "elements": list}.get(kind, lambda value: value)(value)
            except Exception:  # fails in eager mode, too
                recorded = _PLACEHOLDER
            self._recorded[line].append(tf.nest.map_structure(lambda leaf: _host(tf, leaf), recorded))
            return recorded
        values = self._recorded[line] or [False if kind == "condition" else [] if kind == "elements" else _PLACEHOLDER]
        value = values[min(self._read[line], len(values) - 1)]
        self._read[line] += 1
        if self.as_arrays:
            return value
        return tf.nest.map_structure(lambda leaf: tf.constant(leaf) if isinstance(leaf, np.ndarray) else leaf, value)


def _host(tf: Any, leaf: Any) -> Any:
    return np.asarray(leaf) if tf.is_tensor(leaf) else leaf


class Example:
    def __init__(self, framework: Framework, source: str, marked: Iterable[int], folder: str) -> None:
        self.framework = framework
        self.source = source
        self.marked = frozenset(marked)
        self.tree = ast.parse(source)
        self._root = folder
        self._folder = Path(tempfile.mkdtemp(dir=folder))
        self.file = ""

    def load(self, steps: Steps | None = None, lines: Iterable[int] = ()) -> ModuleType:
        """Import the example anew; with `steps`, the marked lines (or `lines`) go through them."""
        source = self.source
        if steps:
            source = _with_steps(source, self.tree, frozenset(lines) or self.marked, steps.dropped)
        path = self._folder / f"example_{len(list(self._folder.iterdir()))}.py"
        path.write_text(source, encoding="utf-8")
        self.file = str(path)
        spec = importlib.util.spec_from_file_location(path.stem, path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        if steps:
            do_not_convert = self.framework.tf.autograph.experimental.do_not_convert
            setattr(module, STEP, do_not_convert(steps.step))
        sys.modules[path.stem] = module
        spec.loader.exec_module(module)
        return module

    def edited(self, source: str) -> Example:
        """The same with other code."""
        return Example(self.framework, source, self.marked, self._root)

    def line_of(self, error: BaseException) -> int | None:
        """The innermost line of the example in the traceback."""
        lines = self.lines_of(error)
        return lines[-1] if lines else None

    def lines_of(self, error: BaseException) -> list[int]:
        """The lines of the example in the traceback, the innermost last.

        AutoGraph runs generated files; their traceback names the lines of the example in the text of the error.
        """
        # Any file: AutoGraph keeps what it converted, with the name of the file, for code equal to what it knows.
        named = re.findall(rf'File "{re.escape(self._root)}/[^"]+", line (\d+)', str(error))
        if named:
            return [int(line) for line in named]
        frames = traceback.extract_tb(error.__traceback__)
        return [frame.lineno or 0 for frame in frames if frame.filename.startswith(self._root)]

    def statement(self, line: int) -> ast.stmt:
        """The innermost statement whose first lines, up to a body, hold the line."""
        found = [node for node in ast.walk(self.tree) if isinstance(node, ast.stmt) and line in header(node)]
        return max(found, key=lambda node: node.lineno)

    def function(self, line: int) -> range:
        """The lines of the outermost function around a line; of that statement where there is none."""
        around = [
            node
            for node in ast.walk(self.tree)
            if isinstance(node, ast.FunctionDef) and node.lineno <= line <= (node.end_lineno or 0)
        ]
        return whole(min(around, key=lambda node: node.lineno) if around else self.statement(line))


def whole(node: ast.stmt) -> range:
    return range(node.lineno, (node.end_lineno or node.lineno) + 1)


def header(node: ast.stmt) -> range:
    body = getattr(node, "body", None) or getattr(node, "cases", None)
    if not body:
        return whole(node)
    first = body[0].pattern if isinstance(body[0], ast.match_case) else body[0]
    return range(node.lineno, max(first.lineno, node.lineno + 1))


def _expression(node: ast.stmt) -> tuple[ast.expr, str] | None:
    match node:
        case ast.If() | ast.While() | ast.Assert():
            return node.test, "condition"
        case ast.For():
            return node.iter, "elements"
        case ast.Match():
            return node.subject, "value"
        case ast.Assign() | ast.AugAssign() | ast.Return() | ast.Expr() | ast.AnnAssign():
            value = node.value
            if isinstance(value, ast.Lambda):
                value = value.body
            unpacked = isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Tuple)
            return (value, "elements" if unpacked else "value") if value else None
    return None


def _with_steps(source: str, tree: ast.Module, lines: frozenset[int], dropped: frozenset[int]) -> str:
    """Wrap the expression of each marked statement. Line numbers stay as they are."""
    text = source.encode().splitlines(keepends=True)
    edits: list[tuple[int, int, bytes]] = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.stmt) or not (marked := lines & set(header(node))):
            continue
        if marked & dropped and node.end_lineno == node.lineno and node.end_col_offset is not None:
            edits += [(node.lineno, node.end_col_offset, b'"""'), (node.lineno, node.col_offset, b'"""')]
            continue
        found = _expression(node)
        if found is None:
            continue
        expression, kind = found
        if any(isinstance(inner, ast.NamedExpr) for inner in ast.walk(expression)):
            continue  # in a lambda the name would be another
        assert expression.end_lineno is not None
        assert expression.end_col_offset is not None
        edits.append((expression.end_lineno, expression.end_col_offset, b"))"))
        opening = f"{STEP}({min(marked)}, {kind!r}, lambda: ("
        edits.append((expression.lineno, expression.col_offset, opening.encode()))
    for line, column, insertion in sorted(edits, reverse=True):
        text[line - 1] = text[line - 1][:column] + insertion + text[line - 1][column:]
    return b"".join(text).decode()
