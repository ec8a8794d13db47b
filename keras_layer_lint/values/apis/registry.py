"""Handlers of calls, found by the canonical name of the function. A new behaviour is one decorated function."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, TypeAlias

import libcst as cst

from keras_layer_lint.values.arguments import CallArguments
from keras_layer_lint.values.state import Frame
from keras_layer_lint.values.value import UNKNOWN, Origin, Value, holds_tensor

if TYPE_CHECKING:
    from keras_layer_lint.values.calls import Calls

LIBRARIES = ("einops", "keras", "numpy", "python", "tensorflow")
"""The modules beside this one that hold handlers."""


@dataclass(frozen=True, slots=True)
class ApiCall:
    """A call of a function outside the linted code, by canonical name."""

    name: str
    arguments: CallArguments
    node: cst.Call
    frame: Frame

    @property
    def first(self) -> Value:
        """The first positional argument."""
        return self.arguments.positional[0] if self.arguments.positional else UNKNOWN

    @property
    def tensor(self) -> Origin | None:
        """Where the first tensor in the arguments comes from."""
        return next((found for value in self.arguments.values() if (found := holds_tensor(value))), None)


Handler: TypeAlias = "Callable[[Calls, ApiCall], Value | None]"
"""Records events and gives the value of the call; None leaves that to the table of results."""

_BY_NAME: dict[str, Handler] = {}
_BY_PREFIX: dict[str, Handler] = {}


def handles(*names: str) -> Callable[[Handler], Handler]:
    """Register a handler of functions by canonical name; `numpy.*` stands for all that begin so and have none."""

    def register(handler: Handler) -> Handler:
        for name in names:
            table, key = (_BY_PREFIX, name[:-1]) if name.endswith("*") else (_BY_NAME, name)
            if key in table:
                raise ValueError(f"two handlers of {name}")
            table[key] = handler
        return handler

    return register


@cache
def handler_of(name: str) -> Handler | None:
    """Look up the handler of a function: by its name, else by the longest prefix that has one."""
    _load()
    if name in _BY_NAME:
        return _BY_NAME[name]
    prefix = max((prefix for prefix in _BY_PREFIX if name.startswith(prefix)), key=len, default=None)
    return None if prefix is None else _BY_PREFIX[prefix]


@cache
def _load() -> None:
    for library in LIBRARIES:
        import_module(f"{__package__}.{library}")
