"""What XLA cannot compile: functions, layers and methods by canonical name, some of them only with certain arguments.

The data, `xla.json`, is measured by `tools/xla.py`, which has every function compiled; `xla_sizes.json` by
`tools/xla_sizes.py`, in the body of a loop.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from keras_layer_lint.keras.names import canonical
from keras_layer_lint.keras.tables import read_table

_CONDITION = re.compile(r"\((\d+):(\w+)=(\w+)\)")


@dataclass(frozen=True, slots=True)
class Lack:
    """What keeps XLA from compiling a call. `operations` are empty where the reason is another than missing kernels."""

    operations: tuple[str, ...]
    in_gradient: bool = False
    """The forward pass compiles."""
    argument: str = ""
    """The argument that decides, as written in a call: `method="area"`; empty where the function never compiles."""


@dataclass(frozen=True, slots=True)
class _Entry:
    lack: Lack
    position: int = 0
    keyword: str = ""
    value: str = ""


def lack_of(name: str, argument: Callable[[int, str], object]) -> Lack | None:
    """Say what XLA lacks for a call of `name`, a canonical one; None where it compiles or nothing is known.

    `argument` gives the constant that stands at a position or under a keyword, None where there is none.
    """
    for entry in _tables().entries.get(name, ()):
        if not entry.keyword or str(argument(entry.position, entry.keyword)) == entry.value:
            return entry.lack
    return None


def is_never_compiled(layer: str) -> bool:
    """Whether a layer keeps Keras 3 from compiling any model that has it."""
    return layer in _tables().not_compiled


def constants_in_loops(name: str) -> tuple[tuple[int, str], ...]:
    """The arguments of a function that XLA wants as constants in the body of a loop: positions and names."""
    return _sizes().get(name, ())


@cache
def _sizes() -> Mapping[str, tuple[tuple[int, str], ...]]:
    found = {}
    for name, arguments in read_table("xla_sizes")["sizes"].items():
        pairs = (argument.split(":") for argument in arguments.split())
        found[canonical(name)] = tuple((int(position), keyword) for position, keyword in pairs)
    return found


@dataclass(frozen=True, slots=True)
class _Tables:
    entries: Mapping[str, Sequence[_Entry]]
    not_compiled: frozenset[str]


@cache
def _tables() -> _Tables:
    data = read_table("xla")
    entries: dict[str, list[_Entry]] = {}
    for part in ("forward", "gradient"):
        for key, operations in data[part].items():
            name, lack = canonical(key.partition("(")[0]), Lack(tuple(operations.split()), part == "gradient")
            if (found := _CONDITION.search(key)) is None:
                entry = _Entry(lack)
            else:
                position, keyword, value = found.groups()
                shown = value if value in ("True", "False") else f'"{value}"'
                decided = Lack(lack.operations, lack.in_gradient, f"{keyword}={shown}")
                entry = _Entry(decided, int(position), keyword, value)
            entries.setdefault(name, []).append(entry)
    return _Tables(entries, frozenset(data["not_compiled"]))
