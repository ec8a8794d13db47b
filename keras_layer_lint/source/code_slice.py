"""The LibCST tree of one function, or of the head of a class, from its own lines, with positions of the file."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import TypeAlias

import libcst as cst

from keras_layer_lint.diagnostic import Span
from keras_layer_lint.errors import BeyondParser, LimitReached
from keras_layer_lint.source.backtracking import costly
from keras_layer_lint.source.blanking import LIVE
from keras_layer_lint.source.live_blocks import splice
from keras_layer_lint.source.module_entries import LambdaFunction
from keras_layer_lint.source.module_index import FunctionNode, ModuleIndex
from keras_layer_lint.source.nesting import too_deep
from keras_layer_lint.source.parser_input import acceptable, feed, with_python_names
from keras_layer_lint.source.positions import Positions, positions_of
from keras_layer_lint.source.quick_nodes import be_quick

_keeps = False


@contextmanager
def trees_kept() -> Iterator[None]:
    """Parse no definition again that stands in its file as before: version after version of a file is linted.

    The trees of the last thousand definitions are kept. Not for two threads at once.
    """
    global _keeps
    before, _keeps = _keeps, True
    try:
        yield
    finally:
        _keeps = before


class CodeSlice:
    """One definition: `node` is its `FunctionDef`, or the `ClassDef` of a class without what stands in it.

    Positions are computed where they are asked for.
    """

    __slots__ = ("_asked", "_head", "_inserted", "_located", "_module", "_offset", "index", "node", "text")

    def __init__(
        self,
        index: ModuleIndex,
        module: cst.Module,
        node: cst.ClassDef | cst.FunctionDef,
        text: str,
        offset: int,
        inserted: int | None = None,
        located: Positions | None = None,
    ) -> None:
        self.index = index
        self.node = node
        self.text = text
        self._module = module
        self._offset = offset
        """Lines of the file before the first line of the parsed text."""
        self._inserted = inserted
        """The line of the parsed text that the file does not have, nor the line break before it."""
        self._asked = 0
        self._head = located
        self._located = located

    def span(self, node: cst.CSTNode) -> Span:
        """Where a node of this slice stands in the file; a definition starts at its keyword, not at its decorators."""
        if self._located is None:
            place = None if node is self.node else self._in_head().spans.get(id(node))  # parameters need no more
            if place is not None:
                return self._span(*place)
            if self._asked < _FEW:
                self._asked += 1
                return self._span(*positions_of(self._module, stop_behind=node).spans[id(node)])
            self._located = positions_of(self._module)
        return self._span(*self._located.spans[id(node)])

    def _in_head(self) -> Positions:
        """Positions up to the colon of the definition."""
        if self._head is None:
            self._head = positions_of(self._module, stop_at=self.node.body)
        return self._head

    def name_span(self, node: cst.ClassDef | cst.FunctionDef) -> Span:
        """Where the name of a definition stands."""
        return self.span(node.name)

    def header_span(self, node: cst.CSTNode) -> Span:
        """From the keyword of a compound statement to its colon, the colon included; any other node whole."""
        body = getattr(node, "body", None)
        if not isinstance(body, cst.BaseSuite):
            return self.span(node)
        positions = self._in_head() if node is self.node else self._located or positions_of(self._module, stop_at=body)
        line, column = positions.spans[id(node)][:2]
        return self._span(line, column, *positions.suites[id(body)])

    def _span(self, line: int, column: int, end_line: int, end_column: int) -> Span:
        line, end_line = self._in_file(line), self._in_file(end_line)
        return Span(line, column + 1 + self._fed(line), end_line, end_column + 1 + self._fed(end_line))

    def _in_file(self, line: int) -> int:
        is_behind = self._inserted is not None and line >= self._inserted
        return line + self._offset - 2 * is_behind

    def _fed(self, line: int) -> int:
        text = self.index.lines[line - 1] if line <= len(self.index.lines) else ""
        return feed(text)


def slice_function(index: ModuleIndex, node: FunctionNode) -> CodeSlice:
    """LibCST of one function or method. The caller has put it, or the class it is of, to `check_nesting`."""
    assert node.end_lineno is not None
    if isinstance(node, LambdaFunction):
        return _slice_lambda(index, node.written)
    return _slice(index, node, node.end_lineno)


def _slice_lambda(index: ModuleIndex, node: ast.Lambda) -> CodeSlice:
    """LibCST of a lambda as a function. `def _(` is as long as `lambda`; the body follows in a line of its own."""
    span = index.span(node)
    lines = list(index.lines[span.line - 1 : span.end_line])
    lines[-1] = lines[-1][: span.end_column - 1]
    lines[0] = f"{' ' * (span.column - 1)}def _({lines[0][span.column - 1 + len('lambda') :]}"
    row, colon = _colon_of(index, node, lines, span)
    header = [*lines[:row], lines[row][:colon] + "):\n"]
    body = [" " * (colon + 1) + lines[row][colon + 1 :], *lines[row + 1 :]]
    indent = " " * span.column
    text = f"{''.join(header)}{indent}return (\n{''.join(body)}\n{indent})\n"
    is_indented = span.column > 1
    if is_indented:
        text = "if True:\n" + text
    offset = span.line - 1 - is_indented
    module = _parsed(text, offset)
    definition = _definition(module.body)
    if definition is None:
        raise BeyondParser("valid Python that LibCST reads differently", span.line)
    return CodeSlice(index, module, definition, text, offset, len(header) + 1 + is_indented)


def _colon_of(index: ModuleIndex, node: ast.Lambda, lines: Sequence[str], span: Span) -> tuple[int, int]:
    """The line and column in `lines` of the colon between parameters and body."""
    given = node.args
    parts = [*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg]
    ends = [index.span(part) for part in [*parts, *given.defaults, *given.kw_defaults] if part is not None]
    last = max(((end.end_line, end.end_column) for end in ends), default=(span.line, span.column + len("lambda")))
    row, start = last[0] - span.line, last[1] - 1
    while (found := lines[row].find(":", start)) < 0:
        row, start = row + 1, 0
    return row, found


def slice_header(index: ModuleIndex, node: ast.ClassDef) -> CodeSlice:
    """LibCST of a class with its decorators and bases, and `pass` for what stands in it."""
    assert node.end_lineno is not None
    first = node.body[0]
    if first.lineno == node.lineno or index.lines[first.lineno - 1][: first.col_offset].strip():
        return _slice(index, node, node.end_lineno)  # all in the line of the colon
    return _slice(index, node, _start(index.lines, first) - 1, index.lines[first.lineno - 1][: first.col_offset])


def check_nesting(index: ModuleIndex, node: ast.ClassDef | FunctionNode) -> None:
    """Raise UnreadableFile where LibCST could not take what is nested in a definition."""
    if (line := too_deep(node, index.lines)) is not None:
        raise LimitReached("nested too deeply to be analysed", line)
    if (line := costly(node, index.lines)) is not None:
        raise LimitReached("a pattern or a target of `del` is nested too deeply to be parsed in time", line)


def _slice(
    index: ModuleIndex, definition: ast.ClassDef | FunctionNode, end_line: int, indent: str | None = None
) -> CodeSlice:
    """LibCST of the lines of a definition up to `end_line`; with `indent`, of a body that is only `pass` behind it."""
    first = _start(index.lines, definition)
    text = _text(index, first, end_line)
    is_kept = _keeps and index.text.count(text) == 1  # two definitions of one text are told apart by their trees
    if indent is not None:
        text += indent[feed(indent) :] + "pass\n"
    offset = first - 1
    if text[:1] in (" ", "\t"):
        # Not dedented: that would change strings that reach column 0.
        text = _AROUND + text
        offset -= 1
    text = with_python_names(text)
    is_spliced = index.is_reduced and LIVE in text
    tree = _kept(text, is_spliced, index.path) if is_kept else None
    module, node, located = tree or _tree(text, is_spliced, offset)
    if node is None:
        raise BeyondParser("valid Python that LibCST reads differently", first)
    return CodeSlice(index, module, node, text, offset, located=located)


_Tree: TypeAlias = "tuple[cst.Module, cst.ClassDef | cst.FunctionDef | None, Positions | None]"
"""What was parsed, the definition in it, and where all stood in the text if the tree is another by now."""


def _tree(text: str, is_spliced: bool, offset: int) -> _Tree:
    module = _parsed(text, offset)
    if not is_spliced:
        return module, _definition(module.body), None
    module = module.deep_clone()  # a tree of its own, for it is changed
    located, node = positions_of(module), _definition(module.body)
    if node is not None:
        splice(node)
    return module, node, located


@lru_cache(maxsize=1024)
def _kept(text: str, is_spliced: bool, path: Path) -> _Tree | None:
    """None where LibCST cannot take it, which depends on no place and is told of one."""
    with suppress(BeyondParser):
        return _tree(text, is_spliced, 0)
    return None


def _text(index: ModuleIndex, first: int, last: int) -> str:
    """Lines of a file. LibCST loses some form feeds at their start, and a column with them: they go and are counted."""
    return "".join([line[feed(line) :] for line in index.lines[first - 1 : last]])


_AROUND = "if True:\n"
"""Stands before a definition that is indented."""


def slices_of_methods(index: ModuleIndex, nodes: Sequence[FunctionNode]) -> dict[FunctionNode, CodeSlice]:
    """As `slice_function` of methods of one class, parsed at once; those that cannot be are left out.

    Each time that the parser is begun, code and tables of it have to come back to where the processor has them at hand:
    between other work, one parse of a few methods takes a quarter less time than one of each.
    """
    if _keeps:
        return {}  # most of them need no parse
    texts: dict[FunctionNode, tuple[str, int]] = {}
    for node in nodes:
        first = _start(index.lines, node)
        text = _text(index, first, node.end_lineno or node.lineno)
        if text.isascii() and text.endswith("\n") and not (index.is_reduced and LIVE in text):
            texts[node] = (text, first)
    indents = {text[: len(text) - len(text.lstrip(" \t"))] for text, _ in texts.values()}
    if len(texts) < 2 or len(indents) > 1 or not all(indents):
        return {}
    be_quick()
    try:
        module = cst.parse_module(_AROUND + "".join([text for text, _ in texts.values()]))
    except cst.ParserSyntaxError:
        return {}  # each by itself says which of them it is
    around = module.body[0]
    if len(module.body) > 1 or not isinstance(around, cst.If) or len(around.body.body) != len(texts):
        return {}
    found: dict[FunctionNode, CodeSlice] = {}
    for (node, (text, first)), definition in zip(texts.items(), around.body.body, strict=True):
        if not isinstance(definition, cst.FunctionDef):
            return {}
        alone = around.with_changes(body=around.body.with_changes(body=(definition,)))
        found[node] = CodeSlice(index, module.with_changes(body=(alone,)), definition, _AROUND + text, first - 2)
    return found


def _parsed(text: str, offset: int) -> cst.Module:
    try:
        be_quick()
        return cst.parse_module(text)
    except cst.ParserSyntaxError as error:
        if (other := acceptable(text)) is not None:
            with suppress(cst.ParserSyntaxError):
                return cst.parse_module(other)
        reason = f"valid Python that LibCST cannot read: {error.message}"
        raise BeyondParser(reason, max(error.raw_line + offset, 1), error.raw_column + 1) from None


def _start(lines: Sequence[str], node: ast.stmt) -> int:
    """First line of a statement: `ast` gives that of a decorator's expression, which may stand below its `@`."""
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    line = min([node.lineno, *(decorator.lineno for decorator in decorators)])
    while decorators and line > 1 and not lines[line - 1].lstrip().startswith("@"):
        line -= 1
    return line


def _definition(body: Sequence[cst.CSTNode]) -> cst.ClassDef | cst.FunctionDef | None:
    while body:
        first = body[0]
        if isinstance(first, (cst.ClassDef, cst.FunctionDef)):
            return first
        if not isinstance(first, cst.If):
            return None
        body = first.body.body
    return None


_FEW = 2
"""So many nodes of a definition are looked for one by one, before all are located."""
