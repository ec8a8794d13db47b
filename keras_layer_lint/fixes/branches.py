"""Two branches of an `if`, as what they give names or return: then `cond` can choose between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import libcst as cst
import libcst.matchers as m

from keras_layer_lint.fixes.expressions import call, is_plain, names_in
from keras_layer_lint.fixes.place import Place

RETURNED = ""
"""Stands among names for what is returned."""
_REFUSED = (
    m.Name("None") | m.SimpleString() | m.ConcatenatedString() | m.FormattedString() | m.Dict() | m.List() | m.Set()
)
_OF_THE_FUNCTION = m.Call(m.Name("super") | m.Name("locals") | m.Name("vars") | m.Name("eval") | m.Name("exec"))
_NUMBERS = (cst.Integer, cst.Float)
_OPERATORS: dict[type[cst.BaseAugOp], cst.BaseBinaryOp] = {
    cst.AddAssign: cst.Add(),
    cst.SubtractAssign: cst.Subtract(),
    cst.MultiplyAssign: cst.Multiply(),
    cst.DivideAssign: cst.Divide(),
}

Given = dict[str, cst.BaseExpression]


@dataclass(frozen=True, slots=True)
class Choice:
    """What is chosen between: for each name what the one and the other branch gives it."""

    names: tuple[str, ...]
    one: tuple[cst.BaseExpression, ...]
    other: tuple[cst.BaseExpression, ...]

    def can_be_chosen(self) -> bool:
        """Whether both sides can be put into functions, and a graph may hold either."""
        pairs = list(zip(self.one, self.other, strict=True))
        return (
            bool(pairs)
            and all(_can_be_chosen(one) and _can_be_chosen(other) for one, other in pairs)
            and (all(type(one) is type(other) for one, other in pairs if _is_special(one) or _is_special(other)))
        )


def _can_be_chosen(node: cst.BaseExpression) -> bool:
    return is_plain(node) and not m.matches(node, _REFUSED) and not m.findall(node, _OF_THE_FUNCTION)


def _is_special(node: cst.BaseExpression) -> bool:
    """A tuple is chosen against tuples only; an int against no float, but either against a tensor."""
    return isinstance(node, cst.Tuple)


def mixes_numbers(one: cst.BaseExpression, other: cst.BaseExpression) -> bool:
    """Whether two expressions are an int and a float, which no graph holds in one place."""
    return isinstance(one, _NUMBERS) and isinstance(other, _NUMBERS) and type(one) is not type(other)


def choice_of(one: Given, other: Given, bound: frozenset[str]) -> Choice | None:
    """What two branches come to; None where one leaves open what the other gives."""
    names = tuple(dict.fromkeys([*one, *other]))
    if RETURNED in names and len(names) > 1:
        return None
    sides = []
    for given in (one, other):
        if any(name not in given and name not in bound for name in names):
            return None
        sides.append(tuple(given.get(name, cst.Name(name or "None")) for name in names))
    made = Choice(names, sides[0], sides[1])
    mixed = any(mixes_numbers(*pair) for pair in zip(made.one, made.other, strict=True))
    return made if made.can_be_chosen() and not mixed else None


def given_by(body: cst.BaseSuite) -> Given | None:
    """What a block gives names, or that it returns; None where it does anything else."""
    found: Given = {}
    for small in _smalls(body) or (None,):
        if small is None:
            return None
        if isinstance(small, cst.Pass):
            continue
        one = _given_by(small)
        if one is None or RETURNED in found or names_in([one[1]]) & found.keys() or one[0] in found:
            return None
        found[one[0]] = one[1]
    return found


def _given_by(small: cst.BaseSmallStatement) -> tuple[str, cst.BaseExpression] | None:
    if isinstance(small, cst.Return) and small.value is not None:
        return RETURNED, small.value
    if isinstance(small, cst.Assign) and len(small.targets) == 1 and isinstance(small.targets[0].target, cst.Name):
        return small.targets[0].target.value, small.value
    if isinstance(small, cst.AugAssign) and isinstance(small.target, cst.Name):
        operator = _OPERATORS.get(type(small.operator))
        if operator is None or isinstance(small.value, (cst.BaseList, cst.Tuple, cst.ListComp)):
            return None
        value = small.value
        if isinstance(value, (cst.BinaryOperation, cst.IfExp, cst.BooleanOperation, cst.Comparison)) and not value.lpar:
            value = value.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
        return small.target.value, cst.BinaryOperation(cst.Name(small.target.value), operator, value)
    return None


def _smalls(body: cst.BaseSuite) -> list[cst.BaseSmallStatement] | None:
    if isinstance(body, cst.SimpleStatementSuite):
        return list(body.body)
    found: list[cst.BaseSmallStatement] = []
    for statement in body.body:
        if not isinstance(statement, cst.SimpleStatementLine):
            return None
        found += statement.body
    return found


def bound_before(place: Place, function: cst.FunctionDef, statement: cst.CSTNode) -> frozenset[str]:
    """Names that certainly have a value before a statement: parameters, and what is assigned in blocks around it."""
    span = place.tree.span(statement)
    parameters = function.params
    every = [*parameters.posonly_params, *parameters.params, *parameters.kwonly_params]
    found = {each.name.value for each in every}
    for outer in place.tree.around(span.line, span.column):
        body = getattr(outer, "body", None)
        if isinstance(body, cst.IndentedBlock) and outer is not statement:
            found |= {name for each in _before(place, body.body, span.line) for name in _names_of(each)}
    return frozenset(found)


def _before(place: Place, body: Sequence[cst.BaseStatement], line: int) -> list[cst.BaseStatement]:
    return [each for each in body if place.tree.span(each).end_line < line]


def _names_of(statement: cst.BaseStatement) -> set[str]:
    if not isinstance(statement, cst.SimpleStatementLine):
        return set()
    targets = [each.target for small in statement.body if isinstance(small, cst.Assign) for each in small.targets]
    tuples = [element.value for each in targets if isinstance(each, cst.Tuple) for element in each.elements]
    return {each.value for each in [*targets, *tuples] if isinstance(each, cst.Name)}


def chosen(cond: cst.BaseExpression, test: cst.BaseExpression, choice: Choice) -> cst.Call:
    """`cond(test, lambda: one, lambda: other)`."""
    return call(cond, test, *(_function(side) for side in (choice.one, choice.other)))


def _function(values: tuple[cst.BaseExpression, ...]) -> cst.Lambda:
    body = values[0] if len(values) == 1 else cst.Tuple([cst.Element(value) for value in values])
    if isinstance(body, cst.Tuple) and not body.lpar:
        body = body.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
    return cst.Lambda(cst.Parameters(), body, whitespace_after_lambda=cst.SimpleWhitespace(""))
