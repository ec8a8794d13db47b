"""What the tensor that a function returns has in common with what the function is given."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from keras_layer_lint.keras.names import canonical
from keras_layer_lint.keras.result import Result
from keras_layer_lint.keras.result_traits import (
    ALONG_ONE_AXIS,
    CONCATENATIONS,
    DTYPE_PARAMETERS,
    ELEMENTWISE,
    FLOAT32_UNLESS_TOLD,
    MAKES_BOOLEANS,
    MATRIX_PRODUCTS,
    REDUCTIONS,
    REFUSES_INTEGERS,
    REFUSES_MIXED_DTYPES,
    SAME_SHAPE,
)
from keras_layer_lint.keras.results import result_of
from tests.frameworks import needs

TENSORS = sorted(SAME_SHAPE | MAKES_BOOLEANS | REDUCTIONS | CONCATENATIONS | MATRIX_PRODUCTS | DTYPE_PARAMETERS.keys())


@pytest.mark.parametrize("name", TENSORS)
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
    "flip": (1,),
    "l2_normalize": (-1,),
    "reverse": ([1],),
    "roll": (1, 1),
}
OF_TWO = """
    add divide divide_no_nan equal floor_divide floordiv greater greater_equal less less_equal maximum minimum mod
    multiply not_equal pow squared_difference subtract truediv
""".split()


def installed(names: Iterable[str]) -> Iterator[tuple[str, Any]]:
    """Functions that TensorFlow and Keras 3 have today; the ones of sparse tensors are left out."""
    for name in sorted(names):
        root, *parts = name.split(".")
        if root in ("keras", "tensorflow") and parts[0] != "sparse":
            found: Any = importlib.import_module(root)
            for part in parts:
                found = getattr(found, part, None)
            if found is not None:
                yield name, found


def test_the_shape_is_kept() -> None:
    needs("3")
    tf: Any = importlib.import_module("tensorflow")
    value, truth = tf.ones((2, 3)), tf.ones((2, 3), bool)
    checked = 0
    for name, function in installed(SAME_SHAPE):
        last = name.rpartition(".")[2]
        if last == "where":
            arguments: tuple[Any, ...] = (truth, value, value)
        elif last.startswith("logical_"):
            arguments = (truth,) if last == "logical_not" else (truth, truth)
        elif last == "add_n":
            arguments = ([value, value],)
        else:
            arguments = (value, value) if last in OF_TWO else (value, *OTHER_ARGUMENTS.get(last, ()))
        result = function(*arguments)
        assert tuple(result.shape) == (2, 3), name
        if name in ELEMENTWISE and last != "cast":
            assert result.dtype == value.dtype, name
        checked += 1
    assert checked > 200


def test_reductions_take_axes_and_spare_the_others() -> None:
    needs("3")
    tf: Any = importlib.import_module("tensorflow")
    names = [name for name in REDUCTIONS if "backend" not in name]
    for name, function in installed(names):
        of_truth = name.rpartition(".")[2] in ("all", "any", "reduce_all", "reduce_any")
        value = tf.ones((2, 3), bool) if of_truth else tf.ones((2, 3))
        assert tuple(function(value, 1).shape) == (2,), name


def test_the_axis_stands_where_the_tables_say() -> None:
    needs("2", "3")
    for name, function in installed({**ALONG_ONE_AXIS, **dict.fromkeys(CONCATENATIONS, 1)}):
        parameters = list(inspect.signature(function).parameters)
        assert parameters[ALONG_ONE_AXIS.get(name, 1)] == "axis", name


def test_matrix_products_keep_all_axes_but_the_last() -> None:
    needs("3")
    tf: Any = importlib.import_module("tensorflow")
    for name, function in installed(MATRIX_PRODUCTS):
        assert tuple(function(tf.ones((2, 3)), tf.ones((3, 5))).shape) == (2, 5), name


def test_what_is_float32_unless_told() -> None:
    needs("3")
    for name, function in installed(FLOAT32_UNLESS_TOLD):
        assert function(3 if name.endswith("eye") else (2, 3)).dtype == "float32", name


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        *((name, (3,)) for name in sorted(REFUSES_INTEGERS)),
        *((name, given) for name in sorted(REFUSES_MIXED_DTYPES) for given in [(3, 2.5), (2.5, 3)]),
    ],
)
def test_what_refuses_integers(name: str, arguments: tuple[float, ...]) -> None:
    needs("3")
    tf: Any = importlib.import_module("tensorflow")
    function = getattr(tf, name, None) or getattr(tf.math, name)
    given = [tf.constant(each, tf.int64 if isinstance(each, int) else tf.float32) for each in arguments]
    with pytest.raises((TypeError, ValueError, tf.errors.InvalidArgumentError)):
        function(*given)


@pytest.mark.parametrize("name", sorted(name for name in MAKES_BOOLEANS if name.startswith("keras.")))
def test_they_make_booleans(name: str) -> None:
    needs("3")
    keras = importlib.import_module("keras")
    function = getattr(keras.ops, name.rpartition(".")[2])
    is_logical = "logical" in name
    value = keras.ops.convert_to_tensor([True, False] if is_logical else [1.0, 2.0])
    count = sum(p.default is p.empty for p in inspect.signature(function).parameters.values())
    assert keras.backend.standardize_dtype(function(*[value] * count).dtype) == "bool"
