"""Structures of inputs fitted to what the code does with them: sparse and ragged tensors, axes that numbers divide."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from keras_layer_lint.confirm.planning.changes import axis_of
from keras_layer_lint.confirm.planning.declared import quietly
from keras_layer_lint.confirm.planning.inputs import FLOATS, Structure, Tensor, mapped
from keras_layer_lint.confirm.planning.reading import Reading
from keras_layer_lint.confirm.planning.uses import Use
from keras_layer_lint.confirm.planning.usual import COLUMNS

_LARGEST = 256


def fitted(structure: Structure, use: Use, reading: Reading, layer: Any) -> Iterator[Structure]:
    """The structure as it is used, the likeliest first; itself where its uses tell nothing."""
    divided = mapped(structure, _divided(use, layer))
    for reach in _reaches(use, layer):
        yield from _of_kinds(mapped(divided, _reaching(use, reach)), use, reading)


def _of_kinds(divided: Structure, use: Use, reading: Reading) -> Iterator[Structure]:
    if isinstance(divided, list) and (elements := use.elements(len(divided))):
        special = [_special(each, reading.of(name)) for each, name in zip(divided, elements, strict=True)]
        # One way through the code may call such functions, and another not.
        yield from (divided,) if special == divided else (divided, special)
        return
    one = of_used_kind(divided, use, tested=True)
    if one == divided:
        yield divided
    else:
        yield from (divided, one) if use.either_tensor else (one, divided)


def _special(part: Structure, use: Use) -> Structure:
    """A part of the inputs as it is used: a list of one where it is counted, such as the supports of a graph.

    What something is gathered by are numbers, without the axis of features.
    """
    if use.integer and isinstance(part, Tensor) and part.dtype in FLOATS and part.rank > 1:
        part = Tensor("int32", part.shape[:-1])
    found = of_used_kind(part, use)
    return [found] if use.counted and isinstance(found, Tensor) else found


def of_used_kind(structure: Structure, use: Use, *, tested: bool = False) -> Structure:
    """A tensor of the kind that the functions called on it are for; of one that is only tested where that is wanted."""
    if isinstance(structure, Tensor) and use.tensor and structure.rank > 1 and (tested or not use.either_tensor):
        return replace(structure, kind=use.tensor)
    return structure


def _reaches(use: Use, layer: Any) -> list[int]:
    """How far the last axis is to reach: beyond where the code begins to take the rest of it, or not so far.

    A slice may end where the columns of a data set do, of which a list that klint made up has fewer.
    """
    held = [start if isinstance(start, int) else quietly(layer, start) for start in use.beyond]
    farthest = max([start for start in held if isinstance(start, int) and 0 < start <= _LARGEST], default=0)
    nearer = sorted((start for start in use.starts if 0 < start < farthest), reverse=True)
    return [farthest, *nearer]


def _reaching(use: Use, reach: int) -> Any:
    """The last axis longer than that, by as many columns as lists have."""

    def change(tensor: Tensor) -> Tensor:
        if tensor.rank > 1 and tensor.shape[-1] < use.least <= _LARGEST:
            tensor = axis_of(-1, use.least + COLUMNS)(tensor)
        if not reach or tensor.rank != 2 or tensor.shape[-1] >= reach + COLUMNS:
            return tensor
        return axis_of(-1, reach + COLUMNS)(tensor)

    return change


def _divided(use: Use, layer: Any) -> Any:
    """The last axis, as long as all the numbers allow that the code divides it by."""
    found = [divisor if isinstance(divisor, int) else quietly(layer, divisor) for divisor in use.divisors]
    common = math.lcm(*[number for number in found if isinstance(number, int) and number > 1])

    def change(tensor: Tensor) -> Tensor:
        if not 1 < common <= _LARGEST or tensor.rank < 2 or tensor.shape[-1] % common == 0:
            return tensor
        return axis_of(-1, common * max(1, round(tensor.shape[-1] / common)))(tensor)

    return change
