"""Small changes to tensors, of which repairs are made."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import replace

from keras_layer_lint.confirm.planning.inputs import FLOATS, INTEGERS, Inputs, Tensor, leaves_with_keys
from keras_layer_lint.confirm.planning.plain import plain

Change = Callable[[Tensor], Tensor]
MOST_AXES = 6


def to_rank(rank: int, only: int | None = None) -> Change:
    """So many axes, the last one kept; for tensors that have `only` many."""

    def change(tensor: Tensor) -> Tensor:
        if not 1 <= rank <= MOST_AXES or only not in (None, tensor.rank):
            return tensor
        shape = plain(rank).shape
        if rank > 1 and tensor.rank > 1:
            shape = (*shape[:-1], tensor.shape[-1])
        return replace(tensor, shape=shape)

    return change


def rank_by(more: int) -> Change:
    """More or fewer axes."""
    return lambda tensor: to_rank(tensor.rank + more)(tensor)


def axis_of(axis: int, size: int, least_rank: int = 1) -> Change:
    """One axis of another size."""

    def change(tensor: Tensor) -> Tensor:
        if tensor.rank < least_rank or not -tensor.rank <= axis < tensor.rank:
            return tensor
        shape = list(tensor.shape)
        shape[axis] = size
        return replace(tensor, shape=tuple(shape))

    return change


def axis_at_least(axis: int, size: int) -> Change:
    """One axis that is long enough."""

    def change(tensor: Tensor) -> Tensor:
        return axis_of(axis, size)(tensor) if axis < tensor.rank and tensor.shape[axis] < size else tensor

    return change


def each_size(old: int, new: int) -> Change:
    """Another size wherever an axis after the first has this one."""
    return lambda tensor: replace(
        tensor, shape=(*tensor.shape[:1], *[new if axis == old else axis for axis in tensor.shape[1:]])
    )


def cube(tensor: Tensor) -> Tensor:
    """All axes after the first as long as the last."""
    if not tensor.shape:
        return tensor
    return replace(tensor, shape=(*tensor.shape[:1], *[tensor.shape[-1]] * (tensor.rank - 1)))


def of_side(side: int) -> Change:
    """The axes between the first and the last of one size."""

    def change(tensor: Tensor) -> Tensor:
        if tensor.rank < 3:
            return tensor
        return replace(tensor, shape=(tensor.shape[0], *[side] * (tensor.rank - 2), tensor.shape[-1]))

    return change


def scales(inputs: Inputs, smallest: int) -> Iterator[Inputs]:
    """Images of which each is half as large as the one before, or the one after; or one after the first, the smallest.

    The last are those of a decoder, which is given the levels of an encoder as that has made them.
    """
    rising = [smallest << at for at in range(len(inputs.tensors()))]
    for sides in (rising[::-1], rising, [*rising[:1], *rising[:0:-1]]):
        yield inputs.map(_one_after_the_other([of_side(side) for side in sides]))


def _one_after_the_other(changes: Sequence[Change]) -> Change:
    left = iter(changes)
    return lambda tensor: next(left)(tensor)


def shaped(shape: tuple[int, ...]) -> Change:
    """Another shape."""
    return lambda tensor: replace(tensor, shape=shape)


def typed(dtype: str, only: tuple[str, ...] | None = None) -> Change:
    """Another dtype, for tensors that have one of `only`."""
    known = dtype in (*FLOATS, *INTEGERS, "bool", "string")

    def change(tensor: Tensor) -> Tensor:
        if not known or (only is not None and tensor.dtype not in only):
            return tensor
        below = tensor.below if dtype in INTEGERS else None
        return replace(tensor, dtype=dtype, below=below, least=tensor.least if dtype in INTEGERS else 0)

    return change


def integers_below(top: int) -> Change:
    """Smaller integers."""
    return lambda tensor: replace(tensor, below=top) if tensor.dtype in INTEGERS else tensor


def of_kind(kind: str) -> Change:
    """Sparse, ragged or masked."""
    return lambda tensor: replace(tensor, kind=kind) if tensor.rank > 1 else tensor


def one_at_a_time(inputs: Inputs, change: Change) -> Iterator[Inputs]:
    """The inputs with one of several tensors changed, the last one first; before, those whose keys share a word."""
    count = len(inputs.tensors())
    for alike in _alike(inputs):
        yield inputs.map(_only(alike, change))
    for chosen in range(count - 1, -1, -1) if count > 1 else ():
        yield inputs.map(_only({chosen}, change))


def _alike(inputs: Inputs) -> list[frozenset[int]]:
    """Which tensors of dicts have a word of their keys in common: `user_id` and `user_age`, of one user each."""
    keys = [key for value in (*inputs.positional, *inputs.named.values()) for key, _ in leaves_with_keys(value)]
    words = dict.fromkeys(word for key in keys for word in key.lower().split("_"))
    found = [frozenset(at for at, key in enumerate(keys) if word in key.lower().split("_")) for word in words if word]
    return [each for each in dict.fromkeys(found) if 1 < len(each) < len(keys)]


def _only(chosen: Container[int], change: Change) -> Change:
    numbers = itertools.count()
    return lambda tensor: change(tensor) if next(numbers) in chosen else tensor
