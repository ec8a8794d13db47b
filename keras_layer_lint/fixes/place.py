"""What a fix gets: the diagnostic, the LibCST of the file it stands in, and how nodes become edits of its text."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

import libcst as cst
import libcst.matchers as m

from keras_layer_lint.diagnostic import Diagnostic, Edit, Span
from keras_layer_lint.errors import LimitReached
from keras_layer_lint.fixes.editing import least
from keras_layer_lint.source.backtracking import costly
from keras_layer_lint.source.decode import split_lines
from keras_layer_lint.source.module_index import parse
from keras_layer_lint.source.nesting import too_deep
from keras_layer_lint.source.positions import positions_of

_SUPER_CALL = m.Call(func=m.Attribute(value=m.Call(func=m.Name("super")), attr=m.Name("__init__")))
SUPER_INIT = m.SimpleStatementLine(body=[m.Expr(value=_SUPER_CALL)])
"""`super().__init__(...)` on a line of its own."""
BASE_INIT = m.SimpleStatementLine(
    body=[
        m.Expr(
            value=_SUPER_CALL
            | m.Call(func=m.Attribute(attr=m.Name("__init__")), args=[m.Arg(value=m.Name("self")), m.ZeroOrMore()])
        )
    ]
)
"""As `SUPER_INIT`, and `Base.__init__(self, ...)`."""
_WITH_BODIES = (cst.If, cst.Else, cst.ExceptHandler, cst.ExceptStarHandler, cst.Finally, cst.MatchCase)
"""What stands in a statement and has a body of its own; an `elif` is an `If`."""
_TEXT = m.SimpleStatementLine(body=[m.Expr(value=m.SimpleString() | m.ConcatenatedString())])


class FileTree:
    """The LibCST of a whole file and where its nodes stand.

    Raises cst.ParserSyntaxError, or UnreadableFile; that also for what LibCST would take too long for, or end the
    process on.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.lines = split_lines(text)
        for statement in parse(text).body:
            if (line := too_deep(statement, self.lines) or costly(statement, self.lines)) is not None:
                raise LimitReached("nested too deeply to be fixed", line)
        self.module = cst.parse_module(text)
        self._spans = positions_of(self.module).spans
        self._starts_of: dict[int, list[tuple[int, int]]] = {}
        self._known: dict[int, bool] = {}

    def span(self, node: cst.CSTNode) -> Span:
        """Where a node stands."""
        line, column, end_line, end_column = self._spans[id(node)]
        return Span(line, column + 1, end_line, end_column + 1)

    def text_of(self, span: Span) -> str:
        """The text of a span."""
        rows = list(self.lines[span.line - 1 : span.end_line])
        rows[-1] = rows[-1][: span.end_column - 1]
        rows[0] = rows[0][span.column - 1 :]
        return "".join(rows)

    def around(self, line: int, column: int) -> list[cst.BaseStatement]:
        """The statements around a place, the outermost first. No more is gone through than blocks on the way."""
        found: list[cst.BaseStatement] = []
        blocks: list[cst.Module | cst.BaseSuite] = [self.module]
        while blocks:
            block = blocks.pop()
            if not isinstance(block, (cst.Module, cst.IndentedBlock)):
                continue  # a body on the line of its header
            number = bisect_right(self._starts(block), (line, column)) - 1
            statement = block.body[number] if number >= 0 else None
            if isinstance(statement, cst.BaseStatement) and self.holds(statement, line, column):
                found.append(statement)
                blocks = list(_blocks(statement))
        return found

    def once(self, function: cst.FunctionDef, ask: Callable[[], bool]) -> bool:
        """What is asked of a function, found out for the first of the diagnostics in it."""
        if (known := self._known.get(id(function))) is None:
            known = self._known[id(function)] = ask()
        return known

    def holds(self, node: cst.CSTNode, line: int, column: int) -> bool:
        """Whether a node stands around a place."""
        span = self.span(node)
        return (span.line, span.column) <= (line, column) < (span.end_line, span.end_column)

    def _starts(self, block: cst.Module | cst.IndentedBlock) -> list[tuple[int, int]]:
        """Where the statements of a block begin, found out once."""
        starts = self._starts_of.get(id(block))
        if starts is None:
            starts = [self._spans[id(statement)][:2] for statement in block.body]
            starts = self._starts_of[id(block)] = [(line, column + 1) for line, column in starts]
        return starts


def _blocks(statement: cst.CSTNode) -> Iterator[cst.BaseSuite]:
    """The bodies of a statement, those of its `else` and the like included."""
    for child in statement.children:
        if isinstance(child, cst.BaseSuite):
            yield child
        elif isinstance(child, _WITH_BODIES):
            yield from _blocks(child)


def walked(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """A node and all under it, in the order of the text."""
    stack = [node]
    while stack:
        found = stack.pop()
        yield found
        stack.extend(reversed(found.children))


@dataclass(frozen=True, slots=True)
class Place:
    """A diagnostic in the tree of its file."""

    diagnostic: Diagnostic
    tree: FileTree

    @property
    def _around(self) -> list[cst.BaseStatement]:
        return self.tree.around(self.diagnostic.span.line, self.diagnostic.span.column)

    @property
    def owner(self) -> cst.ClassDef | None:
        """The class that the diagnostic stands in, the innermost of its name.

        Of what stands in a function of the module: the one class of its name, whose method calls that function.
        """
        name = (self.diagnostic.class_name or "").rpartition(".")[2]
        classes = [node for node in self._around if isinstance(node, cst.ClassDef)]
        if not classes:
            every = [node for node in self.tree.module.body if isinstance(node, cst.ClassDef)]
            classes = [node for node in every if node.name.value == name]
            return classes[0] if len(classes) == 1 else None
        around = [node for node in classes if node.name.value == name]
        return around[-1] if around else None

    def method(self, name: str) -> cst.FunctionDef | None:
        """The method of a name that the class itself defines, if there is one and no more."""
        owner = self.owner
        found = [] if owner is None else [each for each in owner.body.body if _is_method(each, name)]
        return found[0] if len(found) == 1 and isinstance(found[0], cst.FunctionDef) else None

    @property
    def function(self) -> cst.FunctionDef | None:
        """The innermost function around the diagnostic."""
        around = [node for node in self._around if isinstance(node, cst.FunctionDef)]
        return around[-1] if around else None

    @property
    def statement(self) -> cst.SimpleStatementLine | None:
        """The line of simple statements that the diagnostic stands in, if it holds one statement only."""
        *_, last = [None, *self._around]
        return last if isinstance(last, cst.SimpleStatementLine) and len(last.body) == 1 else None

    def replaced(self, node: cst.CSTNode, by: cst.BaseExpression | cst.BaseSmallStatement) -> Edit:
        """Another expression or small statement in the place of one: no more is written than differs."""
        span = self.tree.span(node)
        *_, statement = [node, *self.tree.around(span.line, span.column)]
        small = cst.Expr(by) if isinstance(by, cst.BaseExpression) else by
        return least(span, self.tree.text_of(span), self.code(statement, small))

    def code(self, statement: cst.CSTNode, small: cst.BaseSmallStatement) -> str:
        """A small statement as it is written where another statement stands, without indentation and line end."""
        first = self.tree.lines[self.tree.span(statement).line - 1]
        return self._code(cst.SimpleStatementLine([small]), first[: len(first) - len(first.lstrip())]).strip()

    def before(self, statement: cst.CSTNode, new: cst.BaseStatement) -> Edit | None:
        """A statement in lines of its own before another; None where that does not begin its line."""
        span = self.tree.span(statement)
        indent = self.tree.lines[span.line - 1][: span.column - 1]
        if indent.strip():
            return None
        return Edit(Span(span.line, 1, span.line, 1), self._code(new, indent))

    def behind(self, statement: cst.CSTNode, new: cst.BaseStatement) -> Edit | None:
        """A statement in lines of its own behind another, with as much before it; None where that ends no line."""
        span = self.tree.span(statement)
        indent = self.tree.lines[span.line - 1][: span.column - 1]
        last = self.tree.lines[span.end_line - 1]
        rest = last[span.end_column - 1 :].strip()
        if indent.strip() or (rest and not rest.startswith("#")):
            return None
        if not last.endswith(("\n", "\r")):  # the last line of the file
            end = len(last) + 1
            code = self.tree.module.default_newline + self._code(new, indent).rstrip("\r\n")
            return Edit(Span(span.end_line, end, span.end_line, end), code)
        return Edit(Span(span.end_line + 1, 1, span.end_line + 1, 1), self._code(new, indent))

    def first_in(self, function: cst.FunctionDef, new: cst.BaseStatement) -> Edit | None:
        """A statement as the first of a function, behind its docstring; None where the body is on the line of `def`."""
        if not isinstance(function.body, cst.IndentedBlock):
            return None
        first, *_ = function.body.body
        return self.behind(first, new) if m.matches(first, _TEXT) else self.before(first, new)

    def last_in(self, function: cst.FunctionDef, new: cst.BaseStatement) -> Edit | None:
        """A statement as the last that a function runs; None where it may return before, or is written in one line."""
        if not isinstance(function.body, cst.IndentedBlock):
            return None
        *_, last = function.body.body
        returns = list(returns_of(function))
        if not returns:
            return self.behind(last, new)
        is_last = m.matches(last, m.SimpleStatementLine(body=[m.Return()])) and len(returns) == 1
        return self.before(last, new) if is_last else None

    def _code(self, new: cst.BaseStatement, indent: str) -> str:
        """A statement as it stands in a block: what goes on in further lines is indented, too."""
        module = self.tree.module
        if not indent:
            return module.code_for_node(new)
        around = cst.If(cst.Name("_"), cst.IndentedBlock([new], indent=indent))
        return module.code_for_node(around).partition(module.default_newline)[2]


def _is_method(node: cst.CSTNode, name: str) -> bool:
    return isinstance(node, cst.FunctionDef) and node.name.value == name


def own_nodes(function: cst.FunctionDef) -> Iterator[cst.CSTNode]:
    """What a function holds, but for what functions and classes within it hold."""
    stack: list[cst.CSTNode] = [function.body]
    while stack:
        node = stack.pop()
        yield node
        if not isinstance(node, (cst.FunctionDef, cst.ClassDef, cst.Lambda)):
            stack.extend(reversed(node.children))


def returns_of(function: cst.FunctionDef) -> Iterator[cst.Return]:
    """The `return` statements of a function itself."""
    return (node for node in own_nodes(function) if isinstance(node, cst.Return))


@lru_cache(maxsize=16)
def is_functional(owner: cst.ClassDef) -> bool:
    """Whether a model tells its base class which inputs and outputs it has: its base config is that of its layers."""
    calls = m.findall(owner, _SUPER_CALL)
    named = m.Arg(keyword=m.Name("inputs") | m.Name("outputs"))
    return any(m.matches(argument, named) for call in calls if isinstance(call, cst.Call) for argument in call.args)


def line_break(space: cst.BaseParenthesizableWhitespace) -> cst.BaseParenthesizableWhitespace:
    """What stands between elements: a line break without the comments of another, or a blank."""
    if not isinstance(space, cst.ParenthesizedWhitespace):
        return cst.SimpleWhitespace(" ")
    first = cst.TrailingWhitespace(newline=space.first_line.newline)
    return cst.ParenthesizedWhitespace(first, indent=space.indent, last_line=space.last_line)


def parameters_of(function: cst.FunctionDef) -> list[cst.Param]:
    """The parameters that have names, without self and without those behind `*` and `**`."""
    given = function.params
    return [*given.posonly_params, *given.params, *given.kwonly_params][1:]
