"""Edits of source that keep every line where it is: an expression stood in for, a statement dropped."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, TypeGuard

from keras_layer_lint.confirm.probe import Claim
from keras_layer_lint.confirm.steps import NAME

Edit = Literal["stand-in", "statement", "past Keras", "dropped", "told"]
"""Something stands in for the expression a finding points at, for what its statement computes, for the object whose
attribute it sets, so that Keras does not see that; or no statement; or a statement before it tells that it is reached.
"""
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_WITH_PARTS_OF_THEIR_OWN = (ast.Lambda, ast.BoolOp, ast.IfExp, *_COMPREHENSIONS)
"""Expressions that do not compute all of their parts, or not once."""
_SIMPLE = (ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Expr, ast.Return, ast.Delete, ast.Assert, ast.Raise)


@dataclass(frozen=True, slots=True)
class _Part:
    """An expression that can be stood in for, and what its place needs: a condition, elements, any value."""

    node: ast.expr
    kind: str


@dataclass(frozen=True)
class Source:
    """The text of a module and its tree."""

    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """The syntax tree, parsed once."""
        return ast.parse(self.text)

    @cached_property
    def _parents(self) -> dict[ast.AST, ast.AST]:
        return {child: node for node in ast.walk(self.tree) for child in ast.iter_child_nodes(node)}

    @cached_property
    def _lines(self) -> list[bytes]:
        # As the parser counts lines: form feeds end none.
        return [line.encode() for line in self.text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]

    def statement(self, line: int) -> ast.stmt | None:
        """The innermost statement whose first lines, up to a body, hold the line."""
        found = [node for node in ast.walk(self.tree) if isinstance(node, ast.stmt) and line in header(node)]
        return max(found, key=lambda node: node.lineno, default=None)

    def function(self, line: int) -> range:
        """The lines of the outermost function around a line; those of the statement where there is none."""
        around = [
            node
            for node in ast.walk(self.tree)
            if isinstance(node, ast.FunctionDef) and node.lineno <= line <= (node.end_lineno or 0)
        ]
        found = min(around, key=lambda node: node.lineno) if around else self.statement(line)
        return whole(found) if found is not None else range(line, line + 1)

    def functions(self, line: int) -> set[str]:
        """The names of the functions and methods around a line."""
        return {
            node.name
            for node in ast.walk(self.tree)
            if isinstance(node, ast.FunctionDef) and node.lineno <= line <= (node.end_lineno or 0)
        }

    def body(self, line: int) -> range:
        """The lines that the condition or the loop on a line decides on; none where the line holds neither."""
        node = self.statement(line)
        if not isinstance(node, (ast.If, ast.For, ast.While)):
            return range(0)
        return range(header(node).stop, whole(node).stop)

    def edited(self, edits: Mapping[Claim, Edit]) -> tuple[str, dict[int, Claim]] | None:
        """The text with the edits made, and which claim each number in it stands for; None where one cannot be."""
        insertions: list[tuple[int, int, bytes]] = []
        numbers: dict[int, Claim] = {}
        for number, (claim, edit) in enumerate(edits.items()):
            match edit:
                case "dropped":
                    made = self._dropped(claim)
                case "told":
                    made = self._told(claim, number)
                case _:
                    made = self._stood_in_for(claim, number, edit)
            if made is None:
                return None
            numbers[number] = claim
            insertions += [insertion for insertion in made if insertion not in insertions]
        lines = list(self._lines)
        for line, column, text in sorted(insertions, key=lambda item: item[:2], reverse=True):
            lines[line - 1] = lines[line - 1][:column] + text + lines[line - 1][column:]
        edited = b"\n".join(lines).decode()
        try:
            ast.parse(edited)
        except SyntaxError:  # edits within each other
            return None
        return edited, numbers

    def _stood_in_for(self, claim: Claim, number: int, edit: Edit) -> list[tuple[int, int, bytes]] | None:
        ways = {"stand-in": self._part, "statement": self._whole, "past Keras": self._owner}
        part = ways[edit](claim)
        if part is None or not _can_move(part.node):
            return None
        node = part.node
        opening = f"{NAME}({number}, {part.kind!r}, lambda: (".encode()
        return [
            (node.lineno, node.col_offset, opening),
            (node.end_lineno or node.lineno, node.end_col_offset or 0, b"))"),
        ]

    def _told(self, claim: Claim, number: int) -> list[tuple[int, int, bytes]] | None:
        """Tell before the statement of a finding that it is reached, and leave the statement to AutoGraph."""
        start = (claim.line, self._bytes(claim.line, claim.column))
        around = [node for node in ast.walk(self.tree) if _holds(node, start)]
        if not around or any(isinstance(node, _WITH_PARTS_OF_THEIR_OWN) for node in around):
            return None  # the statement may be reached where the finding is not
        innermost = [node for node in around if isinstance(node, ast.stmt)][-1]
        if not isinstance(innermost, _SIMPLE):
            return None
        return [(innermost.lineno, innermost.col_offset, f"{NAME}({number}, 'told', lambda: None); ".encode())]

    def _dropped(self, claim: Claim) -> list[tuple[int, int, bytes]] | None:
        """Turn a statement into a string, which may hold line breaks but no quotes of its own kind; end a loop.

        AutoGraph does not look into a loop that it finds to run no time.
        """
        node = self.statement(claim.line)
        match node:
            case ast.While(test=over) | ast.For(iter=over):
                none = b"() and (" if isinstance(node, ast.For) else b"False and ("
                end = (over.end_lineno or over.lineno, over.end_col_offset or 0)
                return [(over.lineno, over.col_offset, none), (*end, b")")]
        start = (claim.line, self._bytes(claim.line, claim.column))
        for inner in ast.walk(node) if node is not None else ():  # behind a colon
            if isinstance(inner, _SIMPLE) and (inner.lineno, inner.col_offset) == start:
                node = inner
        if not isinstance(node, _SIMPLE) or node.end_lineno is None or node.end_col_offset is None:
            return None
        text = ast.get_source_segment(self.text, node) or ""
        quotes = b"'''" if '"""' in text else b'"""'
        return [
            (node.lineno, node.col_offset, b"r" + quotes),
            (node.end_lineno, node.end_col_offset, b" " + quotes),
        ]

    def _part(self, claim: Claim) -> _Part | None:
        """The expression that a finding points at; where it points at a statement, what that computes."""
        exact = self._at(claim)
        if exact is None or isinstance(self._parents.get(exact), (ast.Attribute, ast.keyword)):
            return self._whole(claim)
        around: ast.AST | None = exact
        while around is not None:
            if isinstance(around, ast.JoinedStr):
                exact = around  # before Python 3.12 positions within an f-string are wrong
            around = self._parents.get(around)
        return _Part(exact, self._kind(exact))

    def _whole(self, claim: Claim) -> _Part | None:
        statement = self.statement(claim.line)
        return None if statement is None else _of_statement(statement)

    def _owner(self, claim: Claim) -> _Part | None:
        match self.statement(claim.line):
            case ast.Assign(targets=[ast.Attribute(value=ast.Name() as owner)]):
                return _Part(owner, "owner")
        return None

    def assigned(self, claim: Claim) -> set[str]:
        """The names and attributes that the statement of a finding assigns to."""
        statement = self.statement(claim.line)
        targets = [target for target in ast.walk(statement) if _is_target(target)] if statement is not None else []
        return {target.id if isinstance(target, ast.Name) else target.attr for target in targets}

    def read_on(self, line: int) -> set[str]:
        """The attributes that a line reads."""
        return {
            node.attr
            for node in ast.walk(self.tree)
            if isinstance(node, ast.Attribute)
            and isinstance(node.ctx, ast.Load)
            and node.lineno <= line <= (node.end_lineno or node.lineno)
        }

    def _at(self, claim: Claim) -> ast.expr | None:
        """The outermost expression with exactly the span of the finding that is read, not assigned to."""
        if not 0 < claim.line <= len(self._lines) or not 0 < claim.end_line <= len(self._lines):
            return None
        start = (claim.line, self._bytes(claim.line, claim.column))
        end = (claim.end_line, self._bytes(claim.end_line, claim.end_column))
        for node in ast.walk(self.tree):
            if (
                isinstance(node, ast.expr)
                and (node.lineno, node.col_offset) == start
                and (node.end_lineno, node.end_col_offset) == end
                and isinstance(getattr(node, "ctx", None) or ast.Load(), ast.Load)
            ):
                return node
        return None

    def _bytes(self, line: int, column: int) -> int:
        return len(self._lines[line - 1].decode()[: column - 1].encode())

    def _kind(self, node: ast.expr) -> str:
        match self._parents.get(node):
            case ast.If(test=test) | ast.While(test=test) | ast.Assert(test=test) | ast.IfExp(test=test) if (
                test is node
            ):
                return "condition"
            case ast.BoolOp() | ast.UnaryOp(op=ast.Not()):
                return "condition"
            case ast.comprehension() as made:
                return "elements" if made.iter is node else "condition"
            case ast.For(iter=iterated) if iterated is node:
                return "elements"
            case ast.Starred():
                return "elements"
            case ast.Assign(targets=[ast.Tuple() | ast.List(), *_], value=value) if value is node:
                return "elements"
        return "value"


def _holds(node: ast.AST, place: tuple[int, int]) -> bool:
    """Whether a node with a position is around a place."""
    if not isinstance(node, (ast.stmt, ast.expr)) or node.end_lineno is None or node.end_col_offset is None:
        return False
    return (node.lineno, node.col_offset) <= place < (node.end_lineno, node.end_col_offset)


def _is_target(node: ast.AST) -> TypeGuard[ast.Name | ast.Attribute]:
    return isinstance(node, (ast.Name, ast.Attribute)) and isinstance(node.ctx, ast.Store)


def whole(node: ast.stmt) -> range:
    """The lines of a statement, its body included."""
    return range(node.lineno, (node.end_lineno or node.lineno) + 1)


def header(node: ast.stmt) -> range:
    """The lines of a statement, up to its body."""
    body = getattr(node, "body", None) or getattr(node, "cases", None)
    if not body:
        return whole(node)
    first = body[0].pattern if isinstance(body[0], ast.match_case) else body[0]
    return range(node.lineno, max(first.lineno, node.lineno + 1))


def _of_statement(node: ast.stmt) -> _Part | None:
    match node:
        case ast.If() | ast.While() | ast.Assert():
            return _Part(node.test, "condition")
        case ast.For():
            return _Part(node.iter, "elements")
        case ast.Match():
            return _Part(node.subject, "value")
        case ast.Assign() | ast.AugAssign() | ast.Return() | ast.Expr() | ast.AnnAssign():
            value = node.value.body if isinstance(node.value, ast.Lambda) else node.value
            unpacked = isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Tuple)
            return None if value is None else _Part(value, "elements" if unpacked else "value")
    return None


def _can_move(node: ast.expr) -> bool:
    """Whether an expression means the same within a lambda."""
    return not any(
        isinstance(inner, (ast.NamedExpr, ast.Await, ast.Yield, ast.YieldFrom))
        or (isinstance(inner, ast.Name) and inner.id in {"super", "__class__"})
        for inner in ast.walk(node)
    )


def lines_of(claims: Iterable[Claim]) -> frozenset[int]:
    """All lines that findings stand on."""
    return frozenset(line for claim in claims for line in range(claim.line, claim.end_line + 1))
