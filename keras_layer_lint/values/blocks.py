"""Blocks of statements while they run: what the statements behind the one at hand read, and whether they leave."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence, Set
from functools import cached_property

import libcst as cst

from keras_layer_lint.model import syntax, uses


class Block:
    """A block being run. What is asked of its later statements is found out once for all of them."""

    def __init__(self, statements: Sequence[cst.CSTNode]) -> None:
        self.statements = statements
        self.index = 0
        """Of the statement at hand."""

    def reads_later(self, name: str) -> bool:
        """Whether a later statement reads a name or `self.x`, whatever binds it before."""
        return _first_at(self._reads.get(name, ()), self.index + 1) is not None

    def needs_later(self, name: str) -> bool:
        """Whether a later statement reads a name or `self.x` before one of them binds it."""
        read = _first_at(self._exposed_reads.get(name, ()), self.index + 1)
        bound = _first_at(self._bound.get(name, ()), self.index + 1)
        return read is not None and (bound is None or read <= bound)

    @property
    def leaves_later(self) -> bool:
        """Whether a later statement returns, on some path, or raises."""
        return self._last_that_leaves > self.index

    @cached_property
    def _reads(self) -> dict[str, list[int]]:
        return _by_name(map(uses.names_read, self.statements))

    @cached_property
    def _exposed_reads(self) -> dict[str, list[int]]:
        return _by_name(uses.exposed_reads([statement]) for statement in self.statements)

    @cached_property
    def _bound(self) -> dict[str, list[int]]:
        return _by_name(map(uses.names_bound_for_sure, self.statements))

    @cached_property
    def _last_that_leaves(self) -> int:
        leaving = (n for n in reversed(range(len(self.statements))) if may_leave(self.statements[n]))
        return next(leaving, -1)


def may_leave(statement: cst.CSTNode) -> bool:
    """Whether a statement returns, on some path, or raises."""
    return returns(statement) or raises(statement)


def returns(statement: cst.CSTNode) -> bool:
    """Whether a `return` of the same function stands in a statement."""
    return any(isinstance(child, cst.Return) for child in syntax.walk(statement, into_functions=False))


def raises(statement: cst.CSTNode) -> bool:
    """Whether a statement is a `raise`."""
    return any(isinstance(part, cst.Raise) for part in syntax.simple(statement))


def _by_name(names: Iterable[Set[str]]) -> dict[str, list[int]]:
    """The positions at which each name occurs, ascending."""
    found: dict[str, list[int]] = {}
    for number, here in enumerate(names):
        for name in here:
            found.setdefault(name, []).append(number)
    return found


def _first_at(positions: Sequence[int], start: int) -> int | None:
    """The first of the ascending positions from `start` on."""
    number = bisect_left(positions, start)
    return positions[number] if number < len(positions) else None
