"""Questions about LibCST nodes that need no knowledge of Keras."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import fields
from functools import cache, lru_cache
from typing import Any

import libcst as cst

_LAYOUT = (
    "whitespace",
    "leading",
    "trailing",
    "lines_after",
    "lpar",
    "rpar",
    "lbracket",
    "rbracket",
    "lbrace",
    "rbrace",
)
_PUNCTUATION = {"comma", "semicolon", "header", "footer", "equal", "colon", "dot", "asynchronous", "indent", "parens"}

Body = cst.BaseSuite | None


@cache
def _content_fields(kind: type[cst.CSTNode]) -> tuple[str, ...]:
    """The fields of a node type that hold code, without layout."""
    return tuple(
        field.name for field in fields(kind) if not field.name.startswith(_LAYOUT) and field.name not in _PUNCTUATION
    )


_LEAVES = frozenset({str, bool, type(None), cst.MaybeSentinel})


def children(node: cst.CSTNode) -> list[cst.CSTNode]:
    """The child nodes that hold code, in source order as LibCST keeps them; whitespace and commas are skipped."""
    # Types are compared, not tested with isinstance: node classes are abstract base classes, which makes that slow.
    found: list[cst.CSTNode] = []
    for name in _content_fields(type(node)):
        value = getattr(node, name)
        kind = type(value)
        if kind is tuple or kind is list:
            found.extend(value)
        elif kind not in _LEAVES:
            found.append(value)
    return found


_SCOPES = frozenset({cst.FunctionDef, cst.Lambda, cst.ClassDef})


def walk(node: cst.CSTNode, *, into_functions: bool = True) -> Iterator[cst.CSTNode]:
    """`node` and everything below it, parents first; nested functions and classes only where asked for."""
    stack = [node]
    while stack:
        current = stack.pop()
        yield current
        if into_functions or current is node or type(current) not in _SCOPES:
            stack.extend(reversed(children(current)))


def dotted(node: cst.CSTNode) -> str | None:
    """`a.b.c` as text, or None where the node is anything else."""
    parts: list[str] = []
    while isinstance(node, cst.Attribute):
        parts.append(node.attr.value)
        node = node.value
    if not isinstance(node, cst.Name):
        return None
    parts.append(node.value)
    return ".".join(reversed(parts))


def self_attribute(node: cst.CSTNode, receiver: str = "self") -> str | None:
    """`name` of `self.name`, else None."""
    if isinstance(node, cst.Attribute) and isinstance(node.value, cst.Name) and node.value.value == receiver:
        return node.attr.value
    return None


def divides_sizes(node: cst.CSTNode) -> bool:
    """Whether it compares by `<`, `<=`, `>` or `>=`, and sizes of 2 and more do not all compare alike."""
    if not isinstance(node, cst.Comparison):
        return False
    left = node.left
    for part in node.comparisons:
        bounds = _BOUNDS.get(type(part.operator))
        if bounds is not None and not (
            _is_below(left, part.comparator, bounds[0]) or _is_below(part.comparator, left, bounds[1])
        ):
            return True
        left = part.comparator
    return False


def _is_below(size: cst.BaseExpression, number: cst.BaseExpression, bound: int) -> bool:
    value = literal(number)
    return type(value) is int and value <= bound and not isinstance(size, cst.BinaryOperation | cst.UnaryOperation)


_BOUNDS: dict[type[cst.BaseCompOp], tuple[int, int]] = {
    cst.GreaterThan: (1, 2),
    cst.GreaterThanEqual: (2, 1),
    cst.LessThan: (2, 1),
    cst.LessThanEqual: (1, 2),
}
"""The largest number that compares alike with every size from 2 on, behind the operator and before it."""


def is_written_as_float(node: cst.CSTNode) -> bool:
    """Whether arithmetic on numbers gives a float, because one of them is written as one."""
    match node:
        case cst.Float():
            return True
        case cst.UnaryOperation(expression=inner):
            return is_written_as_float(inner)
        case cst.BinaryOperation(left=left, operator=operator, right=right):
            divides = isinstance(operator, cst.Divide)
            return divides or is_written_as_float(left) or is_written_as_float(right)
        case _:
            return False


def literal(node: cst.BaseExpression) -> Any:
    """The Python value of a literal; `...` where it is not one."""
    kind = type(node)
    if kind in _LITERALS:
        return _evaluated(node.value)  # type: ignore[attr-defined]
    if isinstance(node, cst.Name):
        return _SINGLETONS.get(node.value, ...)
    if isinstance(node, cst.UnaryOperation):
        number: Any = literal(node.expression) if isinstance(node.operator, cst.Minus) else ...
        return -number if type(number) in (int, float) else ...
    if isinstance(node, cst.ConcatenatedString):
        value = node.evaluated_value
        return ... if value is None else value
    return ...


_LITERALS = frozenset({cst.SimpleString, cst.Integer, cst.Float, cst.Imaginary})
_SINGLETONS = {"None": None, "True": True, "False": False}


@lru_cache(maxsize=4096)
def _evaluated(text: str) -> Any:
    # To parse a literal takes twenty times as long as to see that it is a plain one, and nearly all of them are.
    if text.isascii() and text.isdigit() and (text[0] != "0" or text == "0"):
        return int(text)
    inner = text[1:-1]
    if text[0] in "'\"" and text[0] not in inner and "\\" not in inner and inner.isprintable():
        return inner
    return ast.literal_eval(text)


_EMPTY = cst.Module([])


def source(node: cst.CSTNode, limit: int = 60) -> str:
    """The code of a node on one line, shortened to `limit` characters."""
    text = " ".join(_EMPTY.code_for_node(node).split())
    while text.startswith("(") and text.endswith(")") and text.count("(") == 1:
        text = text[1:-1].strip()
    return text if len(text) <= limit else f"{text[: limit - 3].rstrip()}..."


def key_text(key: cst.CSTNode) -> str:
    """What tells the keys of a container apart: a literal's value, else the code."""
    known = literal(key) if isinstance(key, cst.BaseExpression) else ...
    return source(key) if known is ... else repr(known)


def called(node: cst.CSTNode) -> str:
    """How a call is spoken of: `tf.reduce_sum(...)`."""
    if isinstance(node, cst.Call):
        return f"{source(node.func, 40)}({'...' if node.args else ''})"
    return source(node, 40)


def statements(body: cst.CSTNode) -> tuple[cst.BaseStatement | cst.BaseSmallStatement, ...]:
    """The statements of a block, whether indented or on one line; none where it is no block."""
    if isinstance(body, cst.IndentedBlock):
        return tuple(body.body)
    return tuple(body.body) if isinstance(body, cst.SimpleStatementSuite) else ()


def simple(statement: cst.CSTNode) -> Sequence[cst.CSTNode]:
    """The simple statements on a line, or the compound one itself."""
    return tuple(statement.body) if isinstance(statement, cst.SimpleStatementLine) else (statement,)


def is_docstring(statement: cst.CSTNode) -> bool:
    """Whether a simple statement is a string and no more."""
    return isinstance(statement, cst.Expr) and isinstance(statement.value, cst.SimpleString | cst.ConcatenatedString)


def docstring(body: cst.BaseSuite) -> str:
    """The docstring that a body begins with, as it is written; empty where there is none."""
    first = next(iter(body.body), None)
    statement = first.body[0] if isinstance(first, cst.SimpleStatementLine) and first.body else first
    if isinstance(statement, cst.Expr) and isinstance(statement.value, cst.SimpleString):
        return statement.value.value
    return ""


def suites(statement: cst.CSTNode) -> Iterator[cst.BaseSuite]:
    """The blocks that a compound statement holds."""
    for child in children(statement):
        if type(child) in _SUITES:
            yield child  # type: ignore[misc]
        elif type(child) in _CLAUSES:
            yield from suites(child)


_SUITES = frozenset({cst.IndentedBlock, cst.SimpleStatementSuite})
_CLAUSES = frozenset({cst.If, cst.Else, cst.ExceptHandler, cst.ExceptStarHandler, cst.Finally, cst.MatchCase})


def heads(statement: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """What a compound statement evaluates outside its blocks: tests, what loops run over, patterns."""
    for child in children(statement):
        if type(child) in _CLAUSES:
            yield from heads(child)
        elif isinstance(statement, cst.For) and child is statement.target:
            continue
        elif not isinstance(child, cst.BaseSuite | cst.AsName):
            yield child


def target_names(target: cst.CSTNode) -> Iterator[str]:
    """The names that an assignment target binds."""
    if isinstance(target, cst.Name):
        yield target.value
    elif isinstance(target, (cst.Tuple, cst.List)):
        for element in target.elements:
            yield from target_names(element.value)


def parameters(node: cst.FunctionDef | cst.Lambda) -> tuple[cst.Param, ...]:
    """All named parameters: positional-only, plain and keyword-only; not `*args`, `**kwargs`."""
    params = node.params
    return (*params.posonly_params, *params.params, *params.kwonly_params)


def decorator_names(node: cst.FunctionDef | cst.ClassDef) -> tuple[str, ...]:
    """Dotted names of the decorators, calls reduced to what is called; empty where not a dotted name."""
    return tuple(
        dotted(item.decorator.func if isinstance(item.decorator, cst.Call) else item.decorator) or ""
        for item in node.decorators
    )


def holds(node: cst.CSTNode, part: cst.CSTNode) -> bool:
    """Whether `part` stands in `node`."""
    return any(child is part for child in walk(node))


@lru_cache(maxsize=1024)
def names_in_text(node: cst.CSTNode) -> frozenset[str]:
    """Every identifier, keyword and plain string that stands in `node`."""
    found: set[str] = set()
    for child in walk(node):
        if type(child) is cst.Name:
            found.add(child.value)
        elif type(child) is cst.SimpleString and isinstance(text := _evaluated(child.value), str):
            found.add(text)
    return frozenset(found)


@lru_cache(maxsize=8192)
def calls_in(node: cst.CSTNode) -> tuple[cst.Call, ...]:
    """The calls in `node`, itself included, parents first."""
    return tuple(child for child in walk(node) if type(child) is cst.Call)


def compound_statements(body: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """The compound statements of a block and of all blocks in it, those of nested functions and classes included."""
    for statement in statements(body):
        if type(statement) is not cst.SimpleStatementLine:
            yield from _with_inner(statement)


def _with_inner(statement: cst.CSTNode) -> Iterator[cst.CSTNode]:
    yield statement
    for child in children(statement):
        if type(child) in _SUITES:
            yield from compound_statements(child)
        elif type(child) in _CLAUSES:
            yield from _with_inner(child)
