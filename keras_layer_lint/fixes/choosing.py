"""From a condition on a tensor to `cond`: a conditional expression, or an `if` with what stands in its branches."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from keras_layer_lint.diagnostic import Edit, Fix, Span
from keras_layer_lint.fixes.branch_comments import Lines, comments_of, in_rows
from keras_layer_lint.fixes.branches import (
    RETURNED,
    Choice,
    Given,
    bound_before,
    choice_of,
    chosen,
    given_by,
)
from keras_layer_lint.fixes.editing import least
from keras_layer_lint.fixes.expressions import New, around, function, is_plain, replaced
from keras_layer_lint.fixes.place import Place

_LONGEST = 100
"""A line that would be longer has an argument of `cond` on each line."""


def is_condition(place: Place, node: cst.BaseExpression) -> bool:
    """Whether an expression is what an `if` or a conditional expression asks."""
    outer, *_ = [*around(place, node), None]
    return isinstance(outer, (cst.If, cst.IfExp)) and outer.test is node


def chosen_by_graph(place: Place, node: cst.BaseExpression, test: New) -> Fix | None:
    """The graph chooses by a test where Python asks a condition.

    Unsafe: eager, the same branch is run; a graph needs values of one dtype from both.
    """
    cond = function(place, "cond", "cond")
    if cond is None or not is_plain(test.node):
        return None
    test = New(test.node, (cond, *test.uses))
    outer, *held = [*around(place, node), None]
    made: tuple[Edit, ...] | None = None
    if isinstance(outer, cst.IfExp) and outer.test is node:
        choice = choice_of({"_": outer.body}, {"_": outer.orelse}, frozenset())
        if choice is not None:
            made = replaced(place, outer, New(chosen(cond.node, test.node, choice), test.uses))
    elif isinstance(outer, cst.If) and outer.test is node and held[:1] == [None]:
        made = _of_statement(place, outer, test)
    return None if made is None else Fix("unsafe", f"choose with `{cond.name}`", made)


def _of_statement(place: Place, statement: cst.If, test: New) -> tuple[Edit, ...] | None:
    method = place.function
    if method is None:
        return None
    one = given_by(statement.body)
    if one is None:
        return None
    bound = bound_before(place, method, statement)
    last: cst.CSTNode = statement
    if statement.orelse is None and RETURNED in one:
        behind = _next(place, statement)
        other = None if behind is None else {RETURNED: behind[1]}
        last = statement if behind is None else behind[0]
    else:
        other = _otherwise(statement.orelse, bound)
    choice = None if other is None else choice_of(one, other, bound)
    if choice is None:
        return None
    comments = comments_of(statement, last)
    span = None if comments is None else whole(place, statement, last, [each for part in comments for each in part])
    if span is None or comments is None:
        return None
    text = place.tree.text_of(span)
    imported = dict.fromkeys(edit for each in test.uses for edit in each.edits)
    return (*imported, least(span, text, in_lines(place, statement, _small(choice, test), comments)))


def _otherwise(orelse: cst.If | cst.Else | None, bound: frozenset[str]) -> Given | None:
    """What the other branch gives; an `elif` as a conditional expression."""
    if orelse is None:
        return {}
    if isinstance(orelse, cst.Else):
        return given_by(orelse.body)
    one, other = given_by(orelse.body), _otherwise(orelse.orelse, bound)
    choice = None if one is None or other is None else choice_of(one, other, bound)
    if choice is None or not is_plain(orelse.test):
        return None
    pairs = zip(choice.names, choice.one, choice.other, strict=True)
    if len(choice.names) > 1:
        return None
    return {name: cst.IfExp(test=orelse.test, body=first, orelse=second) for name, first, second in pairs}


def _next(place: Place, statement: cst.If) -> tuple[cst.BaseStatement, cst.BaseExpression] | None:
    """The `return` right behind a statement."""
    span = place.tree.span(statement)
    for outer in reversed(place.tree.around(span.line, span.column)[:-1]):
        body = getattr(outer, "body", None)
        if isinstance(body, cst.IndentedBlock) and statement in body.body:
            index = list(body.body).index(statement) + 1
            behind = body.body[index] if index < len(body.body) else None
            if isinstance(behind, cst.SimpleStatementLine) and len(behind.body) == 1:
                small = behind.body[0]
                if isinstance(small, cst.Return) and small.value is not None:
                    return behind, small.value
    return None


def whole(place: Place, first: cst.CSTNode, last: cst.CSTNode, comments: Sequence[str] = ()) -> Span | None:
    """From one statement to the end of another, without the line end; None where a comment but these would be lost."""
    start, end = place.tree.span(first), place.tree.span(last)
    span = Span(start.line, start.column, end.end_line, end.end_column)
    written = place.tree.text_of(span).rstrip()
    rows = written.count("\n") + 1
    line = place.tree.lines[span.line - 1 + rows - 1]
    column = (span.column if rows == 1 else 1) + len(written.rpartition("\n")[2])
    behind = line[column - 1 :].strip()
    if (written + behind).count("#") != "".join(comments).count("#") or (behind and not behind.startswith("#")):
        return None
    if behind:
        column = len(line.rstrip()) + 1
    return Span(span.line, span.column, span.line + rows - 1, column)


def _small(choice: Choice, test: New) -> cst.BaseSmallStatement:
    made = chosen(test.uses[0].node, test.node, choice)
    if choice.names == (RETURNED,):
        return cst.Return(made)
    targets = [cst.Element(cst.Name(name)) for name in choice.names]
    target = cst.Tuple(targets, lpar=[], rpar=[]) if len(targets) > 1 else cst.Name(choice.names[0])
    return cst.Assign([cst.AssignTarget(target)], made)


def in_lines(
    place: Place, statement: cst.BaseStatement, small: cst.BaseSmallStatement, comments: Sequence[Lines] = ()
) -> str:
    """A small statement in the place of another: a call that is too long has an argument on each line.

    So has one whose arguments have comments.
    """
    code = place.code(statement, small)
    column = place.tree.span(statement).column
    value = small.value if isinstance(small, (cst.Return, cst.Assign)) else None
    is_short = len(code) + column <= _LONGEST and not any(comments)
    if is_short or not isinstance(value, cst.Call) or "\n" in code:
        return code
    rows = in_rows(value, comments or [()] * len(value.args), place.tree.module.default_indent)
    return place.code(statement, small.with_changes(value=rows))
