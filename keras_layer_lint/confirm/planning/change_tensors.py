"""Other tensors in the same structure of inputs: ranks, dtypes, kinds, sizes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from keras_layer_lint.confirm.planning.changes import (
    Change,
    axis_at_least,
    axis_of,
    cube,
    each_size,
    integers_below,
    of_kind,
    of_side,
    one_at_a_time,
    rank_by,
    scales,
    shaped,
    to_rank,
    typed,
)
from keras_layer_lint.confirm.planning.inputs import DTYPES, FLOATS, INTEGERS, Inputs
from keras_layer_lint.confirm.planning.plain import plain
from keras_layer_lint.confirm.planning.trouble import Case

_NUMBER = r"(?<![\w.])(?<!\bIn\[)(\d{1,5})(?![\w.])"
"""A size; not the number of an operand, as in `In[0]: [2,8]`."""
_WORDS = {"two": 2, "three": 3, "four": 4, "five": 5}
_NUMPY_NAMES = {"float": "float32", "double": "float64", "half": "float16", "int": "int32"}
NOT_FLOATS = tuple(name for name in DTYPES if name not in FLOATS)
InputsRepair = Callable[..., Iterator[Inputs]]


def all_then_each(change: Change) -> InputsRepair:
    """All tensors changed, then one of several at a time."""

    def repair(case: Case) -> Iterator[Inputs]:
        yield case.inputs.map(change)
        yield from one_at_a_time(case.inputs, change)

    return repair


def each_then_all(change: Change) -> InputsRepair:
    """One of several tensors at a time changed, then all."""

    def repair(case: Case) -> Iterator[Inputs]:
        yield from one_at_a_time(case.inputs, change)
        yield case.inputs.map(change)

    return repair


def all_of(change: Change) -> InputsRepair:
    """All tensors changed."""
    return lambda case: iter([case.inputs.map(change)])


# ranks


def rank_declared(case: Case, wanted: str, found: str) -> Iterator[Inputs]:
    """The number of axes that an input specification declares, for the tensors that have the one it found."""
    old, new = int(found), int(wanted)
    ranks = [tensor.rank for tensor in case.inputs.tensors()]
    yield case.inputs.map(to_rank(new, only=old) if old in ranks else rank_by(new - old))


def one_index_each(case: Case) -> Iterator[Inputs]:
    """Indices without further axes, and what they index with features only: one for each row."""
    ints = {tensor for tensor in case.inputs.tensors() if tensor.dtype in INTEGERS and tensor.rank > 1}
    if ints:
        flat = case.inputs.map(lambda each: shaped(each.shape[:1])(each) if each in ints else each)
        yield flat
        yield flat.map(lambda each: to_rank(2)(each) if each.dtype in FLOATS and each.rank > 2 else each)


def rank_wanted(case: Case, wanted: str, found: str) -> Iterator[Inputs]:
    """The number of axes that an operation asks for: all tensors that have the one it found, then one at a time."""
    yield from all_then_each(to_rank(int(wanted), only=int(found)))(case)


def rank_found(case: Case, found: str, wanted: str) -> Iterator[Inputs]:
    """The same, where the text names what it found first."""
    yield from rank_wanted(case, wanted, found)


def rank_named(case: Case, *wanted: str) -> Iterator[Inputs]:
    """Numbers of axes that the text names, each as a number or a word."""
    for rank in wanted:
        yield case.inputs.map(to_rank(_WORDS.get(rank.lower()) or int(rank)))


def rank_of_maps(case: Case, spatial: str) -> Iterator[Inputs]:
    """Two axes more than the spatial ones: the batch and the features."""
    yield case.inputs.map(to_rank(int(spatial) + 2))


def other_rank(case: Case) -> Iterator[Inputs]:
    """More axes, then fewer."""
    for more in (1, 2, -1):
        yield case.inputs.map(rank_by(more))


def rank_of_one(case: Case, found: str, wanted: str) -> Iterator[Inputs]:
    """So many axes more or fewer of one tensor, which the layer may have given others before."""
    yield from one_at_a_time(case.inputs, rank_by(int(wanted) - int(found)))
    yield case.inputs.map(rank_by(int(wanted) - int(found)))


def rank_beyond(case: Case, axis: str) -> Iterator[Inputs]:
    """So many axes that there is one of this number, counted from 0."""
    yield case.inputs.map(to_rank(int(axis) + 1))


def one_to_be_repeated(case: Case, one: str, other: str) -> Iterator[Inputs]:
    """An axis of length 1, where it is repeated as often as that of another tensor is long, and was that long, too."""
    first, second = ([int(size) for size in re.findall(r"\d+", text)] for text in (one, other))
    for axis, pair in enumerate(zip(first, second, strict=False)):
        if not axis or min(pair) < 2 or max(pair) % min(pair):
            continue
        times = max(pair) // min(pair)
        if times == min(pair):
            yield from one_at_a_time(case.inputs, axis_of(axis, 1))
        elif times > 1:  # as often as an attribute of the layer says
            yield from one_at_a_time(case.inputs.map(axis_of(axis, times)), axis_of(axis, 1))


def as_the_other(case: Case, one: str, other: str) -> Iterator[Inputs]:
    """The shape of what it does not go with, for an input with just the shape that the text names; or an axis of 1."""
    first, second = (tuple(int(size) for size in re.findall(r"\d+", text)) for text in (one, other))
    for own, wanted in ((second, first), (first, second)):
        tensors = case.inputs.tensors()
        if own != wanted and len(own) <= len(wanted) and 1 <= sum(each.shape == own for each in tensors) < len(tensors):
            yield case.inputs.map(_of_shape(own, wanted))
            if len(own) < len(wanted):
                yield case.inputs.map(_of_shape(own, (*own, 1)))


def _of_shape(old: tuple[int, ...], new: tuple[int, ...]) -> Change:
    return lambda tensor: shaped(new)(tensor) if tensor.shape == old else tensor


def axis_of_factor(case: Case, found: str, wanted: str) -> Iterator[Inputs]:
    """An axis more, where so many times more numbers are wanted as an axis has that is there."""
    sizes = {size for tensor in case.inputs.tensors() for size in tensor.shape}
    if int(found) and int(wanted) % int(found) == 0 and int(wanted) // int(found) in sizes - {1}:
        yield case.inputs.map(rank_by(1))


def one_other_rank(case: Case) -> Iterator[Inputs]:
    """Fewer or more axes of one tensor among several."""
    yield from one_at_a_time(case.inputs, rank_by(-1))
    yield from one_at_a_time(case.inputs, rank_by(1))


# sizes


def axis_sized(case: Case, axis: str, size: str) -> Iterator[Inputs]:
    """One axis of the size that is declared."""
    yield case.inputs.map(axis_of(int(axis), int(size)))


def last_axis_sized(case: Case, size: str) -> Iterator[Inputs]:
    """The last axis of the size that the text names."""
    yield from each_then_all(axis_of(-1, int(size)))(case)


def axis_reaching(case: Case, index: str, axis: str) -> Iterator[Inputs]:
    """An axis long enough for an index."""
    if int(axis) > 0:
        yield from all_then_each(axis_at_least(int(axis), int(index) + 1))(case)


def shape_declared(case: Case, shape: str) -> Iterator[Inputs]:
    """The shape that is declared; usual sizes where it has none."""
    wanted = [axis.strip() for axis in shape.split(",") if axis.strip()]
    usual = plain(len(wanted)).shape
    yield case.inputs.map(shaped(tuple(int(axis) if axis.isdigit() else usual[at] for at, axis in enumerate(wanted))))


def colours(case: Case) -> Iterator[Inputs]:
    """Three channels, then one."""
    for size in (3, 1):
        yield case.inputs.map(axis_of(-1, size, least_rank=3))


def other_sides(case: Case) -> Iterator[Inputs]:
    """Longer and shorter sides of images and sequences."""
    for side in (32, 64, 16, 224):
        yield case.inputs.map(of_side(side))


def twice_as_long(case: Case) -> Iterator[Inputs]:
    """The last axis, or the second, twice as long as the largest numbers in the text."""
    for size in sorted({int(number) for number in re.findall(_NUMBER, case.trouble.text)})[-2:]:
        for axis in (-1, 1):
            yield case.inputs.map(axis_of(axis, 2 * size))


def multiples(case: Case, divisor: str) -> Iterator[Inputs]:
    """Sides and last axis that a number divides."""
    size = int(divisor)
    if 1 < size <= 256:
        yield case.inputs.map(of_side(2 * size))
        yield case.inputs.map(axis_of(-1, size))


def several_scales(case: Case) -> Iterator[Inputs]:
    """Images of several scales, where those of one do not fit together."""
    images = [tensor for tensor in case.inputs.tensors() if tensor.rank >= 4]
    if 2 <= len(images) == len(case.inputs.tensors()):
        yield from scales(case.inputs, 4)


def scales_of_equal(case: Case, one: str, other: str) -> Iterator[Inputs]:
    """Images of several scales, where sides that are twice as long, or four times, meet images that are all alike."""
    first, second = ([int(size) for size in re.findall(r"\d+", text)] for text in (one, other))
    sides = {(tensor.shape[1:3]) for tensor in case.inputs.tensors() if tensor.rank >= 4}
    if len(first) == len(second) == 4 and len(sides) == 1:
        long, short = sorted((first[1], second[1]), reverse=True)
        if short and long // short in (2, 4, 8, 16) and long % short == 0:
            yield from several_scales(case)


def sizes_named(case: Case) -> Iterator[Inputs]:
    """Sizes that the text names, in the place of sizes that the inputs have."""
    named = [int(number) for number in dict.fromkeys(re.findall(_NUMBER, case.trouble.text[:600]))]
    own = list(dict.fromkeys(size for tensor in case.inputs.tensors() for size in tensor.shape[1:]))
    named.sort(key=lambda number: number == case.inputs.batch)  # most likely named as the batch
    for number in [number for number in named if 0 < number <= 1024 and number not in own][:3]:
        yield case.inputs.map(axis_of(-1, number, least_rank=2))
        for size in own:
            yield case.inputs.map(each_size(size, number))
    if len(own) > 1:
        yield case.inputs.map(cube)


# dtypes and kinds


def dtype_expected(case: Case, wanted: str, found: str) -> Iterator[Inputs]:
    """The dtype that an operation expects, for the tensors that have the one it found.

    Of two kinds of integers, an input may have the one and what the layer computes the other.
    """
    asked, given = _numpy_name(wanted), _numpy_name(found)
    yield case.inputs.map(typed(asked, (given,)))
    if {asked, given} <= {"int32", "int64"}:
        yield case.inputs.map(typed(given, (asked,)))


def dtype_requested(case: Case, wanted: str) -> Iterator[Inputs]:
    """The dtype that a conversion asks for."""
    yield case.inputs.map(typed(wanted))


def to_integers(case: Case) -> Iterator[Inputs]:
    """Integers in the place of floating-point numbers."""
    yield from all_then_each(typed("int32", FLOATS))(case)


def to_floats(case: Case) -> Iterator[Inputs]:
    """Floating-point numbers in the place of integers and truths."""
    if {tensor.dtype for tensor in case.inputs.tensors()} & {*INTEGERS, "bool"}:
        yield case.inputs.map(typed("float32", NOT_FLOATS))


def to_strings(case: Case) -> Iterator[Inputs]:
    """Strings, unless there are some."""
    if all(tensor.dtype != "string" for tensor in case.inputs.tensors()):
        yield case.inputs.map(typed("string"))


def no_strings(case: Case) -> Iterator[Inputs]:
    """Floating-point numbers in the place of strings."""
    yield case.inputs.map(typed("float32", ("string",)))


def below(case: Case, top: str) -> Iterator[Inputs]:
    """Smaller integers, where there are fewer kinds of them."""
    if 0 < int(top) < 4:
        yield case.inputs.map(integers_below(int(top)))


integers_allowed = each_then_all(typed("int32", FLOATS))
to_sparse = each_then_all(of_kind("sparse"))
to_ragged = all_of(of_kind("ragged"))


def to_sparse_of_which(case: Case, attribute: str) -> Iterator[Inputs]:
    """Sparse tensors where an attribute of such is read; `values()` is called on a dict."""
    if all(f".{attribute}(" not in line for line in case.trouble.lines):
        yield from to_sparse(case)


def _numpy_name(name: str) -> str:
    return _NUMPY_NAMES.get(name, name)
