"""Rows that turn the text of an error into repairs, and the engine that applies them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Any, Generic, TypeVar

R = TypeVar("R")

KERAS_3 = "keras 3.15.1"
KERAS_2 = "tf_keras 2.21.0"
TENSORFLOW = "tensorflow 2.21.0"
JAX = "jax 0.10.2"
NUMPY = "numpy 2.4.6"
PYTHON = "python 3.11.7"

_MOST_MATCHES = 20
"""How often a pattern is looked for in one text."""


@dataclass(frozen=True, slots=True)
class Sample:
    """The text of an error that was really raised, and what is made of it."""

    text: str
    """The type of the error and its text, or the part of it that counts: `TypeError: 'int' object is not callable`."""
    seen: str
    """What raised it, with its version: `keras 3.15.1`."""
    raised_by: str = ""
    """Python statements that raise it, with `keras`, `tf_keras`, `tf`, `jnp` and `np` in reach."""
    given: str = "float32[5,8]"
    """What was tried: inputs, or arguments as they stand between parentheses."""
    becomes: str = ""
    """What the row offers first."""
    line: str = ""
    """The line of the layer that the error passed through, where the repair reads it."""


@dataclass(frozen=True, slots=True)
class Row(Generic[R]):
    """One wording: where the pattern is found, the repair is called with its groups."""

    pattern: str
    """Takes time in proportion to the text, whatever stands in it."""
    repair: Callable[..., Iterator[R]]
    """Takes the case at hand and the groups that took part in the match."""
    samples: tuple[Sample, ...]

    def __post_init__(self) -> None:
        compiled(self.pattern)  # before a process is forked for each layer

    def matches(self, text: str) -> list[tuple[str, ...]]:
        """The groups of each place where the pattern is found, equal ones once."""
        found = islice(compiled(self.pattern).finditer(text), _MOST_MATCHES)
        return list(dict.fromkeys(tuple(group for group in each.groups() if group is not None) for each in found))


@dataclass(frozen=True, slots=True)
class Table(Generic[R]):
    """Rows that answer one question, the most telling first."""

    name: str
    rows: tuple[Row[R], ...]
    cost: int = 0
    """How unlikely its repairs are beside those of other tables."""
    every: bool = False
    """Each row that matches has a say; else the first one that has something to offer."""

    def offers(self, text: str, case: Any, unchanged: R | None = None) -> Iterator[tuple[Row[R], R]]:
        """What the rows make of a text, in order."""
        for row in self.rows:
            offered = False
            for groups in row.matches(text):
                for repaired in row.repair(case, *groups):
                    if repaired != unchanged:
                        yield row, repaired
                        offered = True
            if offered and not self.every:
                return


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """The pattern; case tells nothing, as messages begin with either."""
    return re.compile(pattern, re.IGNORECASE)
