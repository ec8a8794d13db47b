"""Other tensors in the same structure, where an error speaks of ranks, dtypes or sizes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from keras_layer_lint.confirm.planning.changes import (
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
from keras_layer_lint.confirm.planning.seeds import plain
from keras_layer_lint.confirm.planning.trouble import Trouble

_NUMBER = r"(?<![\w.])(\d{1,5})(?![\w.])"
_NDIM = r"expected (?:min_|max_)?n?dim[=: ]*(\d+),? (?:but )?found (?:n?dim)?[=: ]*(\d+)"
_RANK_THEN_WANTED = (
    r"actual tensor rank `(\d)`.*?expected tensor rank `\[?(\d)",
    r"vector of size (\d)\. But input\(1\) is a vector of size (\d)",
)
_WANTED_THEN_RANK = r"have rank (\d),? but got:? (?:rank )?(\d)"
_WORDS = {"two": 2, "three": 3, "four": 4, "five": 5}
_NAMED_RANKS = (
    r"(?:rank|ndim|dimension\w*|dims)\s*(?:must be|should be|=|==|of|is|to be)?\s*"
    r"(?:at least |exactly |either |>= )?([2-5])\b",
    r"\b([2-5])\s?-?[dD]\b(?: tensor| input| array)?",
    r"\b([2-5])[- ]dimensional",
    r"must have (?:rank|ndim|at least) ?([2-5])",
    r"rank\b.*?\[([2-5])(?:, ?\d)*\]",
)
_OTHER_RANK = re.compile(
    r"index out of range|slice index|out of bounds|too many indices|rank|ax[ei]s|perm|transpose|einsum|subscript",
    re.IGNORECASE,
)
_MISMATCH = re.compile(
    r"must be equal|[Ii]ncompatible|mismatch|same shape|broadcast|not match|do(?:es)? not|should match|cannot reshape|"
    r"Matrix size|must match|Shapes? |shape|dimension"
)
_INTEGER = re.compile(
    r"list of allowed values: (u?int|bool)|\bint(32|64|eger)?\b|indices|one_hot|integer|Indexer", re.IGNORECASE
)
_FLOAT = re.compile(r"list of allowed values: (bfloat|half|float)|float|bool|same (data)?type|dtype", re.IGNORECASE)
_SHORT = re.compile(r"less than|more than|at least|greater|larger|smaller|exceed|too small|too short")
_SIZE = re.compile(
    r"negative|<= ?0|larger than|smaller than|less than|greater than|at least|too small|size|divisible|reshape",
    re.IGNORECASE,
)


def declared_rank(trouble: Trouble, inputs: Inputs, layer: Any) -> Iterator[Inputs]:
    """The number of axes that an input specification or an operation declares."""
    ranks = [tensor.rank for tensor in inputs.tensors()]
    for wanted, found in re.findall(_NDIM, trouble.text):
        old, new = int(found), int(wanted)
        yield inputs.map(to_rank(new, only=old) if old in ranks else rank_by(new - old))
    said = [pair for pattern in _RANK_THEN_WANTED for pair in re.findall(pattern, trouble.text, re.DOTALL)]
    said += [(found, wanted) for wanted, found in re.findall(_WANTED_THEN_RANK, trouble.text)]
    for found, wanted in said:
        change = to_rank(int(wanted), only=int(found))
        yield inputs.map(change)
        yield from one_at_a_time(inputs, change)


def named_rank(trouble: Trouble, inputs: Inputs, layer: Any) -> Iterator[Inputs]:
    """A number of axes that the text names in words of its own."""
    for pattern in _NAMED_RANKS:
        for wanted in dict.fromkeys(re.findall(pattern, trouble.text, re.IGNORECASE)):
            yield inputs.map(to_rank(int(wanted)))
    for word in re.findall(r"\b(two|three|four|five)[- ]dimension", trouble.text, re.IGNORECASE):
        yield inputs.map(to_rank(_WORDS[word.lower()]))


def other_rank(trouble: Trouble, inputs: Inputs, layer: Any) -> Iterator[Inputs]:
    """More or fewer axes, where the text speaks of axes at all."""
    if _OTHER_RANK.search(trouble.text):
        for more in (1, 2, -1):
            yield inputs.map(rank_by(more))


def one_other_rank(trouble: Trouble, inputs: Inputs, layer: Any) -> Iterator[Inputs]:
    """More or fewer axes of one tensor among several."""
    if _MISMATCH.search(trouble.text) or _OTHER_RANK.search(trouble.text):
        yield from one_at_a_time(inputs, rank_by(-1))
        yield from one_at_a_time(inputs, rank_by(1))


def axes(trouble: Trouble, inputs: Inputs, layer: Any) -> Iterator[Inputs]:
    """Sizes that an input specification declares, or that an index needs."""
    for axis, size in re.findall(r"expected axis (-?\d+) of input shape to have value (\d+)", trouble.text):
        yield inputs.map(axis_of(int(axis), int(size)))
    for size in re.findall(
        r"(?:final|last) (?:dimension|axis|dim) (?:of|must be|to be|should be|==?) ?`?(\d+)", trouble.text
    ):
        yield from one_at_a_time(inputs, axis_of(-1, int(size)))
        yield inputs.map(axis_of(-1, int(size)))
    for index, axis in re.findall(r"slice index (\d+) of dimension ([1-9]) out of bounds", trouble.text):
        longer = axis_at_least(int(axis), int(index) + 1)
        yield inputs.map(longer)
        yield from one_at_a_time(inputs, longer)
    found = re.search(r"expected shape=[(\[]([^)\]]*)[)\]], found shape=[(\[]([^)\]]*)[)\]]", trouble.text)
    if found:
        wanted = [axis.strip() for axis in found[1].split(",") if axis.strip()]
        usual = plain(len(wanted)).shape
        yield inputs.map(shaped(tuple(int(axis) if axis.isdigit() else usual[at] for at, axis in enumerate(wanted))))


def told_dtype(trouble: Trouble, inputs: Inputs, layer: Any) -> Iterator[Inputs]:
    """The dtype that an operation asks for."""
    for wanted, found in re.findall(r"expected to be an? (\w+) tensor but is an? (\w+) tensor", trouble.text):
        yield inputs.map(typed(_numpy_name(wanted), (_numpy_name(found),)))
    for wanted in re.findall(r"requested dtype (\w+)", trouble.text):
        yield inputs.map(typed(wanted))
    if re.search(r"of (float|double|half) is not in the list of allowed values: (u?int|bool)", trouble.text):
        yield from one_at_a_time(inputs, typed("int32", FLOATS))
        yield inputs.map(typed("int32", FLOATS))
    if re.search(r"Cast (float|double|int\d+) to string", trouble.text):
        yield inputs.map(typed("string"))


def dtype(trouble: Trouble, inputs: Inputs, layer: Any) -> Iterator[Inputs]:
    """Another dtype, where the text speaks of one."""
    text = trouble.text
    dtypes = {tensor.dtype for tensor in inputs.tensors()}
    if dtypes & {*FLOATS} and _INTEGER.search(text):
        yield inputs.map(typed("int32", FLOATS))
        yield from one_at_a_time(inputs, typed("int32", FLOATS))
    if dtypes & {*INTEGERS, "bool"} and _FLOAT.search(text):
        yield inputs.map(typed("float32", tuple(name for name in DTYPES if name not in FLOATS)))
    if re.search(r"\bstring\b|\bstr\b", text) and "string" not in dtypes:
        yield inputs.map(typed("string"))
    if re.search(r"[Ss]parse", text) and re.search(r"has no attribute|[Ee]xpected|must be|SparseTensor", text):
        yield from one_at_a_time(inputs, of_kind("sparse"))
        yield inputs.map(of_kind("sparse"))
    if re.search(r"[Rr]agged|nested_row|row_splits|row_lengths|flat_values", text):
        yield inputs.map(of_kind("ragged"))


def _numpy_name(name: str) -> str:
    return {"float": "float32", "double": "float64", "half": "float16", "int": "int32"}.get(name, name)


def values(trouble: Trouble, inputs: Inputs, layer: Any) -> Iterator[Inputs]:
    """Smaller integers, where there are fewer kinds of them."""
    for found in re.findall(r"is not in \[0, (\d+)\)|out of range.*?\[0, (\d+)\)", trouble.text):
        top = int(next(group for group in found if group))
        if 0 < top < 4:
            yield inputs.map(integers_below(top))


def sizes(trouble: Trouble, inputs: Inputs, layer: Any) -> Iterator[Inputs]:
    """Other numbers of channels, longer sides, multiples."""
    text = trouble.text
    if re.search(r"channel|RGB|last dim|3 or 1|depth", text, re.IGNORECASE):
        for size in (3, 1):
            yield inputs.map(axis_of(-1, size, least_rank=3))
    if _SIZE.search(text):
        for side in (32, 64, 16, 224):
            yield inputs.map(of_side(side))
    if _SHORT.search(text):
        for size in sorted({int(number) for number in re.findall(_NUMBER, text)})[-2:]:
            for axis in (-1, 1):
                yield inputs.map(axis_of(axis, 2 * size))
    for found in dict.fromkeys(re.findall(r"divisible by .*?(\d+)|multiple of .*?(\d+)", text)):
        size = int(next(group for group in found if group))
        if 1 < size <= 256:
            yield inputs.map(of_side(2 * size))
            yield inputs.map(axis_of(-1, size))


def several_scales(trouble: Trouble, inputs: Inputs, layer: Any) -> Iterator[Inputs]:
    """Images of several scales, where those of one do not fit together."""
    images = [tensor for tensor in inputs.tensors() if tensor.rank >= 4]
    if 2 <= len(images) == len(inputs.tensors()) and _MISMATCH.search(trouble.text):
        for falling in (True, False):
            yield scales(inputs, 4 << (len(images) - 1), falling=falling)


def equal_sizes(trouble: Trouble, inputs: Inputs, layer: Any) -> Iterator[Inputs]:
    """Sizes that the text names, in the place of sizes that the inputs have."""
    if not _MISMATCH.search(trouble.text):
        return
    named = [int(number) for number in dict.fromkeys(re.findall(_NUMBER, trouble.text[:600]))]
    own = list(dict.fromkeys(size for tensor in inputs.tensors() for size in tensor.shape[1:]))
    for number in [number for number in named if 0 < number <= 1024 and number not in own][:3]:
        yield inputs.map(axis_of(-1, number, least_rank=2))
        for size in own:
            yield inputs.map(each_size(size, number))
    if len(own) > 1:
        yield inputs.map(cube)
