"""What code that runs on every backend of Keras 3 uses in place of functions of one framework.

The equals are measured: `python -m tools keras_ops tensor_equals`.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from functools import cache

from keras_layer_lint.keras.result import Result
from keras_layer_lint.keras.results import numpy_on_tensor, result_of
from keras_layer_lint.keras.tables import read_table

LEFT_TO_TENSORS = frozenset(
    """
    all amax amin any argmax argmin argsort cumprod cumsum max mean min prod real repeat reshape round squeeze std sum
    swapaxes transpose var
    """.split()
)
"""Functions of NumPy that call the method of their argument, which a tensor of JAX has."""
_FRAMEWORKS = ("tensorflow", "jax", "numpy")
_COMPUTED = frozenset({Result.TENSOR, Result.TENSORS, Result.NEST})


def framework_of(name: str) -> str | None:
    """The framework whose tensors alone a function computes with; None where it computes nothing, or with any.

    Measured with TensorFlow 2.21 and JAX 0.10 in a layer that is traced: a function of TensorFlow asks a tensor of JAX
    for its values, which it does not have, and one of JAX refuses tensors of TensorFlow.
    """
    root = name.partition(".")[0]
    if root == "numpy":
        return root if numpy_on_tensor(name) == "convert" else None
    is_computed = result_of(name) in _COMPUTED and not name.startswith(_OF_STRUCTURES)
    return root if root in _FRAMEWORKS and is_computed else None


_OF_STRUCTURES = ("tensorflow.nest.", "jax.tree.", "jax.tree_util.")


def equal_in_keras(name: str, count: int, keywords: Container[str]) -> str | None:
    """The function of `keras.ops` that gives the same for the same arguments; None where none is known.

    `count`: arguments by position; `keywords`: those by name. Without an axis some functions are none alike.
    """
    return _given(_equals().get(name), count, keywords)


def equal_in_tensorflow(name: str, count: int, keywords: Container[str]) -> str | None:
    """The function of TensorFlow that gives the same as one of NumPy for the same arguments."""
    return _given(_of_numpy().get(name), count, keywords)


def equal_of_backend(last: str, count: int, keywords: Container[str]) -> str | None:
    """The function of `keras.ops` that gives the same as one of `keras.backend` of Keras 2 for the same arguments."""
    return _given(_of_backend().get(last), count, keywords)


def _given(found: tuple[str, int | None] | None, count: int, keywords: Container[str]) -> str | None:
    other, axis = found or (None, None)
    return other if axis is None or "axis" in keywords or count > axis else None


@cache
def _of_numpy() -> Mapping[str, tuple[str, int | None]]:
    table = read_table("tensor_equals")["in_tensorflow"]
    return {
        f"{module}.{name}": (f"tensorflow.{other}", axis)
        for module in table
        for name, other, axis in _words(table[module])
    }


@cache
def _of_backend() -> Mapping[str, tuple[str, int | None]]:
    words = _words(read_table("tensor_equals")["of_backend"])
    return {name: (f"keras.ops.{other}", axis) for name, other, axis in words}


def _words(words: str) -> Iterator[tuple[str, str, int | None]]:
    """`argmax=math.argmax@1`: a name, its equal, and where the axis must be given."""
    for word in words.split():
        written, _, axis = word.partition("@")
        name, _, other = written.partition("=")
        yield name, other or name, int(axis) if axis else None


@cache
def _equals() -> Mapping[str, tuple[str, int | None]]:
    table = read_table("keras_ops")["equals"]
    return {
        f"{module}.{name}": (f"keras.ops.{other}", axis)
        for module in table
        for name, other, axis in _words(table[module])
    }
