"""What calls outside the linted code return, and what they do with the functions and tensors given to them.

Names are canonical dotted names: `tensorflow.math.reduce_sum`, `keras.ops.mean`, `numpy.mean`. The measured part is
`results.json`, written by `tools/write_api_results.py`; here stands what naming rules and documentation add to it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Literal

DATA = Path(__file__).with_name("results.json")


class Result(Enum):
    """What a call returns while `call` is traced into a graph."""

    TENSOR = "tensor"
    """One tensor, whatever the arguments; sparse and ragged tensors too."""
    TENSORS = "tensors"
    """A list, tuple or named tuple whose elements are all tensors."""
    NEST = "nest"
    """Tensors in a structure that the arguments, often the functions among them, decide."""
    STATIC = "static"
    """A Python value known when tracing."""
    SHAPE = "shape"
    """A static shape, `TensorShape` or tuple: the batch element may be None."""
    OPS_SHAPE = "ops_shape"
    """The tuple of `keras.ops.shape`: known elements are ints, the others tensors."""
    TENSOR_ARRAY = "tensor_array"
    NOTHING = "nothing"
    """Called for its effect: None or an operation, no tensor."""
    NUMPY_VALUE = "host"
    """A NumPy array or scalar, or several."""
    VARIABLE = "variable"
    UNKNOWN = "unknown"


class Passes(Enum):
    """What a function given to an API function is called with, and who calls it."""

    TENSORS = "tensors"
    """Called while tracing, every argument a tensor or a structure of tensors."""
    NO_ARGUMENTS = "no_arguments"
    """Called while tracing, without arguments."""
    ELEMENTS = "elements"
    """Called while tracing, once for each element of the structures given beside it."""
    NUMPY_VALUE = "host"
    """Called when the graph runs, with eager tensors or NumPy arrays: nothing in it is traced."""
    AUTOGRAPH = "autograph"
    """Wrapped and returned, or called, with its source converted by AutoGraph."""
    NO_AUTOGRAPH = "no_autograph"
    """Wrapped and returned; AutoGraph leaves it and what it calls alone."""


@dataclass(frozen=True, slots=True)
class FunctionParameter:
    """A parameter that takes a function; with `many`, a list, tuple or dict that holds functions at any depth."""

    position: int
    keyword: str
    many: bool = False


@dataclass(frozen=True, slots=True)
class Callback:
    """Which parameters of an API function are functions, and what they are called with."""

    passes: Passes
    functions: tuple[FunctionParameter, ...]


def result_of(name: str, arguments: int | None = None) -> Result:
    """Say what calling `name` returns, with so many arguments if known; UNKNOWN for all that is not certain."""
    if arguments == 1 and name.startswith(("keras.", "jax.numpy.")) and name.endswith(".where"):
        # Only `tf.where` gives one tensor then; the others give one index tensor for each dimension, or one in all.
        return Result.NEST
    results = _tables().results
    for spelling in spellings(name):
        result = results.get(spelling)
        if result is not None:
            return result
        if spelling.startswith(_STATIC_MODULES):
            return Result.STATIC
        if spelling.startswith("tensorflow.raw_ops.") and spelling[19:].isalnum() and spelling[19].isupper():
            # The table holds the raw operations that do not give exactly one tensor.
            return Result.TENSOR
    return Result.UNKNOWN


def constants(name: str) -> bool:
    """Whether the attribute `name` is a value known when tracing, such as `tensorflow.float32` or `numpy.pi`."""
    known = _tables().constants
    return any(
        spelling in known or spelling.rpartition(".")[0] in _ENUMERATIONS or spelling in _MATH_CONSTANTS
        for spelling in spellings(name)
    )


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
    data = json.loads(DATA.read_bytes())
    results: dict[str, Result] = {}
    for result, modules in data["results"].items():
        results.update(dict.fromkeys(_dotted_names(modules), Result(result)))
    return _Tables(
        results, frozenset(_dotted_names(data["numpy_convert"])), frozenset(_dotted_names(data["constants"]))
    )


def _dotted_names(modules: Mapping[str, str]) -> list[str]:
    return [f"{module}.{name}" for module, names in modules.items() for name in names.split()]


_KERAS_ROOTS = (
    "tf_keras.src.",
    "tf_keras.api.",
    "tf_keras.",
    "tensorflow.compat.v1.keras.",
    "tensorflow.compat.v2.keras.",
    "tensorflow.python.keras.",
    "tensorflow.keras.",
    "keras._tf_keras.keras.",
    "keras.src.legacy.",
    "keras.src.",
    "keras.api.",
)
_TENSORFLOW_ROOTS = (
    "tensorflow.compat.v1.",
    "tensorflow.compat.v2.",
    "tensorflow._api.v2.",
    "keras.src.utils.module_utils.tensorflow.",
)

_INTERNAL_MODULES: dict[str, tuple[str, ...]] = {
    "tensorflow.python.framework.constant_op.": ("",),
    "tensorflow.python.framework.dtypes.": ("", "dtypes."),
    "tensorflow.python.framework.indexed_slices.": ("",),
    "tensorflow.python.framework.ops.": ("",),
    "tensorflow.python.framework.smart_cond.": ("__internal__.smart_cond.",),
    "tensorflow.python.framework.sparse_tensor.": ("sparse.", ""),
    "tensorflow.python.framework.tensor_shape.": ("",),
    "tensorflow.python.framework.tensor_util.": ("",),
    "tensorflow.python.ops.array_ops.": ("", "linalg.", "sparse."),
    "tensorflow.python.ops.check_ops.": ("debugging.", ""),
    "tensorflow.python.ops.clip_ops.": ("",),
    "tensorflow.python.ops.cond.": ("",),
    "tensorflow.python.ops.control_flow_assert.": ("debugging.",),
    "tensorflow.python.ops.control_flow_case.": ("",),
    "tensorflow.python.ops.control_flow_ops.": ("", "debugging."),
    "tensorflow.python.ops.embedding_ops.": ("nn.",),
    "tensorflow.python.ops.functional_ops.": ("",),
    "tensorflow.python.ops.image_ops.": ("image.",),
    "tensorflow.python.ops.linalg_ops.": ("linalg.", ""),
    "tensorflow.python.ops.logging_ops.": ("",),
    "tensorflow.python.ops.map_fn.": ("",),
    "tensorflow.python.ops.math_ops.": ("", "math.", "linalg."),
    "tensorflow.python.ops.nn.": ("nn.", "math."),
    "tensorflow.python.ops.nn_impl.": ("nn.", "math."),
    "tensorflow.python.ops.nn_ops.": ("nn.", "math."),
    "tensorflow.python.ops.random_ops.": ("random.", ""),
    "tensorflow.python.ops.sparse_ops.": ("sparse.",),
    "tensorflow.python.ops.special_math_ops.": ("", "math."),
    "tensorflow.python.ops.string_ops.": ("strings.", ""),
    "tensorflow.python.ops.tensor_array_ops.": ("",),
    "tensorflow.python.ops.while_loop.": ("",),
}
"""Modules of TensorFlow that layers import although they are private, and where the public names of the same stand."""

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


def spellings(name: str) -> Iterator[str]:
    """Yield the name itself, then the public names of the same function."""
    yield name
    module, _, function = name.rpartition(".")
    if module.startswith(("keras.src.ops", "keras.src.backend", "keras.ops.")):
        # Inside Keras 3, `backend.numpy.mean` and `ops.numpy.mean` are what `keras.ops.mean` calls.
        yield f"keras.ops.{function}"
        yield f"keras.{module.rpartition('.')[2]}.{function}"
        yield f"keras.ops.{module.rpartition('.')[2]}.{function}"
    for root in _TENSORFLOW_ROOTS:
        if name.startswith(root):
            yield "tensorflow." + name[len(root) :]
            return
    for root in _KERAS_ROOTS:
        if name.startswith(root):
            yield "keras." + name[len(root) :]
            return
    for public in _INTERNAL_MODULES.get(module + ".", ()):
        yield f"tensorflow.{public}{function}"


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


def callback_of(name: str) -> Callback | None:
    """Look up CALLBACKS under the name and the other names of the same function."""
    return next((CALLBACKS[spelling] for spelling in spellings(name) if spelling in CALLBACKS), None)


def _callback(passes: Passes, *functions: str) -> Callback:
    """Read `position keyword`, with `*` behind the keyword of a parameter that holds many functions."""
    parameters = []
    for function in functions:
        position, keyword = function.split()
        parameters.append(FunctionParameter(int(position), keyword.rstrip("*"), keyword.endswith("*")))
    return Callback(passes, tuple(parameters))


def _callbacks() -> Iterator[tuple[str, Callback]]:
    fold = _callback(Passes.TENSORS, "0 fn")
    for name in ("map_fn", "scan", "foldl", "foldr", "vectorized_map"):
        yield f"tensorflow.{name}", fold
    for name in ("map_fn", "foldl", "foldr"):
        yield f"keras.backend.{name}", fold
    while_loop = _callback(Passes.TENSORS, "0 cond", "1 body")
    yield "tensorflow.while_loop", while_loop
    yield "keras.ops.while_loop", while_loop
    yield "keras.ops.scan", _callback(Passes.TENSORS, "0 f")
    yield "keras.ops.map", _callback(Passes.TENSORS, "0 f")
    yield "keras.ops.associative_scan", _callback(Passes.TENSORS, "0 f")
    yield "keras.ops.vectorized_map", _callback(Passes.TENSORS, "0 function")
    yield "keras.ops.fori_loop", _callback(Passes.TENSORS, "2 body_fun")
    yield "keras.ops.switch", _callback(Passes.TENSORS, "1 branches*")
    yield "keras.backend.rnn", _callback(Passes.TENSORS, "0 step_function")

    cond = _callback(Passes.NO_ARGUMENTS, "1 true_fn", "2 false_fn")
    for name in (
        "tensorflow.cond",
        "tensorflow.__internal__.smart_cond.smart_cond",
        "keras.ops.cond",
        "keras.utils.tf_utils.smart_cond",
        "keras.utils.control_flow_util.smart_cond",
    ):
        yield name, cond
    yield "tensorflow.case", _callback(Passes.NO_ARGUMENTS, "0 pred_fn_pairs*", "1 default")
    yield "tensorflow.switch_case", _callback(Passes.NO_ARGUMENTS, "1 branch_fns*", "2 default")
    # These take tensors as well as functions.
    yield "keras.backend.switch", _callback(Passes.NO_ARGUMENTS, "1 then_expression", "2 else_expression")
    yield "keras.backend.in_train_phase", _callback(Passes.NO_ARGUMENTS, "0 x", "1 alt")
    yield "keras.backend.in_test_phase", _callback(Passes.NO_ARGUMENTS, "0 x", "1 alt")

    yield "tensorflow.nest.map_structure", _callback(Passes.ELEMENTS, "0 func")
    yield "keras.tree.map_structure", _callback(Passes.ELEMENTS, "0 func")
    yield "jax.lax.cond", _callback(Passes.TENSORS, "1 true_fun", "2 false_fun")
    yield "jax.lax.while_loop", _callback(Passes.TENSORS, "0 cond_fun", "1 body_fun")
    yield "jax.lax.fori_loop", _callback(Passes.TENSORS, "2 body_fun")
    yield "jax.lax.scan", _callback(Passes.TENSORS, "0 f")
    yield "jax.lax.map", _callback(Passes.TENSORS, "0 f")
    yield "jax.lax.switch", _callback(Passes.TENSORS, "1 branches*")

    for name in ("py_function", "numpy_function", "py_func"):
        yield f"tensorflow.{name}", _callback(Passes.NUMPY_VALUE, "0 func")

    yield "tensorflow.function", _callback(Passes.AUTOGRAPH, "0 func")
    yield "tensorflow.autograph.to_graph", _callback(Passes.AUTOGRAPH, "0 entity")
    yield "tensorflow.data.Dataset.map", _callback(Passes.AUTOGRAPH, "1 map_func")
    yield "tensorflow.autograph.experimental.do_not_convert", _callback(Passes.NO_AUTOGRAPH, "0 func")


CALLBACKS: Mapping[str, Callback] = dict(_callbacks())
"""API functions that take Python functions, by public name; `callback_of` knows the other names."""
