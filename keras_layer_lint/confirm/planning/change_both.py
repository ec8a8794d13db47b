"""Other arguments together with other inputs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from keras_layer_lint.confirm.planning.changes import each_size
from keras_layer_lint.confirm.planning.inputs import Inputs
from keras_layer_lint.confirm.planning.trouble import Trouble

Both = tuple[dict[str, str], Inputs]
_LARGEST = 256


@dataclass(frozen=True, slots=True)
class Call:
    """A layer that was constructed and called in vain."""

    trouble: Trouble
    arguments: dict[str, str]
    inputs: Inputs


_NUMBERS = re.compile(r"[\[(]?\d+(, ?\d+)*,?[\])]?")


def of_size(value: str, old: int, new: int) -> str:
    """A number, or a list of numbers, with one size in the place of another; empty where it does not hold that."""
    changed = re.sub(rf"\b{old}\b", str(new), value) if _NUMBERS.fullmatch(value) else value
    return "" if changed == value else changed


def wider(case: Call) -> Iterator[Both]:
    """A size that the text names in the place of a smaller one that it names, wherever that stands."""
    text = case.trouble.text[:600]
    named = [int(number) for number in dict.fromkeys(re.findall(r"(?<![\w.])(\d{1,3})(?![\w.])", text))]
    own = {size for tensor in case.inputs.tensors() for size in tensor.shape[1:]}
    for old in [number for number in named if number in own]:
        for new in [number for number in named if old < number <= _LARGEST]:
            changed = {name: of_size(value, old, new) or value for name, value in case.arguments.items()}
            yield changed, case.inputs.map(each_size(old, new))
    for old in [number for number in named if number and number not in own]:
        for new in [number for number in named if number > old and number % old == 0]:
            yield from _times(case, old, new // old)


def _times(case: Call, size: int, times: int) -> Iterator[Both]:
    """Arguments so many times as large, of which a size may be a multiple."""
    changed = {
        name: str(int(value) * times)
        for name, value in case.arguments.items()
        if value.isdecimal() and int(value) > 1 and size % int(value) == 0 and int(value) * times <= _LARGEST
    }
    if changed:
        yield {**case.arguments, **changed}, case.inputs
