"""Positions of nodes, taken down while LibCST writes the code out again.

PositionProvider does the same at twice the cost. This rests on private parts of LibCST; where they are missing,
`source.positions` uses PositionProvider.
"""

from __future__ import annotations

from contextlib import suppress
from types import TracebackType

import libcst as cst
from libcst._nodes.internal import CodegenState

_SUITES = frozenset({cst.IndentedBlock, cst.SimpleStatementSuite})


class _Stop(Exception):
    """Thrown to end the writing of code."""


class WrittenPositions(CodegenState):
    """Where the nodes of a module stand, from the start on."""

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
        self, state: WrittenPositions, node: cst.CSTNode, start_node: cst.CSTNode | None, end_node: cst.CSTNode | None
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
