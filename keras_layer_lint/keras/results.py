"""What calls outside the linted code return, and what they do with the tensors given to them.

Names are canonical dotted names: `tensorflow.math.reduce_sum`, `keras.ops.mean`, `numpy.mean`. The measured part is
`results.json`. What cannot be measured stands in `results_by_hand.py` and here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from keras_layer_lint.keras.result import Result
from keras_layer_lint.keras.results_by_hand import ADDONS, BY_HAND
from keras_layer_lint.keras.tables import dotted, read_table


def result_of(name: str, arguments: int | None = None) -> Result:
    """Say what calling `name` returns, with so many arguments if known; UNKNOWN for all that is not certain."""
    if arguments == 1 and name.startswith(("keras.", "jax.numpy.")) and name.endswith(".where"):
        # Only `tf.where` gives one tensor then; the others give one index tensor for each dimension, or one in all.
        return Result.NEST
    result = _tables().results.get(name)
    if result is not None:
        return result
    if name.startswith(_STATIC_MODULES):
        return Result.STATIC
    if name.startswith("tensorflow.raw_ops.") and name[19:].isalnum() and name[19].isupper():
        # The table holds the raw operations that do not give exactly one tensor.
        return Result.TENSOR
    return Result.UNKNOWN


def refuses_keras_tensor(name: str) -> bool:
    """Whether a function of TensorFlow raises where its first argument is a KerasTensor, or a list that holds one.

    Keras 3 only. Measured with TensorFlow 2.21: all that compute a tensor do, those under `compat` and the names of
    Keras left out.
    """
    if not name.startswith("tensorflow.") or name.startswith(("tensorflow.losses.", "tensorflow.compat.")):
        return False
    return result_of(name) is Result.TENSOR and name not in ("tensorflow.timestamp", "tensorflow.IndexedSlices")


def constants(name: str) -> bool:
    """Whether the attribute `name` is a value known when tracing, such as `tensorflow.float32` or `numpy.pi`."""
    return name in _tables().constants or name.rpartition(".")[0] in _ENUMERATIONS or name in _MATH_CONSTANTS


def numpy_on_tensor(name: str) -> Literal["convert"] | None:
    """Say "convert" when the NumPy or SciPy function raises on a symbolic tensor, because it must become an array."""
    return "convert" if name in _tables().numpy_convert else None


def tensor_method(name: str) -> Result | Literal["host"] | None:
    """Say what an attribute of a tensor or weight is, or what calling it returns.

    "host" where it asks for a value that a symbolic tensor does not have; None when unknown.
    """
    return "host" if name in _TO_HOST else _TENSOR_METHODS.get(name)


@dataclass(frozen=True, slots=True)
class _Tables:
    results: Mapping[str, Result]
    numpy_convert: frozenset[str]
    constants: frozenset[str]


@cache
def _tables() -> _Tables:
    data = read_table("results")
    results: dict[str, Result] = {}
    for result, modules in data["results"].items():
        results.update(dict.fromkeys(dotted(modules), Result(result)))
    results.update(dict.fromkeys(dotted(ADDONS), Result.TENSOR))
    for by_hand, modules in BY_HAND.items():
        results.update(dict.fromkeys(dotted(modules), by_hand))
    return _Tables(results, frozenset(dotted(data["numpy_convert"])), frozenset(dotted(data["constants"])))


_MATH_CONSTANTS = frozenset({"math.e", "math.inf", "math.nan", "math.pi", "math.tau"})

_STATIC_MODULES = ("math.", "keras.config.", "tensorflow.config.")

_ENUMERATIONS = frozenset(
    f"tensorflow.{name}"
    for name in (
        "VariableAggregation",
        "VariableSynchronization",
        "autograph.experimental.Feature",
        "distribute.ReduceOp",
        "image.ResizeMethod",
        "losses.Reduction",
        "random.Algorithm",
    )
) | {"keras.losses.Reduction"}


_TO_HOST = frozenset(["__array__", "eval", "item", "numpy", "to_list", "to_pylist", "tobytes", "tolist"])

_TENSOR_ATTRIBUTES: dict[Result, str] = {
    Result.SHAPE: "get_shape shape",
    Result.STATIC: """
        aggregation autocast constraint device dtype experimental_ref graph initializer is_ragged name ndim op
        overwrite_with_gradient path ragged_rank rank ref regularizer synchronization trainable value_index""",
    Result.TENSORS: "nested_row_lengths nested_row_splits nested_value_rowids nonzero",
    Result.NOTHING: "set_shape",
    # First those of tensors and variables, then of ragged and sparse tensors, then the array methods that TensorFlow's
    # NumPy behaviour and JAX add, then operators.
    Result.TENSOR: """
        count_up_to gather_nd handle initialized_value is_initialized read_value sparse_read value
        assign assign_add assign_sub batch_scatter_update scatter_add scatter_div scatter_max scatter_min scatter_mul
        scatter_nd_add scatter_nd_sub scatter_nd_update scatter_sub scatter_update
        bounding_shape dense_shape flat_values indices merge_dims nrows nvals row_lengths row_limits row_splits
        row_starts to_sparse to_tensor uniform_row_length value_rowids values with_flat_values with_row_splits_dtype
        with_values
        T all any argmax argmin argsort astype clip conj copy cumprod cumsum diagonal dot flatten imag mT max mean min
        prod ravel real repeat reshape round sort squeeze std sum swapaxes take trace transpose var
        __abs__ __add__ __and__ __eq__ __floordiv__ __ge__ __getitem__ __gt__ __invert__ __le__ __lt__ __matmul__
        __mod__ __mul__ __ne__ __neg__ __or__ __pow__ __radd__ __rand__ __rfloordiv__ __rmatmul__ __rmod__ __rmul__
        __ror__ __rpow__ __rsub__ __rtruediv__ __rxor__ __sub__ __truediv__ __xor__""",
}

_TENSOR_METHODS = {name: result for result, names in _TENSOR_ATTRIBUTES.items() for name in names.split()}
