"""Attributes that a method binds while it trains, and reads when it does not: what it finds is of another trace."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from keras_layer_lint.model import syntax

_TOLD = frozenset({"training", "None", "True", "False"})


def kept_while_training(method: cst.FunctionDef) -> frozenset[str]:
    """The attributes of self that only `if training:` binds, where code reads them that runs without it, too."""
    statements = syntax.statements(method.body)
    found: set[str] = set()
    for number, statement in enumerate(statements):
        if not isinstance(statement, cst.If) or not _asks_for_training(statement.test):
            continue
        branch, other = statement.body, statement.orelse
        stored = _stored(branch)
        if other is None:
            found |= {name for name in stored if _is_read_behind(name, statements[number + 1 :])}
        elif isinstance(other, cst.Else):
            found |= {name for name in stored - _stored(other) if _reads(name, other)}
    return frozenset(found)


def _asks_for_training(test: cst.BaseExpression) -> bool:
    names = syntax.names_in_text(test)
    return "training" in names and names <= _TOLD and not isinstance(test, cst.UnaryOperation)


def _stored(code: cst.CSTNode) -> set[str]:
    targets = [node.target for node in syntax.walk(code) if isinstance(node, cst.AssignTarget | cst.AnnAssign)]
    return {name for target in targets if (name := syntax.self_attribute(target)) is not None}


def _is_read_behind(name: str, statements: Sequence[cst.CSTNode]) -> bool:
    """Whether a statement certainly reads it before anything else binds it; a default for None binds it sometimes."""
    for statement in statements:
        if isinstance(statement, cst.If):
            asks = _asks_for_none(name, statement.test)
            if asks is False and _is_read_behind(name, syntax.statements(statement.body)):
                return True
            if name in _stored(statement) and asks is not True:
                return False
        elif isinstance(statement, cst.SimpleStatementLine):
            if _reads(name, statement):
                return True
            if name in _stored(statement):
                return False
        elif name in _stored(statement):
            return False
    return False


def _asks_for_none(name: str, test: cst.BaseExpression) -> bool | None:
    """Whether a test is that the attribute is None (True), or is not (False)."""
    match test:
        case cst.Comparison(left=left, comparisons=[cst.ComparisonTarget(operator, cst.Name(value="None"))]):
            is_either = syntax.self_attribute(left) == name and isinstance(operator, cst.Is | cst.IsNot)
            return isinstance(operator, cst.Is) if is_either else None
        case _:
            return None


def _reads(name: str, code: cst.CSTNode) -> bool:
    """Whether code uses what the attribute holds, beyond binding it or asking whether it is None."""
    known = {id(node.target) for node in syntax.walk(code) if isinstance(node, cst.AssignTarget | cst.AnnAssign)}
    known |= {id(node.left) for node in syntax.walk(code) if isinstance(node, cst.Comparison)}
    return any(
        isinstance(node, cst.Attribute) and id(node) not in known and syntax.self_attribute(node) == name
        for node in syntax.walk(code)
    )
