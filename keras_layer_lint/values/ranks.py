"""How many axes a tensor has: a number, or as many as an argument of `call` and some more or fewer."""

from __future__ import annotations

from collections.abc import Iterable

import libcst as cst

from keras_layer_lint.keras.result_traits import CONCATENATIONS, REDUCTIONS, SAME_SHAPE
from keras_layer_lint.keras.tables import dotted
from keras_layer_lint.values.arguments import CallArguments
from keras_layer_lint.values.containers import Sequence
from keras_layer_lint.values.dimension import Dimension
from keras_layer_lint.values.value import PythonValue, Rank, Tensor, Value

RESHAPES = frozenset({"keras.backend.reshape", "keras.ops.reshape", "tensorflow.reshape"})
_EXPANDS = frozenset({"keras.backend.expand_dims", "keras.ops.expand_dims", "tensorflow.expand_dims"})
_SQUEEZES = frozenset({"keras.backend.squeeze", "keras.ops.squeeze", "tensorflow.squeeze"})
_STACKS = frozenset({"keras.backend.stack", "keras.ops.stack", "tensorflow.stack"})
_TRANSPOSES = frozenset({"keras.ops.swapaxes", "keras.ops.transpose", "tensorflow.transpose"})
MADE = frozenset(
    dotted(
        {
            "keras.backend": "ones random_bernoulli random_normal random_uniform truncated_normal zeros",
            "keras.ops": "empty full ones zeros",
            "keras.random": "normal truncated_normal uniform",
            "tensorflow": "fill ones zeros",
            "tensorflow.random": "normal truncated_normal uniform",
        }
    )
)
"""Functions whose first argument is the shape of what they make."""


def rank_of_call(name: str, arguments: CallArguments) -> Rank | None:
    """The rank of the tensor that a function returns; None where that is not certain."""
    first = next(iter(arguments.positional), None)
    if name in MADE:
        shape = arguments.get(0, "shape", "dims")
        return Rank("", len(shape.items)) if isinstance(shape, Sequence) and shape.items is not None else None
    if name in RESHAPES:
        shape = arguments.get(1, "shape", "newshape")
        return Rank("", len(shape.items)) if isinstance(shape, Sequence) and shape.items is not None else None
    if name in SAME_SHAPE:
        return broadcast(arguments.values())
    if isinstance(first, Sequence):
        joined = broadcast(first.items) if first.items else None
        if name in _STACKS:
            return _plus(joined, 1)
        return joined if name in CONCATENATIONS else None
    if not isinstance(first, Tensor):
        return None
    if name in _TRANSPOSES:
        return first.rank
    axes = _number_of_axes(arguments.get(1, "axis"))
    if name in _EXPANDS:
        return _plus(first.rank, axes)
    if axes is None or not (name in _SQUEEZES or (name in REDUCTIONS and _drops_axes(arguments))):
        return None
    return _plus(first.rank, -axes)


def broadcast(values: Iterable[Value]) -> Rank | None:
    """The rank of what element by element is computed of some values."""
    ranks: list[Rank] = []
    for value in values:
        if isinstance(value, PythonValue | Dimension):
            continue
        if not isinstance(value, Tensor) or value.rank is None:
            return None
        ranks.append(value.rank)
    return max(ranks) if ranks and all(rank.of == ranks[0].of for rank in ranks) else None


def rank_of_item(base: Tensor, node: cst.Subscript, indices: Iterable[Value]) -> Rank | None:
    """The rank of what a subscript leaves of a tensor."""
    change = 0
    for element, index in zip(node.slice, indices, strict=True):
        match element.slice:
            case cst.Slice() | cst.Index(value=cst.Ellipsis()):
                continue
        match index:
            case PythonValue(constant=None):
                change += 1
            case PythonValue(constant=int()):
                change -= 1
            case _:
                return None
    return _plus(base.rank, change)


def _plus(rank: Rank | None, axes: int | None) -> Rank | None:
    return None if rank is None or axes is None else Rank(rank.of, rank.number + axes)


def _number_of_axes(axis: Value | None) -> int | None:
    match axis:
        case PythonValue(constant=int()):
            return 1
        case Sequence(items=tuple() as items) if items and all(_number_of_axes(item) == 1 for item in items):
            return len(items)
        case _:
            return None


def _drops_axes(arguments: CallArguments) -> bool:
    """Whether a reduction leaves no axis of size one: it is told nothing of the kind by position or by name."""
    kept = arguments.get(2, "keepdims", "keep_dims")
    return kept is None or (isinstance(kept, PythonValue) and kept.constant is False)
