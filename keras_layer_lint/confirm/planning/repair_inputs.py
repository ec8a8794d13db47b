"""Other inputs, where an error says what is wrong with the ones that were given."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from keras_layer_lint.confirm.planning.inputs import FLOATS, INTEGERS, Inputs, Structure, Tensor
from keras_layer_lint.confirm.planning.seeds import called, plain, with_companion
from keras_layer_lint.confirm.planning.trouble import Trouble

Repair = Callable[[Trouble, Inputs, Any], Iterator[Inputs]]


def repaired(trouble: Trouble, inputs: Inputs, layer: Any) -> Iterator[tuple[int, Inputs]]:
    """Inputs that the error asks for, each with how unlikely it is."""
    told = (_missing, _unexpected, _none, _declared_rank, _axes, _unpacked, _keys, _range, _told_dtype)
    hinted = (_list, _named_rank, _dtype, _sizes, _equal, _other_rank, _one_other_rank)
    for cost, repairs in ((0, told), (2, hinted)):
        number = 0
        for repair in repairs:
            for changed in repair(trouble, inputs, layer):
                if changed != inputs:
                    yield cost + number // 2, changed
                    number += 1


def _missing(trouble: Trouble, inputs: Inputs, layer: Any) -> Iterator[Inputs]:
    found = re.search(r"missing \d+ required (?:positional|keyword-only) arguments?: (.*)", trouble.text)
    taken = {parameter.name: parameter for parameter in called(layer)}
    names = re.findall(r"'(\w+)'", found[1]) if found else re.findall(r"[`'\"](\w+)[`'\"]", trouble.text)
    for name in dict.fromkeys(names):
        if name in taken and name not in inputs.named and list(taken).index(name) >= len(inputs.positional):
            inputs = with_companion(inputs, taken[name], layer)
            if not found:
                yield inputs
    if found:
        yield inputs


def _unexpected(trouble: Trouble, inputs: Inputs, layer: Any) -> Iterator[Inputs]:
    found = re.search(r"unexpected keyword argument '(\w+)'", trouble.text)
    if found and found[1] in inputs.named:
        yield replace(inputs, named={name: value for name, value in inputs.named.items() if name != found[1]})
    if re.search(r"takes (\d+) positional arguments? but|Only input tensors may be passed", trouble.text):
        yield replace(inputs, positional=inputs.positional[:-1])


def _none(trouble: Trouble, inputs: Inputs, layer: Any) -> Iterator[Inputs]:
    """What is None by default, where a line that fails on None names it."""
    if "None" not in trouble.text:
        return
    optional = {
        parameter.name: parameter
        for parameter in called(layer)
        if parameter.default is None and parameter.name not in inputs.named
    }
    for line in trouble.lines:
        for name in dict.fromkeys(re.findall(r"\b\w+\b", line)):
            if name in optional:
                yield with_companion(inputs, optional.pop(name), layer)


def of_rank(tensor: Tensor, rank: int) -> Tensor:
    """A tensor with so many axes, its last one kept."""
    if rank < 1 or rank > 6:
        return tensor
    shape = plain(rank).shape
    if rank > 1 and tensor.rank > 1:
        shape = (*shape[:-1], tensor.shape[-1])
    return replace(tensor, shape=shape)


def _declared_rank(trouble: Trouble, inputs: Inputs, layer: Any) -> Iterator[Inputs]:
    for wanted, found in re.findall(
        r"expected (?:min_|max_)?n?dim[=: ]*(\d+),? (?:but )?found (?:n?dim)?[=: ]*(\d+)", trouble.text
    ):
        old, new = int(found), int(wanted)
        if any(tensor.rank == old for tensor in inputs.tensors()):
            yield inputs.map(lambda tensor, old=old, new=new: of_rank(tensor, new) if tensor.rank == old else tensor)
        else:
            yield _shifted(inputs, new - old)
    said = [
        (int(old), int(new)) for pattern in _RANK_FOUND for old, new in re.findall(pattern, trouble.text, re.DOTALL)
    ]
    said += [(int(old), int(new)) for new, old in re.findall(_RANK_WANTED, trouble.text)]
    for old, new in said:
        yield inputs.map(lambda tensor, old=old, new=new: of_rank(tensor, new) if tensor.rank == old else tensor)
        yield from _each(
            inputs, lambda tensor, old=old, new=new: of_rank(tensor, new) if tensor.rank == old else tensor
        )


def _each(inputs: Inputs, change: Callable[[Tensor], Tensor]) -> Iterator[Inputs]:
    """The inputs with one tensor changed, the last one first."""
    count = len(inputs.tensors())
    for chosen in range(count - 1, -1, -1) if count > 1 else ():
        numbers = itertools.count()
        changed = inputs.map(
            lambda tensor, chosen=chosen, numbers=numbers: change(tensor) if next(numbers) == chosen else tensor
        )
        if changed != inputs:
            yield changed


_RANK_FOUND = (
    r"actual tensor rank `(\d)`.*?expected tensor rank `\[?(\d)",
    r"vector of size (\d)\. But input\(1\) is a vector of size (\d)",
)
_RANK_WANTED = r"have rank (\d),? but got:? (?:rank )?(\d)"
_WORDS = {"two": 2, "three": 3, "four": 4, "five": 5}

_RANKS = (
    r"(?:rank|ndim|dimension\w*|dims)\s*(?:must be|should be|=|==|of|is|to be)?\s*(?:at least |exactly |either |>= )?([2-5])\b",
    r"\b([2-5])\s?-?[dD]\b(?: tensor| input| array)?",
    r"\b([2-5])[- ]dimensional",
    r"must have (?:rank|ndim|at least) ?([2-5])",
)


def _named_rank(trouble: Trouble, inputs: Inputs, layer: Any) -> Iterator[Inputs]:
    for pattern in _RANKS:
        for wanted in dict.fromkeys(re.findall(pattern, trouble.text, re.I)):
            yield inputs.map(lambda tensor, new=int(wanted): of_rank(tensor, new))
    for word in re.findall(r"\b(two|three|four|five)[- ]dimension", trouble.text, re.I):
        yield inputs.map(lambda tensor, new=_WORDS[word.lower()]: of_rank(tensor, new))


def _one_other_rank(trouble: Trouble, inputs: Inputs, layer: Any) -> Iterator[Inputs]:
    if _MISMATCH.search(trouble.text) or "rank" in trouble.text:
        yield from _each(inputs, lambda tensor: of_rank(tensor, tensor.rank - 1) if tensor.rank > 1 else tensor)
        yield from _each(inputs, lambda tensor: of_rank(tensor, tensor.rank + 1))


def _other_rank(trouble: Trouble, inputs: Inputs, layer: Any) -> Iterator[Inputs]:
    if re.search(
        r"index out of range|slice index|out of bounds|too many indices|rank|ax[ei]s|perm|transpose|einsum|subscript",
        trouble.text,
        re.I,
    ):
        for by in (1, 2, -1):
            yield _shifted(inputs, by)


def _shifted(inputs: Inputs, by: int) -> Inputs:
    return inputs.map(lambda tensor: of_rank(tensor, tensor.rank + by) if tensor.rank + by >= 1 else tensor)


def _axes(trouble: Trouble, inputs: Inputs, layer: Any) -> Iterator[Inputs]:
    for axis, size in re.findall(r"expected axis (-?\d+) of input shape to have value (\d+)", trouble.text):
        yield inputs.map(lambda tensor, axis=int(axis), size=int(size): _resized(tensor, axis, size))
    found = re.search(r"expected shape=[(\[]([^)\]]*)[)\]], found shape=[(\[]([^)\]]*)[)\]]", trouble.text)
    if found:
        wanted = [axis.strip() for axis in found[1].split(",") if axis.strip()]
        usual = plain(len(wanted)).shape
        shape = tuple(int(axis) if axis.isdigit() else usual[at] for at, axis in enumerate(wanted))
        yield inputs.map(lambda tensor: replace(tensor, shape=shape))


def _resized(tensor: Tensor, axis: int, size: int) -> Tensor:
    if not -tensor.rank <= axis < tensor.rank:
        return tensor
    shape = list(tensor.shape)
    shape[axis] = size
    return replace(tensor, shape=tuple(shape))


def _unpacked(trouble: Trouble, inputs: Inputs, layer: Any) -> Iterator[Inputs]:
    first = inputs.positional[0] if inputs.positional else None
    for wanted in re.findall(r"not enough values to unpack \(expected (\d+)", trouble.text) + re.findall(
        r"too many values to unpack \(expected (\d+)", trouble.text
    ):
        count = int(wanted)
        ranks = [tensor.rank for tensor in inputs.tensors()]
        if trouble.lines and re.search(r"shape", trouble.lines[0]) and count not in ranks:
            yield inputs.map(lambda tensor, count=count: of_rank(tensor, count))
        if isinstance(first, Tensor) and count <= 5:
            yield inputs.with_first([first] * count)
        if isinstance(first, list) and len(first) != count:
            yield inputs.with_first([first[0]] * count)
        if count not in ranks:
            yield inputs.map(lambda tensor, count=count: of_rank(tensor, count))


def _keys(trouble: Trouble, inputs: Inputs, layer: Any) -> Iterator[Inputs]:
    first = inputs.positional[0] if inputs.positional else plain(2)
    if isinstance(trouble.error, KeyError):
        key = trouble.error.args[0] if trouble.error.args else ""
        if isinstance(key, str) and key.isidentifier():
            known = first if isinstance(first, dict) else {}
            if key not in known:
                yield inputs.with_first({**known, key: next(iter(inputs.tensors()), plain(2))})
    if re.search(
        r"has no attribute '(keys|items|values|get)'|string indices|must be a dict|Expected a dict", trouble.text
    ):
        keys = re.findall(r"""\[["'](\w+)["']\]""", " ".join(trouble.lines)) or ["a", "b"]
        yield inputs.with_first({key: plain(2) for key in keys})


def _list(trouble: Trouble, inputs: Inputs, layer: Any) -> Iterator[Inputs]:
    text, first = trouble.text, inputs.positional[0] if inputs.positional else None
    if isinstance(first, (list, tuple, dict)) and re.search(
        r"'(list|tuple|dict|TrackedList|ListWrapper)' object has no attribute|expects 1 input\(s\)|unhashable type: 'list'"
        r"|Expected a single|must be a single",
        text,
    ):
        yield inputs.with_first(next(iter(inputs.tensors()), plain(2)))
    number = re.search(
        r"expects? (\d+) inputs?\b|exactly (\d+) inputs?|list of (\d+)|of length (\d+)|(\d+) inputs", text
    )
    words = re.search(r"\b(two|three|four) (?:input|tensor)|pair of", text, re.I)
    wanted = re.search(r"\b(list|tuple|sequence|at least \d inputs?|multiple inputs)\b|pair|iterat", text, re.I)
    count = 0
    if number:
        count = int(next(group for group in number.groups() if group))
    elif words:
        count = {"two": 2, "three": 3, "four": 4}.get((words[1] or "two").lower(), 2)
    elif wanted:
        count = 2
    if not 0 < count <= 6 or first is None:
        return
    element = first[0] if isinstance(first, (list, tuple)) and first else first
    for number_of in (count, 3) if count == 2 and isinstance(first, list) else (count,):
        changed: Structure = [element] * number_of
        if changed != first:
            yield inputs.with_first(changed)


def _told_dtype(trouble: Trouble, inputs: Inputs, layer: Any) -> Iterator[Inputs]:
    text = trouble.text
    for wanted, found in re.findall(r"expected to be an? (\w+) tensor but is an? (\w+) tensor", text):
        old, new = _tensorflow_name(found), _tensorflow_name(wanted)
        yield _of_dtype(inputs, new, lambda tensor, old=old: tensor.dtype == old)
    for wanted in re.findall(r"requested dtype (\w+)", text):
        if wanted in (*INTEGERS, "string", "bool", *FLOATS):
            yield _of_dtype(inputs, wanted, lambda tensor: True)
    if re.search(r"Cast float to string|Cast int\d+ to string", text):
        yield _of_dtype(inputs, "string", lambda tensor: True)


def _dtype(trouble: Trouble, inputs: Inputs, layer: Any) -> Iterator[Inputs]:
    text = trouble.text
    dtypes = {tensor.dtype for tensor in inputs.tensors()}
    has_float, has_int = bool(dtypes & {*FLOATS}), bool(dtypes & {*INTEGERS, "bool"})
    if has_float and re.search(
        r"list of allowed values: (u?int|bool)|\bint(32|64|eger)?\b|indices|one_hot|integer|Indexer", text, re.I
    ):
        yield _of_dtype(inputs, "int32", lambda tensor: tensor.dtype in FLOATS)
    if has_int and re.search(
        r"list of allowed values: (bfloat|half|float)|float|bool|same (data)?type|dtype", text, re.I
    ):
        yield _of_dtype(inputs, "float32", lambda tensor: tensor.dtype not in FLOATS)
    if re.search(r"\bstring\b|\bstr\b", text) and "string" not in dtypes:
        yield _of_dtype(inputs, "string", lambda tensor: True)
    if re.search(r"[Ss]parse", text) and re.search(r"has no attribute|[Ee]xpected|must be|SparseTensor", text):
        yield _of_kind(inputs, "sparse", -1)
        yield _of_kind(inputs, "sparse", None)
    if re.search(r"[Rr]agged|nested_row|row_splits|row_lengths|flat_values", text):
        yield _of_kind(inputs, "ragged", None)


def _of_kind(inputs: Inputs, kind: str, only: int | None) -> Inputs:
    tensors = inputs.tensors()
    chosen = tensors[only] if only is not None and tensors else None
    return inputs.map(
        lambda tensor: replace(tensor, kind=kind) if tensor.rank > 1 and chosen in (None, tensor) else tensor
    )


def _tensorflow_name(name: str) -> str:
    return {"float": "float32", "double": "float64", "half": "float16", "int": "int32"}.get(name, name)


def _of_dtype(inputs: Inputs, dtype: str, where: Callable[[Tensor], bool]) -> Inputs:
    if dtype not in (*FLOATS, *INTEGERS, "bool", "string"):
        return inputs
    return inputs.map(lambda tensor: replace(tensor, dtype=dtype) if where(tensor) else tensor)


def _range(trouble: Trouble, inputs: Inputs, layer: Any) -> Iterator[Inputs]:
    for limit in re.findall(r"is not in \[0, (\d+)\)|out of range.*?\[0, (\d+)\)", trouble.text):
        top = int(next(group for group in limit if group))
        if 0 < top < 4:
            yield inputs.map(lambda tensor, top=top: replace(tensor, below=top) if tensor.dtype in INTEGERS else tensor)


def _sizes(trouble: Trouble, inputs: Inputs, layer: Any) -> Iterator[Inputs]:
    text = trouble.text
    if re.search(r"channel|RGB|last dim|3 or 1|depth", text, re.I):
        for size in (3, 1):
            yield inputs.map(lambda tensor, size=size: _resized(tensor, -1, size) if tensor.rank >= 3 else tensor)
    if re.search(
        r"negative|<= ?0|larger than|smaller than|less than|greater than|at least|too small|size|divisible|reshape",
        text,
        re.I,
    ):
        for side in (32, 64, 16, 224):
            yield inputs.map(lambda tensor, side=side: _of_side(tensor, side))
    if re.search(r"less than|at least|greater|larger|smaller|exceed|too small|too short", text):
        for size in sorted({int(number) for number in re.findall(r"(?<![\w.])(\d{1,5})(?![\w.])", text)})[-2:]:
            for axis in (-1, 1):
                yield inputs.map(lambda tensor, size=size, axis=axis: _resized(tensor, axis, 2 * size))
    for number in dict.fromkeys(re.findall(r"divisible by .*?(\d+)|multiple of .*?(\d+)", text)):
        size = int(next(group for group in number if group))
        if 1 < size <= 256:
            yield inputs.map(lambda tensor, size=size: _of_side(tensor, size * 2))
            yield inputs.map(lambda tensor, size=size: _resized(tensor, -1, size))


def _of_side(tensor: Tensor, side: int) -> Tensor:
    if tensor.rank < 3:
        return tensor
    return replace(tensor, shape=(tensor.shape[0], *[side] * (tensor.rank - 2), tensor.shape[-1]))


_MISMATCH = re.compile(
    r"must be equal|[Ii]ncompatible|mismatch|same shape|broadcast|not match|do(?:es)? not|should match|cannot reshape|"
    r"Matrix size|must match|Shapes? |shape|dimension",
)


def _equal(trouble: Trouble, inputs: Inputs, layer: Any) -> Iterator[Inputs]:
    """Sizes that the text names, in the place of sizes that the inputs have."""
    if not _MISMATCH.search(trouble.text):
        return
    numbers = [int(number) for number in dict.fromkeys(re.findall(r"(?<![\w.])(\d{1,4})(?![\w.])", trouble.text[:600]))]
    sizes = list(dict.fromkeys(size for tensor in inputs.tensors() for size in tensor.shape[1:]))
    for number in [number for number in numbers if 0 < number <= 1024 and number not in sizes][:3]:
        yield inputs.map(lambda tensor, number=number: _resized(tensor, -1, number) if tensor.rank > 1 else tensor)
        for size in sizes:
            yield inputs.map(
                lambda tensor, size=size, number=number: replace(
                    tensor, shape=(*tensor.shape[:1], *[number if axis == size else axis for axis in tensor.shape[1:]])
                )
            )
    if len(sizes) > 1:
        yield inputs.map(
            lambda tensor: replace(tensor, shape=(*tensor.shape[:1], *[tensor.shape[-1]] * (tensor.rank - 1)))
        )
