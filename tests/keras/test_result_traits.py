"""What the tensor that a function returns has in common with what the function is given."""

from __future__ import annotations

import importlib
from typing import Any

import pytest

from keras_layer_lint.keras.names import canonical
from keras_layer_lint.keras.result import Result
from keras_layer_lint.keras.result_traits import (
    DTYPE_PARAMETERS,
    ELEMENTWISE,
    FLOAT32_UNLESS_TOLD,
    MATRIX_PRODUCTS,
)
from keras_layer_lint.keras.results import result_of
from tests.frameworks import needs

ALL = sorted(ELEMENTWISE | MATRIX_PRODUCTS | DTYPE_PARAMETERS.keys())


@pytest.mark.parametrize("name", ALL)
def test_they_return_a_tensor(name: str) -> None:
    assert canonical(name) == name
    assert result_of(name) is Result.TENSOR


def test_they_do_not_contradict_each_other() -> None:
    assert set() == ELEMENTWISE & MATRIX_PRODUCTS
    assert DTYPE_PARAMETERS.keys() > FLOAT32_UNLESS_TOLD


OTHER_ARGUMENTS: dict[str, tuple[Any, ...]] = {
    "cast": ("float32",),
    "clip": (0.0, 1.0),
    "clip_by_value": (0.0, 1.0),
    "dropout": (0.5,),
    "l2_normalize": (-1,),
}
OF_TWO = ("add", "divide", "maximum", "minimum", "multiply", "pow", "subtract")


def resolved(name: str) -> Any:
    root, *parts = name.split(".")
    found: Any = importlib.import_module(root)
    for part in parts:
        found = getattr(found, part, None)
    return found


def test_elementwise_functions_keep_the_shape() -> None:
    needs("3")
    tf: Any = importlib.import_module("tensorflow")
    value = tf.ones((2, 3))
    checked = 0
    for name in sorted(ELEMENTWISE):
        last = name.rpartition(".")[2]
        function = resolved(name) if name.startswith(("keras.", "tensorflow.")) and "sparse" not in name else None
        if function is None:
            continue
        first = (value > 0, value) if last == "where" else (value,)
        more = (value,) if last in (*OF_TWO, "where") else OTHER_ARGUMENTS.get(last, ())
        assert tuple(function(*first, *more).shape) == (2, 3), name
        checked += 1
    assert checked > 100


def test_matrix_products_keep_all_axes_but_the_last() -> None:
    needs("3")
    tf: Any = importlib.import_module("tensorflow")
    for name in sorted(MATRIX_PRODUCTS):
        function = resolved(name) if name.startswith(("keras.", "tensorflow.")) and "sparse" not in name else None
        if function is not None:
            assert tuple(function(tf.ones((2, 3)), tf.ones((3, 5))).shape) == (2, 5), name


def test_what_is_float32_unless_told() -> None:
    needs("3")
    for name in sorted(FLOAT32_UNLESS_TOLD):
        assert resolved(name)(3 if name.endswith("eye") else (2, 3)).dtype == "float32", name
