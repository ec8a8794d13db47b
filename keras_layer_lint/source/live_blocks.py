"""Blocks of which it was decided that they always run, put among the statements around them."""

from __future__ import annotations

import libcst as cst

_HOLDS_BLOCKS = (
    cst.BaseCompoundStatement,
    cst.BaseSuite,
    cst.Else,
    cst.ExceptHandler,
    cst.ExceptStarHandler,
    cst.Finally,
    cst.MatchCase,
)


def splice(definition: cst.ClassDef | cst.FunctionDef) -> None:
    """Put the statements of blocks that always run among those around them, in a tree that nobody else has yet."""
    stack: list[cst.CSTNode] = [definition]
    while stack:
        node = stack.pop()
        if isinstance(node, cst.If) and isinstance(other := node.orelse, cst.If) and _always_runs(other):
            _put(node, "orelse", cst.Else(body=other.body))
        if isinstance(node, cst.IndentedBlock) and any(map(_always_runs, node.body)):
            _put(node, "body", [inner for one in node.body for inner in _unwrapped(one)])
        stack.extend(child for child in node.children if isinstance(child, _HOLDS_BLOCKS))


def _always_runs(node: cst.CSTNode | None) -> bool:
    return isinstance(node, cst.If) and isinstance(node.test, cst.Integer) and node.test.value == "1"


def _unwrapped(node: cst.CSTNode) -> list[cst.CSTNode]:
    if not (isinstance(node, cst.If) and _always_runs(node)):
        return [node]
    if not isinstance(node.body, cst.IndentedBlock):
        return [cst.SimpleStatementLine(body=node.body.body)]  # type: ignore[arg-type]
    return [inner for one in node.body.body for inner in _unwrapped(one)]


def _put(node: cst.CSTNode, name: str, value: object) -> None:
    """A copy of the node would have no positions."""
    object.__setattr__(node, name, value)
