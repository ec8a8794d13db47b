"""What is measured of the built-in layers, asked across Keras generations."""

from __future__ import annotations

from collections.abc import Iterable

from keras_layer_lint.model.keras_facts import BuiltinLayer, builtin_layers
from keras_layer_lint.model.keras_objects import object_bases

_BASES = {"keras.layers.Layer", "keras.Layer"}


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
