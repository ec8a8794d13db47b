"""A function of one framework, by the one of another that gives the same for the same arguments."""

from __future__ import annotations

from collections.abc import Callable, Container

import libcst as cst

from keras_layer_lint.diagnostic import Fix
from keras_layer_lint.fixes.expressions import called, pointed_at
from keras_layer_lint.fixes.imports import written
from keras_layer_lint.fixes.place import Place

_ALIKE = frozenset({"axis", "keepdims"})
"""Keywords that are called the same everywhere."""
Equal = Callable[[str, int, Container[str]], str | None]
"""The equal of a function for so many arguments by position, and those keywords."""


def equal_of_call(name: str, node: cst.Call, equal: Equal) -> str | None:
    """The equal of a function as it is called here; None where an argument may be called otherwise there."""
    keywords = {argument.keyword.value for argument in node.args if argument.keyword is not None}
    count = sum(argument.keyword is None for argument in node.args)
    if any(argument.star for argument in node.args) or keywords - _ALIKE:
        return None
    return equal(name, count, keywords)


def equal_function(place: Place, equal: Equal) -> Fix | None:
    """The call that a diagnostic points at, of the equal of its function. Unsafe: measured to single precision."""
    node = pointed_at(place)
    name = called(place, node)
    if not isinstance(node, cst.Call) or name is None:
        return None
    other = equal_of_call(name, node, equal)
    found = None if other is None else written(place, other)
    if found is None:
        return None
    return Fix("unsafe", f"use `{found.name}`", (*found.edits, place.replaced(node.func, found.node)))
