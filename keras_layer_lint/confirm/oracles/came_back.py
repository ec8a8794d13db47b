"""What an argument is when a layer is loaded: as it was given, or a configuration that nothing has turned back."""

from __future__ import annotations

import reprlib
from typing import Any

from keras_layer_lint.confirm.oracles import running
from keras_layer_lint.confirm.oracles.arguments import owner_of, rearranged
from keras_layer_lint.confirm.oracles.saving import recorded, round_trip
from keras_layer_lint.confirm.oracles.trial import Trial


def as_config(trial: Trial, name: str) -> str:
    """What an argument is loaded as, where that is the configuration of an object that nothing has turned back."""
    owner = owner_of(trial.cls, name)
    if owner is None:
        return ""
    received: list[dict[str, Any]] = []
    layer = rearranged(trial.plan).make()
    try:
        loaded = round_trip(trial, layer, recorded(owner, received))
    except Exception:
        return ""
    came_back = received[-1][name] if received else None
    if not is_config(came_back) or is_turned_back(came_back, layer, [loaded], name) or does(trial, layer, loaded, name):
        return ""
    return f"{name} was loaded as {reprlib.repr(came_back)}"


def is_turned_back(came_back: Any, layer: Any, loaded: list[Any], name: str) -> bool:
    """Whether `__init__` was given the name or the configuration of an object, and has made of it what it was."""
    if not (isinstance(came_back, str) or is_config(came_back)) or not loaded or not hasattr(layer, name):
        return False
    one: Any = getattr(layer, name)
    two: Any = getattr(loaded[0], name, None)
    if equal(one, two):
        return True
    configs = [each.get_config() for each in (one, two) if hasattr(each, "get_config")]
    return type(one) is type(two) and len(configs) == 2 and equal(*configs)


def does(trial: Trial, layer: Any, loaded: Any, name: str) -> bool:
    """Whether a configuration does as well as its object: `add_weight` takes what an initializer was serialized to.

    It gives the same configuration again, and the layer that holds it can be called.
    """
    try:
        one, two = (each.get_config().get(name) for each in (layer, loaded))
        if not is_config(one) or not equal(one, two):
            return False
        running.eager(trial.plan, loaded)
    except Exception:
        return False
    return True


def is_config(value: Any) -> bool:
    """Whether a value is what Keras serializes an object to."""
    return isinstance(value, dict) and "class_name" in value


def equal(one: Any, two: Any) -> bool:
    """Whether two values are equal; whether they are one where they cannot be compared."""
    try:
        return bool(one == two)
    except Exception:
        return one is two
