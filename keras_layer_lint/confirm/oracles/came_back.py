"""What an argument is when a layer is loaded: as it was given, or a configuration that nothing has turned back."""

from __future__ import annotations

import inspect
import reprlib
from types import FrameType
from typing import Any

from keras_layer_lint.confirm.oracles.arguments import owner_of, rearranged
from keras_layer_lint.confirm.oracles.saving import round_trip
from keras_layer_lint.confirm.oracles.trial import Trial


def as_config(trial: Trial, name: str) -> str:
    """What an argument is loaded as, where that is the configuration of an object that nothing has turned back."""
    owner = owner_of(trial.cls, name)
    if owner is None:
        return ""
    init, received, loaded = inspect.unwrap(owner.__init__), list[Any](), list[Any]()

    def profile(frame: FrameType, event: str, argument: object) -> None:
        if event == "call" and frame.f_code is init.__code__:
            received.append(frame.f_locals[name])

    layer = rearranged(trial.plan).make()
    try:
        loaded.append(round_trip(trial, layer, profile))
    except Exception:
        return ""
    if not received:
        return ""
    is_config = isinstance(received[-1], dict) and "class_name" in received[-1]
    if not is_config or is_turned_back(received[-1], layer, loaded, name):
        return ""
    return f"{name} was loaded as {reprlib.repr(received[-1])}"


def is_turned_back(came_back: Any, layer: Any, loaded: list[Any], name: str) -> bool:
    """Whether `__init__` was given the name or the configuration of an object, and has made of it what it was."""
    is_config = isinstance(came_back, str) or (isinstance(came_back, dict) and "class_name" in came_back)
    if not is_config or not loaded or not hasattr(layer, name):
        return False
    one: Any = getattr(layer, name)
    two: Any = getattr(loaded[0], name, None)
    if equal(one, two):
        return True
    configs = [each.get_config() for each in (one, two) if hasattr(each, "get_config")]
    return type(one) is type(two) and len(configs) == 2 and equal(*configs)


def equal(one: Any, two: Any) -> bool:
    """Whether two values are equal; whether they are one where they cannot be compared."""
    try:
        return bool(one == two)
    except Exception:
        return one is two
