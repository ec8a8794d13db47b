"""What parameters are made of, and a value made so."""

from __future__ import annotations

import ast
import textwrap
from typing import Any

import pytest

from keras_layer_lint.confirm.planning.forms import forms_of, spelled
from keras_layer_lint.confirm.planning.usual import COLUMNS


def many(text: str) -> str:
    return f"[{', '.join([text] * COLUMNS)}]"


NAMED = "[" + ", ".join(f"{{'name': 'name_{number}'}}" for number in range(1, COLUMNS + 1)) + "]"


class Columns:
    def __init__(self, rate: float, columns: list[dict[str, int]]) -> None:
        self.sizes = [rate * column["dim"] for column in columns]


def value(code: str, **scope: Any) -> str:
    body = ast.parse(textwrap.dedent(code)).body
    methods = [each for each in body if isinstance(each, ast.FunctionDef)]
    form = forms_of(methods, scope)["given"]
    return spelled(form, "given") if form.is_nested or form.taken_as else ""


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("for one in given:\n    one['dim']", many("{'dim': 8}")),
        ("self.sizes = [one['dim'] for one in given]", many("{'dim': 8}")),
        (
            "self.a, self.b = given\nself.t = {i: one['name'] for i, one in enumerate(self.b)}",
            f"[{NAMED}, {NAMED}]",
        ),
        ("for one in given:\n    one.rate", many("klint.Settings(rate=0.25)")),
        ("for left, right in zip(given['left'], given['right']):\n    left['dim']", None),
        ("given['left']['dim']", "{'left': {'dim': 8}}"),
        ("[one['feat'] for one in self.x if one['feat'] in given]", "['feat_1', 'feat_2']"),
        ("for one in given:\n    one.shape", ""),
        ("given['left']", ""),
        ("given = given or []\nself.x = given.y['a']", ""),
    ],
)
def test_a_value_is_made_as_the_code_takes_it_apart(code: str, text: str | None) -> None:
    found = value(f"def __init__(self, given):\n{textwrap.indent(code, '    ')}")
    if text is None:
        assert found.startswith("{'left': [{'dim': ")
    else:
        assert found == text


def test_what_other_methods_do_with_an_attribute_counts() -> None:
    code = """
    def __init__(self, given):
        self.given = given
    def build(self, shape):
        for one in self.given:
            one["dim"]
    """
    assert value(code) == many("{'dim': 8}")


def test_what_the_constructor_of_another_class_takes_counts() -> None:
    code = """
    def __init__(self, given):
        self.columns = Columns(0.5, given)
    """
    assert value(code, Columns=Columns) == many("{'dim': 8}")
    assert not value(code)
