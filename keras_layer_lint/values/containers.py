"""Python lists, tuples and dicts, which are kept up to some size."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from itertools import islice
from typing import TYPE_CHECKING

import libcst as cst

from keras_layer_lint.immutable import dataclass
from keras_layer_lint.model.code import CodeUnit
from keras_layer_lint.values.dimension import Dimension
from keras_layer_lint.values.kind import UNKNOWN, Kind

if TYPE_CHECKING:
    from keras_layer_lint.values.value import Value

MAX_CONTAINER_DEPTH = 6
"""Containers nested deeper are not looked into: `a = (a, a)` often enough would take for ever."""
MAX_CONTAINER_ITEMS = 256
"""Of longer sequences only the join of the items is kept, as of any sequence of unknown length.

Of dicts with more keys the first ones are kept, and it is not known which others there are.
"""


def _depth(value: Value) -> int:
    return value.depth if isinstance(value, Sequence | Dict) else 0


@dataclass(frozen=True, slots=True)
class Sequence(Kind):
    """A Python list or tuple. `items` are known one by one, or else `element` stands for all of them.

    `is_filled`: it certainly has items, though they are not known one by one. `stays_empty`: nothing ever fills it.
    `holds_batch_size`: one of its items certainly is the batch size of a static shape.
    """

    items: tuple[Value, ...] | None
    element: Value
    is_list: bool = False
    is_filled: bool = False
    holds_batch_size: bool = False
    stays_empty: bool = False
    depth: int = field(default=0, init=False, compare=False, repr=False)
    is_cut: bool = field(default=False, init=False, compare=False, repr=False)
    """It was larger or deeper than is kept."""

    def __post_init__(self) -> None:
        parts = (self.element,) if self.items is None else self.items
        depth = 1 + max(map(_depth, parts), default=0)
        if depth > MAX_CONTAINER_DEPTH:
            object.__setattr__(self, "items", None)
            object.__setattr__(self, "element", UNKNOWN)
            object.__setattr__(self, "is_cut", True)
            depth = 1
        elif len(parts) > MAX_CONTAINER_ITEMS:
            object.__setattr__(self, "items", None)
            object.__setattr__(self, "is_filled", True)
            object.__setattr__(self, "is_cut", True)
        elif any(type(part) is Dimension and part.batch for part in self.items or ()):
            object.__setattr__(self, "holds_batch_size", True)
        object.__setattr__(self, "depth", depth)


@dataclass(frozen=True, slots=True)
class Entry:
    """One key of a dict: its value and where it was written."""

    value: Value
    unit: CodeUnit | None = None
    node: cst.CSTNode | None = None
    always: bool = True
    inherited: bool = False
    """Merged in from `super().get_config()`."""


@dataclass(frozen=True, slots=True)
class Dict(Kind):
    """A Python dict whose keys are strings. `complete` is False where keys may be there that could not be read.

    `base`: the configuration of a base class was merged in (`super().get_config()`).
    """

    entries: Mapping[str, Entry]
    complete: bool = True
    base: bool = False
    arguments: bool = False
    """It holds the keyword arguments that `**kwargs` of the function caught."""
    numbered: bool = False
    """It has keys that are numbers, which are not kept, on some path."""
    depth: int = field(default=0, init=False, compare=False, repr=False)
    is_cut: bool = field(default=False, init=False, compare=False, repr=False)
    """It was larger or deeper than is kept."""

    def __post_init__(self) -> None:
        if len(self.entries) > MAX_CONTAINER_ITEMS:
            object.__setattr__(self, "entries", dict(islice(self.entries.items(), MAX_CONTAINER_ITEMS)))
            object.__setattr__(self, "complete", False)
            object.__setattr__(self, "is_cut", True)
        depth = 1 + max((_depth(entry.value) for entry in self.entries.values()), default=0)
        if depth > MAX_CONTAINER_DEPTH:
            entries = {key: replace(entry, value=UNKNOWN) for key, entry in self.entries.items()}
            object.__setattr__(self, "entries", entries)
            object.__setattr__(self, "is_cut", True)
            depth = 1
        object.__setattr__(self, "depth", depth)
