"""Other shapes for single inputs, told by the shapes that an error names and by the names of the inputs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from keras_layer_lint.confirm.planning.changes import Change, each_size, one_at_a_time, scales, shaped
from keras_layer_lint.confirm.planning.inputs import Inputs, Structure, Tensor
from keras_layer_lint.confirm.planning.masks import with_masks
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

    def change(value: Structure) -> Structure:
        return shaped(wider)(value) if isinstance(value, Tensor) and value.shape == mask else value

    yield with_masks(case.inputs, case.layer, change)


def shape_told(case: Case, one: str, other: str) -> Iterator[Inputs]:
    """The one shape that the layer's own words name, for inputs of the other."""
    first, second = _sizes(one), _sizes(other)
    for wanted, given in ((first, second), (second, first)):
        yield case.inputs.map(_of_shape(given, wanted))
        yield from one_at_a_time(case.inputs, _of_shape(given, wanted))


def one_size(case: Case, one: str, other: str) -> Iterator[Inputs]:
    """The size that another shape has, in the place of the only one that does not go with it.

    Shapes are held against each other from the last axis on. Sizes that no input has are those that a layer was made
    with. The batch may have been made a part of an axis, or the other way round.
    """
    first, second = _sizes(one), _sizes(other)
    same = len(first) == len(second) > 2
    pairs = list(zip(first[::-1], second[::-1], strict=False))[: len(first) - same]
    unlike = {pair for pair in pairs if pair[0] != pair[1] and 1 not in pair}
    if len(unlike) != 1:
        return
    own = {size for tensor in case.inputs.tensors() for size in tensor.shape[1:]}
    for given, wanted in ((first, second), (second, first)):
        ((old, new),) = unlike if given is first else {pair[::-1] for pair in unlike}
        if old not in own or new in own:
            continue
        offset = len(given) - len(wanted)
        there = [at for at in range(max(offset, 1), len(given)) if given[at] != wanted[at - offset]]
        if given[1:].count(old) > len(there):
            changed = tuple(new if at in there else size for at, size in enumerate(given))
            yield case.inputs.map(_of_shape(given, changed))
        yield case.inputs.map(each_size(old, new))


def as_wide_as_the_other(case: Case, one: str, other: str) -> Iterator[Inputs]:
    """The last axis of what an input meets, where that is all in which their shapes differ."""
    first, second = _sizes(one), _sizes(other)
    if first[:-1] != second[:-1] or len(first) < 3 or len(case.inputs.tensors()) < 2:
        return
    for wanted, given in ((first, second), (second, first)):
        yield from one_at_a_time(case.inputs, _of_shape(given, wanted))


def _of_shape(given: tuple[int, ...], wanted: tuple[int, ...]) -> Change:
    return lambda tensor: shaped(wanted)(tensor) if tensor.shape == given else tensor


def longer_list(case: Case) -> Iterator[Inputs]:
    """More elements, of one size and then as the levels of a pyramid; of single inputs that are lists."""
    first = case.inputs.positional[0] if case.inputs.positional else None
    if not isinstance(first, list) or not 0 < len(first) < _MOST:
        return
    longer = case.inputs.with_first([first[at % len(first)] for at in range(min(2 * len(first) + 1, _MOST))])
    yield longer
    images = longer.tensors()
    if images and all(tensor.rank >= 4 for tensor in images):
        yield next(scales(longer, 4))


def _sizes(text: str) -> tuple[int, ...]:
    return tuple(int(size) for size in re.findall(r"\d+", text))
