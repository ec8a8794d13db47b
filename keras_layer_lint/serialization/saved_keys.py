"""Which keys the config of a class certainly holds, whoever makes it, and which arguments arrive with them."""

from __future__ import annotations

from keras_layer_lint.keras.layers import LAYER, config_keys, facts_of
from keras_layer_lint.keras.objects import object_bases
from keras_layer_lint.serialization.automatic_config import is_plain
from keras_layer_lint.serialization.construction import BASE_KEYS
from keras_layer_lint.serialization.layer_serialization import Serialization
from keras_layer_lint.serialization.signature import signature_of
from keras_layer_lint.target import Target
from keras_layer_lint.values.call_events import SuperCall
from keras_layer_lint.values.sizes import is_size

_WITHOUT_NAME = BASE_KEYS - {"name"}


def saved_keys(serialization: Serialization, target: Target) -> frozenset[str]:
    """The keys that the config always holds, as far as they can be read; none where saving raises."""
    if serialization.get_config is None:
        return _automatic_keys(serialization, target) if _is_made(serialization, target) else frozenset()
    config = serialization.config
    # `Model.get_config()` of Keras 2 is empty in a subclass that overrides it.
    is_empty = serialization.is_model and target is Target.KERAS2
    entries = {} if config is None else config.entries
    return frozenset(key for key, entry in entries.items() if entry.always and not (is_empty and entry.inherited))


def _is_made(serialization: Serialization, target: Target) -> bool:
    """Whether Keras makes a config of what `__init__` certainly takes: numbers and texts, as far as can be seen."""
    analysis, carried = serialization.analysis, serialization.builtin_parameters
    required = [p for p in serialization.parameters if p.required and p.name not in carried]
    if serialization.is_model and target is Target.KERAS3 and required:
        return False
    return all(is_plain(p) or is_size(p.name, analysis, or_tuple=True) for p in required)


def _automatic_keys(serialization: Serialization, target: Target) -> frozenset[str]:
    """The keys of the config that Keras makes by itself, measured with tf_keras 2.21 and keras 3.15.

    Of the arguments of `Layer`, that of Keras 2 holds all where `__init__` takes `**kwargs` by that name; that of
    Keras 3 holds the name only there, and the others always.
    """
    signature, base = serialization.init, serialization.known_base_name
    if signature is None or serialization.is_sequential or serialization.is_functional is not False:
        return frozenset()
    if base in (LAYER, "keras.Model"):
        if signature.star_kwarg == "kwargs":
            return BASE_KEYS
        return _WITHOUT_NAME if target is Target.KERAS3 else frozenset()
    carried = serialization.builtin_parameters
    if any(p.required and p.name not in carried for p in serialization.parameters):
        return frozenset()  # loading raises for what is missing
    return config_keys(base, (target.generation,)) or frozenset()


def given_by_name(serialization: Serialization, event: SuperCall, target: Target) -> list[str]:
    """The arguments that a call of a base's `__init__` gives by itself, by their names in that `__init__`."""
    names = list(event.arguments.keywords)
    positions: tuple[str, ...] = ()
    if event.target is not None:
        method = serialization.layer.method_of(event.target, "__init__")
        positions = () if method is None else tuple(p.name for p in signature_of(method).parameters)
    elif bases := object_bases(serialization.known_base_name, (target.generation,)):
        positions = bases[0].positions
    elif serialization.known_base_name == serialization.layer.info.builtin_base:
        facts = facts_of(serialization.known_base_name, (target.generation,))
        positions = facts[0].parameters if facts else ()
    return [*positions[: len(event.arguments.positional)], *names]
