"""Words that a table of the module has, for an argument that is looked up there: `PRESETS[variant]`, `in PRESETS`."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from typing import Any

from keras_layer_lint.confirm.planning.named_in_code import object_named
from keras_layer_lint.confirm.planning.uses import Use, names

_SMALL = re.compile(r"nano|tiny|mini|micro|small|lite|\bxx?s\b|(?:^|[_-])[ns]\b", re.IGNORECASE)
_MOST, _LARGEST = 6, 1000
"""Words of a table that are tried, and entries that it may have."""


def read_tables(method: ast.FunctionDef, cls: Any, scope: Mapping[str, Any], uses: dict[str, Use]) -> None:
    """Count the words of tables as what the keys are compared with that a method looks up there."""
    for node in ast.walk(method):
        match node:
            case (
                ast.Subscript(value=table, slice=key)
                | ast.Compare(left=key, ops=[ast.In() | ast.NotIn()], comparators=[table])
                | ast.Call(func=ast.Attribute(value=table, attr="get"), args=[key, *_])
            ) if words := _words(_known(table, cls, scope)):
                for name in names(key):
                    uses[name].strings += words


def _known(table: ast.expr, cls: Any, scope: Mapping[str, Any]) -> Any:
    match table:
        case ast.Call(func=ast.Attribute(value=value, attr="keys"), args=[]):
            return _known(value, cls, scope)
    return object_named(table, scope, cls)


def _words(value: Any) -> list[str]:
    """The words, those of what is small first: a preset may make a whole network."""
    if not isinstance(value, (Mapping, list, tuple, set, frozenset)) or len(value) > _LARGEST:
        return []
    words = list(value) if not isinstance(value, (set, frozenset)) else sorted(map(str, value))
    if not all(isinstance(word, str) for word in [*value]):
        return []
    return sorted(words, key=lambda word: _SMALL.search(word) is None)[:_MOST]
