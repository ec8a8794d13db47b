"""The LibCST tree of one class or function, parsed from its own lines, with positions of the file."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from contextlib import suppress
from types import TracebackType

import libcst as cst
from libcst._nodes.internal import CodegenState

from keras_layer_lint.diagnostic import Span
from keras_layer_lint.errors import UnreadableFile
from keras_layer_lint.source.module_index import ClassEntry, FunctionEntry, ModuleIndex
from keras_layer_lint.source.nesting import too_deep


class ClassSlice:
    """One definition: `node` is its `ClassDef` or `FunctionDef`; positions are computed where they are asked for."""

    __slots__ = ("_located", "_methods", "_module", "_offset", "index", "node")

    def __init__(
        self,
        index: ModuleIndex,
        module: cst.Module,
        node: cst.ClassDef | cst.FunctionDef,
        offset: int,
        methods: Sequence[tuple[cst.FunctionDef, int]] = (),
    ) -> None:
        self.index = index
        self.node = node
        self._module = module
        self._offset = offset
        """Lines of the file before the first line of the parsed text."""
        self._methods = list(methods)
        """Those not located yet, each with the line of its keyword in the file."""
        self._located: list[_Positions] = []

    def span(self, node: cst.CSTNode) -> Span:
        """Where a node of this slice stands in the file; a definition starts at its keyword, not at its decorators."""
        positions = self._positions_of(node)
        return self._span(positions, *positions.spans[id(node)])

    def name_span(self, node: cst.ClassDef | cst.FunctionDef) -> Span:
        """Where the name of a definition stands."""
        return self.span(node.name)

    def header_span(self, node: cst.CSTNode) -> Span:
        """From the keyword of a compound statement to its colon, the colon included; any other node whole."""
        body = getattr(node, "body", None)
        if not isinstance(body, cst.BaseSuite):
            return self.span(node)
        if node is self.node:
            positions = _Positions(self._module, stop_at=body).shifted(self._offset)
        else:
            method = next((item for item in self._methods if item[0] is node), None)
            positions = self._method(*method, stop_at=body) if method else self._positions_of(node)
        line, column = positions.spans[id(node)][:2]
        return self._span(positions, line, column, *positions.suites[id(body)])

    def _span(self, positions: _Positions, line: int, column: int, end_line: int, end_column: int) -> Span:
        line += positions.offset
        end_line += positions.offset
        return Span(line, column + 1 + self._fed(line), end_line, end_column + 1 + self._fed(end_line))

    def _fed(self, line: int) -> int:
        text = self.index.lines[line - 1] if line <= len(self.index.lines) else ""
        return len(text) - len(text.lstrip("\f")) if text.startswith("\f") else 0

    def _positions_of(self, node: cst.CSTNode) -> _Positions:
        """Positions that hold `node`: those of one method, as far as methods have to be looked through, else all."""
        for positions in self._located:
            if id(node) in positions.spans:
                return positions
        while self._methods and node is not self.node:
            positions = self._method(*self._methods.pop(0))
            self._located.append(positions)
            if id(node) in positions.spans:
                return positions
        self._methods.clear()
        self._located = [_Positions(self._module).shifted(self._offset)]
        return self._located[0]

    def _method(self, node: cst.FunctionDef, line: int, stop_at: cst.BaseSuite | None = None) -> _Positions:
        text = self.index.lines[line - 1].lstrip("\f")
        positions = _Positions(self._module, node, text[: len(text) - len(text.lstrip())], stop_at)
        return positions.shifted(line - positions.spans[id(node)][0])


def slice_class(index: ModuleIndex, entry: ClassEntry) -> ClassSlice:
    """LibCST of one class."""
    return _slice(index, entry)


def slice_function(index: ModuleIndex, entry: FunctionEntry) -> ClassSlice:
    """LibCST of one module-level function."""
    return _slice(index, entry)


def _slice(index: ModuleIndex, entry: ClassEntry | FunctionEntry) -> ClassSlice:
    deep = too_deep(entry.node, index.lines)
    if deep is not None:
        raise UnreadableFile("nested too deeply to be analysed", deep)
    first = _start(index.lines, entry.line, bool(entry.node.decorator_list))
    # LibCST loses some form feeds at the start of a line, and with them a column: they are taken out and counted.
    text = "".join([line.lstrip("\f") for line in index.lines[first - 1 : entry.end_line]])
    offset = first - 1
    if text[:1] in (" ", "\t"):
        # Not dedented: that would change strings that reach column 0.
        text = "if True:\n" + text
        offset -= 1
    try:
        module = cst.parse_module(text)
    except cst.ParserSyntaxError as error:
        raise UnreadableFile(
            f"LibCST cannot parse it: {error.message}", max(error.raw_line + offset, 1), error.raw_column + 1
        ) from None
    node = _definition(module.body)
    if node is None:
        raise UnreadableFile("LibCST reads its lines differently from Python", first)
    return ClassSlice(index, module, node, offset, _methods(node, entry.node))


def _start(lines: Sequence[str], line: int, decorated: bool) -> int:
    """First line of a definition: `ast` gives that of a decorator's expression, which may stand below its `@`."""
    while decorated and line > 1 and not lines[line - 1].lstrip().startswith("@"):
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


_SUITES = frozenset({cst.IndentedBlock, cst.SimpleStatementSuite})


def _methods(node: cst.ClassDef | cst.FunctionDef, tree: ast.AST) -> list[tuple[cst.FunctionDef, int]]:
    """Functions that stand directly in a class, as LibCST has them, and the line of the file where `ast` sees them."""
    if not (isinstance(node, cst.ClassDef) and isinstance(tree, ast.ClassDef)):
        return []
    found = [child for child in node.body.body if type(child) is cst.FunctionDef]
    lines = [child.lineno for child in tree.body if type(child) in (ast.FunctionDef, ast.AsyncFunctionDef)]
    return list(zip(found, lines, strict=True)) if len(found) == len(lines) else []


class _Stop(Exception):
    """Thrown to end the writing of code."""


class _Positions(CodegenState):
    """Positions of nodes, taken down while LibCST writes the code out again.

    PositionProvider does the same at twice the cost, and does not say where the body of a statement begins.
    """

    def __init__(
        self,
        module: cst.Module,
        method: cst.FunctionDef | None = None,
        indent: str = "",
        stop_at: cst.BaseSuite | None = None,
    ) -> None:
        """Locate all that is in a module, or in a method of it that is indented by `indent`, up to `stop_at`."""
        super().__init__(module.default_indent, module.default_newline)
        self.line = 1
        self.column = 0
        self.offset = 0
        """What makes lines of the file from those kept here."""
        self.spans: dict[int, tuple[int, int, int, int]] = {}
        """`id` of a node (the tree keeps it alive) to line, column, end line, end column; columns from 0."""
        self.suites: dict[int, tuple[int, int]] = {}
        """`id` of a body to the place right after the colon before it."""
        self._starts: list[tuple[int, int]] = []
        self._stop_at = stop_at
        if indent:
            self.increase_indent(indent)
        with suppress(_Stop):
            (module if method is None else method)._codegen(self)

    def shifted(self, offset: int) -> _Positions:
        """These, with the offset to the lines of the file."""
        self.offset = offset
        return self

    def add_indent_tokens(self) -> None:
        for token in self.indent_tokens:
            self.column += len(token)

    def add_token(self, value: str) -> None:
        if "\n" in value or "\r" in value:
            pieces = value.replace("\r\n", "\n").replace("\r", "\n").split("\n")
            self.line += len(pieces) - 1
            self.column = len(pieces[-1])
        else:
            self.column += len(value)

    def pop_trailing_newline(self) -> None:
        """Nothing is kept that could be taken back."""

    def before_codegen(self, node: cst.CSTNode) -> None:
        if node is self._stop_at:
            self.suites[id(node)] = (self.line, self.column)
            raise _Stop
        self._starts.append((self.line, self.column))

    def after_codegen(self, node: cst.CSTNode) -> None:
        line, column = self._starts.pop()
        if type(node) in _SUITES:  # node classes are abstract base classes: isinstance is slow
            self.suites[id(node)] = (line, column)
        self.spans.setdefault(id(node), (line, column, self.line, self.column))

    def record_syntactic_position(  # type: ignore[override]
        self, node: cst.CSTNode, *, start_node: cst.CSTNode | None = None, end_node: cst.CSTNode | None = None
    ) -> _Recording:
        return _Recording(self, node, start_node, end_node)


class _Recording:
    """The context in which LibCST writes a node without the whitespace around it."""

    __slots__ = ("end_node", "node", "start", "start_node", "state")

    def __init__(
        self, state: _Positions, node: cst.CSTNode, start_node: cst.CSTNode | None, end_node: cst.CSTNode | None
    ) -> None:
        self.state = state
        self.node = node
        self.start_node = start_node
        self.end_node = end_node

    def __enter__(self) -> None:
        self.start = (self.state.line, self.state.column)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        state = self.state
        stopped = kind is _Stop
        if kind is not None and not stopped:
            return
        start = self.start if self.start_node is None else state.spans[id(self.start_node)][:2]
        end = (state.line, state.column) if self.end_node is None or stopped else state.spans[id(self.end_node)][2:]
        state.spans[id(self.node)] = (*start, *end)
