"""Whether a function that changes an attribute of self puts back what it found there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

import libcst as cst

from keras_layer_lint.model import syntax, uses

Code = cst.FunctionDef | cst.Lambda


def is_put_back(name: str, statement: cst.CSTNode, code: Code, receiver: str = "self") -> bool:
    """Whether `self.name`, which a statement of a function binds, certainly holds what it held before at the end.

    The function keeps the old value in a local variable and binds the attribute to that again: further down in the
    same block or in a block around it, with no `return` between them, or in a `finally` around the statement.
    Exceptions are left aside. `receiver`: the name that the function has for self.
    """
    return _is_followed(statement, code.body, _Keeping.of(name, code, receiver).restores_behind(statement))


def puts_back(name: str, statement: cst.CSTNode, code: Code, receiver: str = "self") -> bool:
    """Whether a statement itself binds `self.name` to what a local variable of the function kept of it before."""
    return _Keeping.of(name, code, receiver).is_restored_by(statement)


class _Keeping:
    """The local variables of a function that keep what an attribute of self holds, and nothing else."""

    def __init__(self, name: str, code: Code, receiver: str) -> None:
        self._name = name
        self._receiver = receiver
        self._positions: dict[int, int] = {}
        """By the identity of an assignment, in the order of the source."""
        self._saved: dict[str, list[int]] = {}
        """Where each local variable is bound to the attribute."""
        for position, node in enumerate(syntax.walk(code.body, into_functions=False)):
            self._positions[id(node)] = position
            for target, value in _pairs(node):
                if isinstance(target, cst.Name) and syntax.self_attribute(value, receiver) == name:
                    self._saved.setdefault(target.value, []).append(position)
        stored = Counter(use.name for use in uses.uses_of(code.body) if use.form is uses.Form.STORED)
        self._saved = {local: found for local, found in self._saved.items() if len(found) == stored[local]}

    @staticmethod
    @lru_cache(maxsize=64)
    def of(name: str, code: Code, receiver: str) -> _Keeping:
        return _Keeping(name, code, receiver)

    def restores_behind(self, statement: cst.CSTNode) -> Callable[[cst.CSTNode], bool]:
        """Whether a statement further down binds the attribute to what it held before `statement`."""
        begin = self._positions.get(id(statement), -1)

        def restores(later: cst.CSTNode) -> bool:
            end = self._positions.get(id(later), -1)
            for local in self._bound_by(later):
                saved = self._saved[local]
                if any(position < begin for position in saved) and not any(begin < one < end for one in saved):
                    return True
            return False

        return restores

    def is_restored_by(self, statement: cst.CSTNode) -> bool:
        """Whether a statement binds the attribute to what it held further up."""
        end = self._positions.get(id(statement), -1)
        return any(self._saved[local][0] < end for local in self._bound_by(statement))

    def _bound_by(self, statement: cst.CSTNode) -> Iterator[str]:
        """The keeping variables that a statement binds the attribute to."""
        for target, value in _pairs(statement):
            local = value.value if isinstance(value, cst.Name) else None
            if local in self._saved and syntax.self_attribute(target, self._receiver) == self._name:
                yield local


def _is_followed(statement: cst.CSTNode, body: cst.CSTNode, restores: Callable[[cst.CSTNode], bool]) -> bool:
    """Whether the statement stands in a block, and a restoring one runs whenever that runs to its end."""
    lines = syntax.statements(body)
    position = next((i for i, line in enumerate(lines) if syntax.holds(line, statement)), None)
    if position is None:
        return False
    line = lines[position]
    final = line.finalbody if isinstance(line, cst.Try | cst.TryStar) else None
    if final is not None and not syntax.holds(final, statement) and _has(syntax.statements(final.body), restores):
        return True
    if any(_is_followed(statement, block, restores) for block in syntax.suites(line)):
        return True
    return not _leaves(line, statement) and _has(lines[position + 1 :], restores)


def _has(lines: Sequence[cst.CSTNode], restores: Callable[[cst.CSTNode], bool]) -> bool:
    """Whether one of these statements restores, before any may leave the block."""
    for line in lines:
        if any(map(restores, syntax.simple(line))):
            return True
        final = line.finalbody if isinstance(line, cst.Try | cst.TryStar) else None
        if final is not None and _has(syntax.statements(final.body), restores):
            return True
        if any(isinstance(part, _LEAVING) for part in syntax.walk(line, into_functions=False)):
            return False
    return False


_LEAVING = (cst.Return, cst.Break, cst.Continue)


def _leaves(line: cst.CSTNode, statement: cst.CSTNode) -> bool:
    """Whether what stands behind a statement, in the compound one that holds it, may leave the block around that."""
    leaving = cst.Return if isinstance(line, cst.For | cst.While) else _LEAVING
    parts = iter(syntax.walk(line, into_functions=False))
    for part in parts:
        if part is statement:
            break
    return any(isinstance(part, leaving) for part in parts)


def _pairs(node: cst.CSTNode) -> Iterator[tuple[cst.CSTNode, cst.CSTNode]]:
    """What an assignment binds to what: `a, b = self.a, self.b` item by item."""
    match node:
        case cst.Assign(targets=targets, value=value):
            for target in targets:
                yield from _matched(target.target, value)
        case cst.AnnAssign(target=target, value=cst.BaseExpression() as value):
            yield target, value


def _matched(target: cst.CSTNode, value: cst.CSTNode) -> Iterator[tuple[cst.CSTNode, cst.CSTNode]]:
    if isinstance(target, cst.Tuple) and isinstance(value, cst.Tuple):
        if len(target.elements) == len(value.elements):
            for left, right in zip(target.elements, value.elements, strict=True):
                yield left.value, right.value
    else:
        yield target, value
