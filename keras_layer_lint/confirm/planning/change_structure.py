"""Other structures of inputs: one argument more or fewer, a list, a dict, or a single tensor."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from keras_layer_lint.confirm.planning.changes import axis_of, one_at_a_time, to_rank
from keras_layer_lint.confirm.planning.declared import quietly
from keras_layer_lint.confirm.planning.inputs import Inputs, Structure, Tensor, leaves
from keras_layer_lint.confirm.planning.names import by_name
from keras_layer_lint.confirm.planning.plain import plain
from keras_layer_lint.confirm.planning.seeds import called, companion, with_companion
from keras_layer_lint.confirm.planning.spoken import for_key
from keras_layer_lint.confirm.planning.trouble import Case

_MOST, _LEVELS = 6, 5
PLACEHOLDERS = {"a", "b"}
"""Keys of a dict of which none is known yet."""
_IN_WORDS = {"two": 2, "pair": 2, "three": 3, "four": 4}


def first_of(inputs: Inputs) -> Structure:
    """The first argument."""
    return inputs.positional[0] if inputs.positional else plain(2)


def add_arguments(case: Case, names: str) -> Iterator[Inputs]:
    """Arguments that the call must have."""
    taken = {parameter.name: parameter for parameter in called(case.layer)}
    inputs = case.inputs
    for name in dict.fromkeys(re.findall(r"'(\w+)'", names)):
        if name in taken and name not in inputs.named and list(taken).index(name) >= len(inputs.positional):
            inputs = with_companion(inputs, taken[name], case.layer)
    yield inputs


def add_argument(case: Case, name: str) -> Iterator[Inputs]:
    """An argument of the call that the text names."""
    yield from add_arguments(case, f"'{name}'")


def add_keyword(case: Case, name: str) -> Iterator[Inputs]:
    """One more argument of any name, where the call takes such."""
    parameters = called(case.layer)
    takes_any = any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters)
    if takes_any and name not in case.inputs.named and name not in {parameter.name for parameter in parameters}:
        yield case.inputs.with_named(**{name: companion(name, first_of(case.inputs), case.layer, {})})


def add_read_keyword(case: Case, name: str) -> Iterator[Inputs]:
    """An argument that a call reads from its `**kwargs`: of the numbers that its name speaks for, one, a tensor."""
    words = [each.name for each in called(case.layer) if each.kind is each.VAR_KEYWORD]
    read = re.compile(rf"\b{words[0]}(?:\[|\.pop\()\s*['\"]{name}['\"]") if words else None
    if read is None or name in case.inputs.named or not any(read.search(line) for line in case.trouble.lines):
        return
    numbers = [int(value) for value in by_name(name) if value.isdecimal()]
    for number in dict.fromkeys([*numbers[:2], 1] if numbers else []):
        yield case.inputs.with_named(**{name: number})
    yield from add_keyword(case, name)


def drop_argument(case: Case, name: str) -> Iterator[Inputs]:
    """Without an argument that the call does not take."""
    if name in case.inputs.named:
        yield replace(case.inputs, named={key: value for key, value in case.inputs.named.items() if key != name})


def drop_last_positional(case: Case) -> Iterator[Inputs]:
    """Without the last argument by position."""
    yield replace(case.inputs, positional=case.inputs.positional[:-1])


def give_optional(case: Case) -> Iterator[Inputs]:
    """What is None by default and named on a line that the error passed through: the innermost that names such."""
    inputs, layer = case.inputs, case.layer
    left = {
        parameter.name: parameter
        for number, parameter in enumerate(called(layer))
        if parameter.default is None and parameter.name not in inputs.named and number >= len(inputs.positional)
    }
    named = (
        dict.fromkeys(word for word in re.findall(r"\b\w+\b", line) if word in left) for line in case.trouble.lines
    )
    found = [left[word] for word in next(filter(None, named), ())]
    for parameter in found:
        yield with_companion(inputs, parameter, layer)
    if len(found) > 1:
        together = inputs
        for parameter in found:
            together = with_companion(together, parameter, layer)
        yield together


def as_many_as_unpacked(case: Case, wanted: str, got: str | None = None) -> Iterator[Inputs]:
    """As many elements, or axes, as are unpacked; of a list some may have been unpacked before."""
    first = first_of(case.inputs)
    count = int(wanted)
    ranks = [tensor.rank for tensor in case.inputs.tensors()]
    lines = case.trouble.lines
    if lines and "shape" in lines[0] and count not in ranks:
        yield case.inputs.map(to_rank(count))
    if isinstance(first, Tensor) and count <= _MOST:
        yield case.inputs.with_first([first] * count)
    if isinstance(first, list) and first and len(first) != count:
        yield case.inputs.with_first([first[0]] * count)
    if isinstance(first, list) and first and got and len(first) + count - int(got) <= _MOST:
        yield case.inputs.with_first([*first, *[first[-1]] * (count - int(got))])
    if count not in ranks:
        yield case.inputs.map(to_rank(count))


def as_asserted(case: Case) -> Iterator[Inputs]:
    """A list of the tensors that the statement which failed tells: `assert len(shape[1]) == 3`."""
    asserted = case.trouble.lines[0] if case.trouble.lines else ""
    ranks = {int(at): int(rank) for at, rank in re.findall(r"\blen\(\w{1,80}\[(\d)\]\) == (\d)\b", asserted)}
    counts = [int(count) for count in re.findall(r"\blen\(\w{1,80}\) == (\d)\b", asserted)]
    count = max([*counts, *[at + 1 for at in ranks]], default=0)
    if not ranks and "isinstance" in asserted and 1 < count <= _MOST:
        first = first_of(case.inputs)
        alike = [first if isinstance(first, Tensor) else plain(_rank(case))] * count
        yield case.inputs.with_first(tuple(alike) if "tuple" in asserted else alike)
    if not ranks:
        for rank in re.findall(r"\blen\(\w{0,80}shape\) == (\d)\b", asserted):
            yield from one_at_a_time(case.inputs, to_rank(int(rank)))
            yield case.inputs.map(to_rank(int(rank)))
    if not ranks or not 1 < count <= _MOST:
        return
    tensors = [plain(ranks.get(at) or _rank(case)) for at in range(count)]
    for at, axis, attribute in re.findall(r"\b\w{1,80}\[(\d)\]\[(-?\d)\] == self\.(\w{1,80})", asserted):
        size = quietly(case.layer, attribute)
        if int(at) < count and isinstance(size, int) and size > 0:
            tensors[int(at)] = axis_of(int(axis), size)(tensors[int(at)])
    yield case.inputs.with_first(tensors)


def with_key(case: Case, key: str) -> Iterator[Inputs]:
    """A dict that holds one more key."""
    first = first_of(case.inputs)
    known = first if isinstance(first, dict) and first.keys() != PLACEHOLDERS else {}
    if key in known:
        return
    rank = _rank(case)
    yield case.inputs.with_first({**known, key: for_key(key, rank)})
    if key.isdecimal():  # levels of a pyramid
        levels = [str(level) for level in range(int(key), int(key) + _LEVELS)]
        yield case.inputs.with_first({**known, **{level: for_key(level, rank) for level in levels}})


def with_listed_keys(case: Case, listed: str) -> Iterator[Inputs]:
    """A dict with the keys that the text lists."""
    if names := re.findall(r"""["'](\w+)["']""", listed):
        yield case.inputs.with_first({name: for_key(name, _rank(case)) for name in names})


def with_keys_read(case: Case) -> Iterator[Inputs]:
    """A dict with the keys that the lines of the layer read."""
    read = re.findall(r"""\[["'](\w+)["']\]""", " ".join(case.trouble.lines)) or sorted(PLACEHOLDERS)
    yield case.inputs.with_first({key: for_key(key, _rank(case)) for key in read})


def _rank(case: Case) -> int:
    return next(leaves(first_of(case.inputs)), plain(2)).rank


def single(case: Case) -> Iterator[Inputs]:
    """One tensor in the place of several."""
    if isinstance(first_of(case.inputs), (list, tuple, dict)):
        yield case.inputs.with_first(next(iter(case.inputs.tensors()), plain(2)))


def as_tuple(case: Case) -> Iterator[Inputs]:
    """A tuple in the place of a list."""
    first = first_of(case.inputs)
    if isinstance(first, list):
        yield case.inputs.with_first(tuple(first))


def several(case: Case, count: str = "two") -> Iterator[Inputs]:
    """A list of so many tensors."""
    first = first_of(case.inputs)
    wanted = _IN_WORDS.get(count.lower()) or int(count)
    if not 0 < wanted <= _MOST:
        return
    element = first[0] if isinstance(first, (list, tuple)) and first else first
    for number in (wanted, 3) if wanted == 2 and isinstance(first, list) else (wanted,):
        if (changed := [element] * number) != first:
            yield case.inputs.with_first(changed)
