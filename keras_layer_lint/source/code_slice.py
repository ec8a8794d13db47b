"""The LibCST tree of one function, or of the head of a class, from its own lines, with positions of the file."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from types import TracebackType

import libcst as cst
from libcst._nodes.internal import CodegenState

from keras_layer_lint.diagnostic import Span
from keras_layer_lint.errors import BeyondParser, LimitReached
from keras_layer_lint.source.backtracking import costly
from keras_layer_lint.source.module_index import FunctionNode, ModuleIndex
from keras_layer_lint.source.nesting import too_deep
from keras_layer_lint.source.parser_input import acceptable, feed, with_python_names


class CodeSlice:
    """One definition: `node` is its `FunctionDef`, or the `ClassDef` of a class without what stands in it.

    Positions are computed where they are asked for.
    """

    __slots__ = ("_asked", "_head", "_located", "_module", "_offset", "index", "node", "text")

    def __init__(
        self, index: ModuleIndex, module: cst.Module, node: cst.ClassDef | cst.FunctionDef, text: str, offset: int
    ) -> None:
        self.index = index
        self.node = node
        self.text = text
        self._module = module
        self._offset = offset
        """Lines of the file before the first line of the parsed text."""
        self._asked = 0
        self._head: _Positions | None = None
        self._located: _Positions | None = None

    def span(self, node: cst.CSTNode) -> Span:
        """Where a node of this slice stands in the file; a definition starts at its keyword, not at its decorators."""
        if self._located is None:
            place = None if node is self.node else self._in_head().spans.get(id(node))  # parameters need no more
            if place is not None:
                return self._span(*place)
            if self._asked < _FEW:
                self._asked += 1
                return self._span(*_Positions(self._module, stop_behind=node).spans[id(node)])
            self._located = _Positions(self._module)
        return self._span(*self._located.spans[id(node)])

    def _in_head(self) -> _Positions:
        """Positions up to the colon of the definition."""
        if self._head is None:
            self._head = _Positions(self._module, stop_at=self.node.body)
        return self._head

    def name_span(self, node: cst.ClassDef | cst.FunctionDef) -> Span:
        """Where the name of a definition stands."""
        return self.span(node.name)

    def header_span(self, node: cst.CSTNode) -> Span:
        """From the keyword of a compound statement to its colon, the colon included; any other node whole."""
        body = getattr(node, "body", None)
        if not isinstance(body, cst.BaseSuite):
            return self.span(node)
        positions = self._in_head() if node is self.node else self._located or _Positions(self._module, stop_at=body)
        line, column = positions.spans[id(node)][:2]
        return self._span(line, column, *positions.suites[id(body)])

    def _span(self, line: int, column: int, end_line: int, end_column: int) -> Span:
        line += self._offset
        end_line += self._offset
        return Span(line, column + 1 + self._fed(line), end_line, end_column + 1 + self._fed(end_line))

    def _fed(self, line: int) -> int:
        text = self.index.lines[line - 1] if line <= len(self.index.lines) else ""
        return feed(text)


def slice_function(index: ModuleIndex, node: FunctionNode) -> CodeSlice:
    """LibCST of one function or method. The caller has put it, or the class it is of, to `check_nesting`."""
    assert node.end_lineno is not None
    return _slice(index, node, node.end_lineno)


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
    # LibCST loses some form feeds at the start of a line, and with them a column: they are taken out and counted.
    text = "".join([line[feed(line) :] for line in index.lines[first - 1 : end_line]])
    if indent is not None:
        text += indent[feed(indent) :] + "pass\n"
    offset = first - 1
    if text[:1] in (" ", "\t"):
        # Not dedented: that would change strings that reach column 0.
        text = "if True:\n" + text
        offset -= 1
    text = with_python_names(text)
    module = _parsed(text, offset)
    node = _definition(module.body)
    if node is None:
        raise BeyondParser("valid Python that LibCST reads differently", first)
    return CodeSlice(index, module, node, text, offset)


def _parsed(text: str, offset: int) -> cst.Module:
    try:
        with _unvalidated():
            return cst.parse_module(text)
    except cst.ParserSyntaxError as error:
        if (other := acceptable(text)) is not None:
            with suppress(cst.ParserSyntaxError):
                return cst.parse_module(other)
        reason = f"valid Python that LibCST cannot read: {error.message}"
        raise BeyondParser(reason, max(error.raw_line + offset, 1), error.raw_column + 1) from None


@contextmanager
def _unvalidated() -> Iterator[None]:
    """Do without the validation of nodes, an eighth of the time of a parse: what the parser makes is valid."""
    validate = cst.CSTNode.__post_init__
    cst.CSTNode.__post_init__ = _accept  # type: ignore[assignment,method-assign]
    try:
        yield
    finally:
        cst.CSTNode.__post_init__ = validate  # type: ignore[method-assign]


def _accept(node: cst.CSTNode) -> None:
    pass


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


_SUITES = frozenset({cst.IndentedBlock, cst.SimpleStatementSuite})


_FEW = 2
"""So many nodes of a definition are looked for one by one, before all are located."""


class _Stop(Exception):
    """Thrown to end the writing of code."""


class _Positions(CodegenState):
    """Positions of nodes, taken down while LibCST writes the code out again.

    PositionProvider does the same at twice the cost, and does not say where the body of a statement begins.
    """

    def __init__(
        self, module: cst.Module, *, stop_at: cst.BaseSuite | None = None, stop_behind: cst.CSTNode | None = None
    ) -> None:
        """Locate all that is in a module, up to `stop_at` or the end of `stop_behind`."""
        super().__init__(module.default_indent, module.default_newline)
        self.line = 1
        self.column = 0
        self.spans: dict[int, tuple[int, int, int, int]] = {}
        """`id` of a node (the tree keeps it alive) to line, column, end line, end column; columns from 0."""
        self.suites: dict[int, tuple[int, int]] = {}
        """`id` of a body to the place right after the colon before it."""
        self._starts: list[tuple[int, int]] = []
        self._stop_at = stop_at
        self._stop_behind = stop_behind
        with suppress(_Stop):
            module._codegen(self)

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
        if node is self._stop_behind:
            raise _Stop

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
