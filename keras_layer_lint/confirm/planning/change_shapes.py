"""Other shapes for single inputs, told by the shapes that an error names and by the names of the inputs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from keras_layer_lint.confirm.planning.changes import Change, one_at_a_time, scales, shaped
from keras_layer_lint.confirm.planning.inputs import Inputs, Tensor
from keras_layer_lint.confirm.planning.seeds import called
from keras_layer_lint.confirm.planning.spoken import MASK
from keras_layer_lint.confirm.planning.trouble import Case

_MOST = 9
"""Elements of a list of inputs."""


def mask_of_scores(case: Case, one: str, other: str) -> Iterator[Inputs]:
    """Masks with an axis for each that the scores of attention have, where they are added to these."""
    shapes = sorted((_sizes(one), _sizes(other)), key=len)
    mask, scores = shapes
    missing = len(scores) - len(mask)
    if missing < 1 or len(mask) < 2 or mask[-1] != scores[-1]:
        return
    wider = (mask[0], *[1] * missing, *mask[1:])

    def change(tensor: Tensor) -> Tensor:
        return shaped(wider)(tensor) if tensor.shape == mask else tensor

    yield _masks(case, change)


def shape_told(case: Case, one: str, other: str) -> Iterator[Inputs]:
    """The one shape that the layer's own words name, for inputs of the other."""
    first, second = _sizes(one), _sizes(other)
    for wanted, given in ((first, second), (second, first)):

        def change(tensor: Tensor, wanted: tuple[int, ...] = wanted, given: tuple[int, ...] = given) -> Tensor:
            return shaped(wanted)(tensor) if tensor.shape == given else tensor

        yield case.inputs.map(change)
        yield from one_at_a_time(case.inputs, change)


def longer_list(case: Case) -> Iterator[Inputs]:
    """More elements, of one size and then as the levels of a pyramid; of single inputs that are lists."""
    first = case.inputs.positional[0] if case.inputs.positional else None
    if not isinstance(first, list) or not 0 < len(first) < _MOST:
        return
    longer = case.inputs.with_first([first[at % len(first)] for at in range(min(2 * len(first) + 1, _MOST))])
    yield longer
    images = longer.tensors()
    if all(tensor.rank >= 4 for tensor in images):
        yield scales(longer, 4 << (len(images) - 1), falling=True)


def _masks(case: Case, change: Change) -> Inputs:
    """The inputs with those changed whose names say that they are masks."""
    names = [parameter.name for parameter in called(case.layer)]
    inputs = case.inputs
    positional = tuple(
        change(value) if isinstance(value, Tensor) and at < len(names) and _is_mask(names[at]) else value
        for at, value in enumerate(inputs.positional)
    )
    named = {
        name: change(value) if isinstance(value, Tensor) and _is_mask(name) else value
        for name, value in inputs.named.items()
    }
    return replace(inputs, positional=positional, named=named)


def _is_mask(name: str) -> bool:
    return MASK.search(name.lower()) is not None


def _sizes(text: str) -> tuple[int, ...]:
    return tuple(int(size) for size in re.findall(r"\d+", text))
