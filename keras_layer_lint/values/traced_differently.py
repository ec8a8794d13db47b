"""Whether a test of "does it run eagerly?" chooses between two computations that certainly differ.

Most such tests choose between two ways to the same result, or skip a check: only what cannot be the same counts.
"""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from keras_layer_lint.model import syntax
from keras_layer_lint.model.uses import names_stored
from keras_layer_lint.values.frames import Frame
from keras_layer_lint.values.value import Nest, Tensor

_FILLED = frozenset("zeros zeros_like ones ones_like fill full full_like".split())
"""Functions whose result depends on no value of their arguments but the one to fill with."""


def differs(node: cst.If, frame: Frame) -> bool:
    """Whether what is computed behind the test is not what is computed without it."""
    if isinstance(node.orelse, cst.If):
        return False
    orelse = syntax.statements(node.orelse.body) if node.orelse is not None else ()
    blocks = [syntax.statements(node.body), orelse]
    if any(_changed_tensor(block, frame) for block, other in (blocks, blocks[::-1]) if not other):
        return True
    if len(frame.rest) != 1 or frame.caller is not None:
        return False
    rest = frame.rest[0].statements[frame.rest[0].index + 1 :]
    returned = [_returned(_path((*block, *rest))) for block in blocks]
    if None in returned:
        return False
    filled = [_is_filled(value) for value in returned if value is not None]
    return filled.count(True) == 1 and all(
        is_filled or _is_computed(value) for value, is_filled in zip(returned, filled, strict=True)
    )


def are_two_numbers(node: cst.IfExp) -> bool:
    """Whether both values of a conditional expression are numbers, and not the same."""
    one, other = syntax.literal(node.body), syntax.literal(node.orelse)
    return isinstance(one, int | float) and isinstance(other, int | float) and one != other


def _changed_tensor(block: Sequence[cst.CSTNode], frame: Frame) -> bool:
    """Whether all that a block does is to calculate with tensors and bind them anew, of which one is read later."""
    changed: set[str] = set()
    for line in block:
        for part in syntax.simple(line):
            match part:
                case cst.AugAssign(target=cst.Name(value=name)):
                    pass
                case cst.Assign(
                    targets=[cst.AssignTarget(target=cst.Name(value=name))],
                    value=cst.BinaryOperation(left=left, right=right),
                ) if any(isinstance(side, cst.Name) and side.value == name for side in (left, right)):
                    pass
                case _:
                    return False
            changed.add(name)
    return any(
        isinstance(frame.env.get(name), Tensor | Nest) and any(rest.reads_later(name) for rest in frame.rest)
        for name in changed
    )


def _path(block: Sequence[cst.CSTNode]) -> Sequence[cst.CSTNode]:
    """The statements up to the first that leaves."""
    ends = (number for number, line in enumerate(block, 1) if _leaves(line))
    return block[: next(ends, len(block))]


def _leaves(line: cst.CSTNode) -> bool:
    return any(isinstance(part, cst.Return | cst.Raise) for part in syntax.simple(line))


def _returned(path: Sequence[cst.CSTNode]) -> cst.BaseExpression | None:
    """What statements return at their end, and nowhere before; what a variable was assigned in place of it."""
    returns = [child for line in path for child in syntax.walk(line) if isinstance(child, cst.Return)]
    if len(returns) != 1 or not _leaves(path[-1]):
        return None
    value = returns[0].value
    if isinstance(value, cst.Name):
        bound = [line for line in path if value.value in names_stored(line)]
        match [part for line in bound for part in syntax.simple(line)]:
            case [cst.Assign(targets=[cst.AssignTarget(target=cst.Name())], value=assigned)]:
                return assigned
        return None
    return value


def _is_filled(value: cst.BaseExpression) -> bool:
    match value:
        case cst.Call(func=cst.Attribute(attr=cst.Name(value=name)) | cst.Name(value=name)):
            return name in _FILLED
        case _:
            return False


def _is_computed(value: cst.BaseExpression | None) -> bool:
    """Whether it is a call, or calculated."""
    return isinstance(value, cst.Call | cst.BinaryOperation)
