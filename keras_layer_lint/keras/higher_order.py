"""API functions that take functions: which parameters those are, and what they are called with.

Names are canonical dotted names. All is written by hand.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum


class Passes(Enum):
    """What a function given to an API function is called with, and who calls it."""

    TENSORS = "tensors"
    """Called while tracing, every argument a tensor or a structure of tensors."""
    SLICES = "slices"
    """Called while tracing, with slices of `data` along its first axis: tensors of a tensor, else structures."""
    LOOP_VARIABLES = "loop_variables"
    """Called while tracing, with the items of `data` one by one: numbers among them have become tensors."""
    INDEX_AND_TENSORS = "index_and_tensors"
    """Called while tracing, with the index of the iteration, a tensor, and what the loop carries."""
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
class Parameter:
    """A parameter of an API function: its position from zero, and its name."""

    position: int
    keyword: str


@dataclass(frozen=True, slots=True)
class HigherOrder:
    """Which parameters of an API function are functions, and what they are called with.

    A parameter may also take a list, tuple or dict that holds functions at any depth. `data`: the parameter whose parts
    they are called with, where `passes` speaks of one.
    """

    passes: Passes
    functions: tuple[Parameter, ...]
    data: Parameter | None = None
    element: int | None = None
    """Where the functions are the body of a loop in the graph: the argument that is another one in each iteration.

    What a loop carries may be another one or not: that depends on what the function returns.
    """


def _of(passes: Passes, *functions: str, data: str | None = None, element: int | None = None) -> HigherOrder:
    """Read parameters as `position keyword`."""
    found = None if data is None else _parameter(data)
    return HigherOrder(passes, tuple(map(_parameter, functions)), found, element)


def _parameter(text: str) -> Parameter:
    position, keyword = text.split()
    return Parameter(int(position), keyword)


def _of_sequences() -> Iterator[tuple[str, HigherOrder]]:
    yield "tensorflow.map_fn", _of(Passes.SLICES, "0 fn", data="1 elems", element=0)
    yield "tensorflow.vectorized_map", _of(Passes.SLICES, "0 fn", data="1 elems")
    yield "keras.backend.map_fn", _of(Passes.SLICES, "0 fn", data="1 elems", element=0)
    yield "keras.ops.map", _of(Passes.SLICES, "0 f", data="1 xs", element=0)
    yield "keras.ops.vectorized_map", _of(Passes.SLICES, "0 function", data="1 elements")
    yield "jax.lax.map", _of(Passes.SLICES, "0 f", data="1 xs")
    fold = _of(Passes.TENSORS, "0 fn", element=1)
    for name in (
        "tensorflow.scan",
        "tensorflow.foldl",
        "tensorflow.foldr",
        "keras.backend.foldl",
        "keras.backend.foldr",
    ):
        yield name, fold
    yield "keras.ops.scan", _of(Passes.TENSORS, "0 f", element=1)
    yield "keras.ops.associative_scan", _of(Passes.TENSORS, "0 f")
    yield "keras.backend.rnn", _of(Passes.TENSORS, "0 step_function", element=0)
    yield "jax.lax.scan", _of(Passes.TENSORS, "0 f")
    yield "tensorflow.nest.map_structure", _of(Passes.ELEMENTS, "0 func")
    yield "keras.tree.map_structure", _of(Passes.ELEMENTS, "0 func")


def _of_control_flow() -> Iterator[tuple[str, HigherOrder]]:
    while_loop = _of(Passes.LOOP_VARIABLES, "0 cond", "1 body", data="2 loop_vars")
    yield "tensorflow.while_loop", while_loop
    yield "keras.ops.while_loop", while_loop
    yield "jax.lax.while_loop", _of(Passes.TENSORS, "0 cond_fun", "1 body_fun")
    yield "keras.ops.fori_loop", _of(Passes.INDEX_AND_TENSORS, "2 body_fun", element=0)
    yield "jax.lax.fori_loop", _of(Passes.INDEX_AND_TENSORS, "2 body_fun")
    yield "keras.ops.switch", _of(Passes.TENSORS, "1 branches")
    yield "jax.lax.switch", _of(Passes.TENSORS, "1 branches")
    yield "jax.lax.cond", _of(Passes.TENSORS, "1 true_fun", "2 false_fun")

    cond = _of(Passes.NO_ARGUMENTS, "1 true_fn", "2 false_fn")
    for name in (
        "tensorflow.cond",
        "tensorflow.__internal__.smart_cond.smart_cond",
        "keras.ops.cond",
        "keras.utils.smart_cond",
    ):
        yield name, cond
    yield "tensorflow.case", _of(Passes.NO_ARGUMENTS, "0 pred_fn_pairs", "1 default")
    yield "tensorflow.switch_case", _of(Passes.NO_ARGUMENTS, "1 branch_fns", "2 default")
    # These take tensors as well as functions.
    yield "keras.backend.switch", _of(Passes.NO_ARGUMENTS, "1 then_expression", "2 else_expression")
    yield "keras.backend.in_train_phase", _of(Passes.NO_ARGUMENTS, "0 x", "1 alt")
    yield "keras.backend.in_test_phase", _of(Passes.NO_ARGUMENTS, "0 x", "1 alt")


def _of_wrappers() -> Iterator[tuple[str, HigherOrder]]:
    for name in ("py_function", "numpy_function", "py_func"):
        yield f"tensorflow.{name}", _of(Passes.NUMPY_VALUE, "0 func")
    yield "tensorflow.function", _of(Passes.AUTOGRAPH, "0 func")
    yield "tensorflow.autograph.to_graph", _of(Passes.AUTOGRAPH, "0 entity")
    yield "tensorflow.data.Dataset.map", _of(Passes.AUTOGRAPH, "1 map_func")
    for name in ("autograph.experimental.do_not_convert", "python.autograph.impl.api.do_not_convert"):
        yield f"tensorflow.{name}", _of(Passes.NO_AUTOGRAPH, "0 func")


HIGHER_ORDER: Mapping[str, HigherOrder] = dict([*_of_sequences(), *_of_control_flow(), *_of_wrappers()])
"""API functions that take Python functions, by canonical name."""
