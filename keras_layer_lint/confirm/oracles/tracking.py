"""What a layer holds, and what Keras keeps track of."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from types import ModuleType
from typing import Any

from keras_layer_lint.confirm.framework import Framework

_MOST = 100_000
_HOLDS_NOTHING = (str, bytes, int, float, type, type(None), ModuleType, Iterator)


def held(framework: Framework, value: Any) -> list[Any]:
    """The variables that can be reached through a value, by any way Python code could use."""
    found: list[Any] = []
    seen: set[int] = set()
    kept: list[Any] = []  # a value made while looking must not give its place to the next
    waiting = [value]
    while waiting and len(seen) < _MOST:
        value = waiting.pop()
        if id(value) in seen or isinstance(value, _HOLDS_NOTHING):
            continue
        seen.add(id(value))
        kept.append(value)
        if isinstance(value, framework.keras.layers.Layer):
            found += value.weights
        elif isinstance(value, framework.keras.optimizers.Optimizer):
            continue  # its variables are its own; that of Keras 3 has an `assign`, and is no variable
        elif hasattr(value, "assign"):
            found.append(value)
        elif isinstance(value, functools.partial):
            waiting += [value.func, *value.args, *value.keywords.values()]
        elif inspect.isfunction(value):
            waiting += [cell.cell_contents for cell in value.__closure__ or ()]
        elif isinstance(value, Mapping):
            waiting += value.values()
        elif framework.is_tensor(value) or (isinstance(value, framework.np.ndarray) and value.dtype != object):
            continue
        elif isinstance(value, Iterable):
            with suppress(Exception):  # some types only look like one
                waiting += value
        elif hasattr(value, "__dict__"):
            waiting += vars(value).values()
    return list({id(variable): variable for variable in found}.values())
