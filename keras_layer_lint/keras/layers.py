"""The layers that Keras has: what they take, save and return, measured for each generation.

The data, `layers.json`, is written by `tools/write_keras_tables.py` from the installed generations.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from keras_layer_lint.keras.names import SECTIONS, canonical
from keras_layer_lint.keras.objects import object_bases

DATA = Path(__file__).with_name("layers.json")

_BASES = {"keras.layers.Layer", "keras.Layer"}


@dataclass(frozen=True, slots=True)
class BuiltinLayer:
    """A public layer class of one Keras generation."""

    parameters: tuple[str, ...]
    """Names of the parameters of its `__init__` without `self`; `*name` and `**name` where it takes more."""
    required: tuple[str, ...]
    config: tuple[str, ...] | None
    """Keys of its `get_config()`, None where no instance could be made to ask."""
    has_weights: bool | None
    """Whether an instance has variables once built, seeds of random layers included; None where it was not built."""
    one_tensor: bool | None
    """Whether calling it gives one tensor with default arguments; None where it was not called."""
    defines_build: bool
    """Whether it makes something in a `build` of its own, which a subclass's `build` has to call."""


@cache
def builtin_layers() -> Mapping[str, Mapping[str, BuiltinLayer]]:
    """Load the facts on `keras.layers`, `Model` and `Sequential`: canonical name to generation ("2", "3") to facts."""
    data = json.loads(DATA.read_text(encoding="utf-8"))
    return {
        name: {
            keras: BuiltinLayer(
                parameters=tuple(facts["parameters"]),
                required=tuple(facts["required"]),
                config=None if facts["config"] is None else tuple(facts["config"]),
                has_weights=facts["has_weights"],
                one_tensor=facts["one_tensor"],
                defines_build=facts["defines_build"],
            )
            for keras, facts in generations.items()
        }
        for name, generations in data.items()
    }


def builtin_layer(name: str, keras: str) -> BuiltinLayer | None:
    """Facts on a built-in layer by canonical name, None where that generation has none of the name."""
    return builtin_layers().get(name, {}).get(keras)


def is_exported(module: str, name: str) -> bool:
    """Whether `from module import *`, of a Keras module by canonical name, certainly binds a name."""
    if module == "keras":
        return name in SECTIONS or name in ("models", "applications", "Model", "Sequential", "Input", "Layer")
    return canonical(f"{module}.{name}") in builtin_layers()


def facts_of(name: str, generations: Iterable[str] = ("2", "3")) -> tuple[BuiltinLayer, ...]:
    """The facts on a layer by canonical name, one for each generation that has it."""
    known = builtin_layers().get(name, {})
    return tuple(known[generation] for generation in sorted(generations) if generation in known)


def returns_one_tensor(name: str) -> bool:
    """Whether calling the layer certainly gives one tensor."""
    facts = facts_of(name)
    return bool(facts) and all(fact.one_tensor for fact in facts) and name not in _BASES


def has_weights(name: str, generations: Iterable[str]) -> bool:
    """Whether an instance has variables of its own, in some of the generations."""
    return any(fact.has_weights for fact in facts_of(name, generations))


def config_keys(name: str, generations: Iterable[str]) -> frozenset[str] | None:
    """The keys that `get_config()` of the class returns in any of the generations; None where that is not known."""
    if bases := object_bases(name, generations):
        return (
            None if any(base.config is None for base in bases) else frozenset().union(*(b.config or () for b in bases))
        )
    facts = facts_of(name, generations)
    if not facts or any(fact.config is None for fact in facts):
        return None
    return frozenset(key for fact in facts for key in fact.config or ())
