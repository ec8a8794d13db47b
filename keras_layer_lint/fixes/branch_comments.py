"""Comments of the branches of an `if`, which go with what stands in them to the arguments of a call."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

Lines = tuple[str, ...]


def comments_of(statement: cst.If, last: cst.CSTNode) -> tuple[Lines, Lines, Lines] | None:
    """Those of the test, of the one branch and of the other; `last`: the `return` behind that is the other, if any.

    None where a comment stands in an expression.
    """
    test = _of_header(statement.body)
    one = list(_of_body(statement.body))
    other = [] if statement.orelse is None else list(_of_else(statement.orelse))
    if last is not statement and isinstance(last, cst.SimpleStatementLine):
        other += _of_line(last)
    found = (tuple(test), tuple(one), tuple(other))
    every = [*_all_in(statement.body), *_all_in(statement.test)]
    every += [] if statement.orelse is None else list(_all_in(statement.orelse))
    every += [] if last is statement else list(_all_in(last))
    return found if len(every) == sum(map(len, found)) else None


def _of_header(body: cst.BaseSuite) -> list[str]:
    comment = body.header.comment if isinstance(body, cst.IndentedBlock) else None
    return [] if comment is None else [comment.value]


def _of_body(body: cst.BaseSuite) -> Iterator[str]:
    if isinstance(body, cst.SimpleStatementSuite):
        yield from _of_space(body.trailing_whitespace)
    for statement in body.body if isinstance(body, cst.IndentedBlock) else ():
        if isinstance(statement, cst.SimpleStatementLine):
            yield from _of_line(statement)
    if isinstance(body, cst.IndentedBlock):
        yield from _of_lines(body.footer)


def _of_else(orelse: cst.If | cst.Else) -> Iterator[str]:
    yield from _of_lines(orelse.leading_lines)
    yield from _of_header(orelse.body)
    yield from _of_body(orelse.body)
    if isinstance(orelse, cst.If) and orelse.orelse is not None:
        yield from _of_else(orelse.orelse)


def _of_line(statement: cst.SimpleStatementLine) -> list[str]:
    return [*_of_lines(statement.leading_lines), *_of_space(statement.trailing_whitespace)]


def _of_lines(lines: Sequence[cst.EmptyLine]) -> list[str]:
    return [each.comment.value for each in lines if each.comment is not None]


def _of_space(space: cst.TrailingWhitespace) -> list[str]:
    return [] if space.comment is None else [space.comment.value]


def _all_in(node: cst.CSTNode) -> Iterator[cst.Comment]:
    stack = [node]
    while stack:
        each = stack.pop()
        if isinstance(each, cst.Comment):
            yield each
        stack.extend(each.children)


def in_rows(call: cst.Call, comments: Sequence[Lines], indent: str) -> cst.Call:
    """A call with an argument on each line, each behind its comments."""
    spaces = [_space(lines, indent) for lines in comments]
    outer = cst.ParenthesizedWhitespace(indent=True)
    *first, last = call.args
    args = [
        each.with_changes(comma=cst.Comma(whitespace_after=space))
        for each, space in zip(first, spaces[1:], strict=True)
    ]
    args.append(
        last.with_changes(comma=cst.Comma(whitespace_after=outer), whitespace_after_arg=cst.SimpleWhitespace(""))
    )
    return call.with_changes(args=args, whitespace_before_args=spaces[0])


def _space(comments: Lines, indent: str) -> cst.ParenthesizedWhitespace:
    inner = cst.SimpleWhitespace(indent)
    lines = [cst.EmptyLine(indent=True, whitespace=inner, comment=cst.Comment(each)) for each in comments]
    return cst.ParenthesizedWhitespace(empty_lines=lines, indent=True, last_line=inner)
