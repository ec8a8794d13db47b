"""API functions that take functions."""

from __future__ import annotations

import importlib
import inspect
from typing import Any

import pytest

from keras_layer_lint.keras.higher_order import HIGHER_ORDER, Passes
from tests.frameworks import needs


@pytest.mark.parametrize(
    ("name", "passes", "keywords"),
    [
        ("tensorflow.map_fn", Passes.SLICES, ["fn"]),
        ("tensorflow.while_loop", Passes.LOOP_VARIABLES, ["cond", "body"]),
        ("keras.ops.fori_loop", Passes.INDEX_AND_TENSORS, ["body_fun"]),
        ("tensorflow.cond", Passes.NO_ARGUMENTS, ["true_fn", "false_fn"]),
        ("tensorflow.nest.map_structure", Passes.ELEMENTS, ["func"]),
        ("tensorflow.py_function", Passes.NUMPY_VALUE, ["func"]),
        ("tensorflow.function", Passes.AUTOGRAPH, ["func"]),
        ("tensorflow.autograph.experimental.do_not_convert", Passes.NO_AUTOGRAPH, ["func"]),
    ],
)
def test_functions_that_it_takes(name: str, passes: Passes, keywords: list[str]) -> None:
    api = HIGHER_ORDER[name]
    assert api.passes is passes
    assert [parameter.keyword for parameter in api.functions] == keywords


@pytest.mark.parametrize(
    ("name", "keyword"),
    [
        ("tensorflow.map_fn", "elems"),
        ("keras.ops.vectorized_map", "elements"),
        ("jax.lax.map", "xs"),
        ("tensorflow.while_loop", "loop_vars"),
        ("keras.ops.fori_loop", None),
    ],
)
def test_what_its_functions_get_parts_of(name: str, keyword: str | None) -> None:
    data = HIGHER_ORDER[name].data
    assert (None if data is None else data.keyword) == keyword


def test_only_what_passes_parts_of_data_names_it() -> None:
    speaks_of_data = (Passes.SLICES, Passes.LOOP_VARIABLES)
    assert {name for name, api in HIGHER_ORDER.items() if (api.passes in speaks_of_data) is (api.data is None)} == set()


def test_the_parameters_exist() -> None:
    needs("3")
    roots: dict[str, Any] = {
        "tensorflow": importlib.import_module("tensorflow"),
        "keras": importlib.import_module("keras"),
    }
    checked = 0
    for name, api in HIGHER_ORDER.items():
        root, *parts = name.split(".")
        found: Any = roots.get(root)
        for part in parts:
            found = getattr(found, part, None)
        if found is None or "data." in name or parts[0] == "backend":
            continue  # another package, a version that has none, or the first parameter is `self`
        checked += 1
        parameters = list(inspect.signature(found).parameters)
        for parameter in (*api.functions, *([] if api.data is None else [api.data])):
            assert parameters[parameter.position] == parameter.keyword, name
    assert checked > 20
