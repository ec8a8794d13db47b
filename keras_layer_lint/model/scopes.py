"""Scopes of Python inside a piece of code, while it is read."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True, eq=False)
class Scope:
    """A scope inside the code that is read, or a statement that marks what stands in it."""

    parent: Scope | None = None
    is_class: bool = False
    is_passage: bool = False
    """What is bound here is bound in the parent: it is a `raise` statement."""
    is_comprehension: bool = False
    is_raised: bool = False
    bound: set[str] = field(default_factory=set)
    elsewhere: set[str] = field(default_factory=set)
    """Names declared `nonlocal`."""
    of_module: set[str] = field(default_factory=set)
    """Names declared `global`."""

    def bind(self, name: str) -> None:
        """Make a name one of this scope, or of the one around it that it belongs to."""
        scope = self
        while scope.is_passage and scope.parent is not None:
            scope = scope.parent
        if name not in scope.elsewhere:
            scope.bound.add(name)

    def leads_outside(self, name: str) -> bool:
        """Whether a name that stands here is one of the outermost scope."""
        scope, is_first = self, True
        while scope.parent is not None:
            if name in scope.of_module:
                return False
            if name in scope.bound and (is_first or not scope.is_class):
                return False
            is_first &= scope.is_passage
            scope = scope.parent
        return True
