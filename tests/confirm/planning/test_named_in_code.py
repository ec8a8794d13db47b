"""What a name in the code of a class stands for."""

from __future__ import annotations

import ast
import types
from typing import Any

import pytest

from keras_layer_lint.confirm.planning.named_in_code import object_named


class Table:
    words = ("mean", "sum")


class Owner:
    TABLE = Table


def _lazy(name: str) -> Any:
    raise RuntimeError(f"{name} needs another package")


module = types.ModuleType("module")
module.Table = Table  # type: ignore[attr-defined]
lazy = types.ModuleType("lazy")
lazy.__getattr__ = _lazy  # type: ignore[method-assign]
SCOPE = {"module": module, "lazy": lazy, "Table": Table}


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("Table", Table),
        ("module.Table", Table),
        ("module.Table.words", Table.words),
        ("self.TABLE", Table),
        ("cls.TABLE.words", Table.words),
        ("self.other", None),
        ("module.missing.words", None),
        ("lazy.anything", None),
        ("Table()", None),
    ],
)
def test_a_dotted_name_is_followed_through_modules_and_classes(code: str, expected: Any) -> None:
    assert object_named(ast.parse(code, mode="eval").body, SCOPE, Owner) is expected


def test_without_a_class_nothing_is_known_of_self() -> None:
    assert object_named(ast.parse("self.TABLE", mode="eval").body, SCOPE) is None
