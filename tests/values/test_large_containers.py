"""Containers of any size: what is not kept of them is unknown, and what follows them is analysed all the same."""

from __future__ import annotations

import pytest

from keras_layer_lint import lint_source
from keras_layer_lint.values.containers import MAX_CONTAINER_ITEMS, Dict, Entry
from keras_layer_lint.values.value import STATIC

LAYER = "import keras\n\n\nclass A(keras.layers.Layer):\n    def call(self, x):\n        "
FAULT = "\n        return keras.layers.Dense(3)(x)\n"


def test_a_dict_keeps_its_first_keys() -> None:
    names = [f"k{number}" for number in range(MAX_CONTAINER_ITEMS + 1)]
    full = Dict({name: Entry(STATIC) for name in names[:-1]})
    assert (list(full.entries), full.complete) == (names[:-1], True)
    more = Dict({name: Entry(STATIC) for name in names})
    assert (list(more.entries), more.complete) == (names[:-1], False)


LARGE = {
    "dict": "d = {" + ", ".join(f"'{number}': x" for number in range(10_000)) + "}",
    "dict with another in it": "d = {'a': x}; e = {'b': 1, **d, 'c': 2, **{'d': 3}}",
    "list": "n = [" + "1," * 100_000 + "]",
    "filled": "d = {}" + "".join(f"; d['{number}'] = x" for number in range(2000)),
}


@pytest.mark.slow
@pytest.mark.parametrize("case", LARGE)
def test_what_follows_is_analysed(case: str) -> None:
    assert [item.code for item in lint_source(LAYER + LARGE[case] + FAULT)] == ["KLL132"]


def test_keys_of_a_literal_with_others_in_it() -> None:
    """`**` and what is written out, the last one counts."""
    found = lint_source(
        "import keras\n\n\nclass A(keras.layers.Layer):\n    def __init__(self, a, **kwargs):\n"
        "        super().__init__(**kwargs)\n        self.a = a\n\n    def get_config(self):\n"
        "        mine = {'a': self.a, 'gone': 1}\n"
        "        return {**super().get_config(), **mine, 'b': 2}\n"
    )
    assert sorted((item.code, "'b'" in item.message, "'gone'" in item.message) for item in found) == [
        ("KLL303", False, True),
        ("KLL303", True, False),
    ]
