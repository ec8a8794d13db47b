"""Which keys of a config `__init__` refuses, so that loading raises."""

from __future__ import annotations

from collections.abc import Sequence

from keras_layer_lint.keras.kinds import ROOT_CLASSES
from keras_layer_lint.serialization.construction import BASE_KEYS
from keras_layer_lint.serialization.layer_serialization import MODEL_KEYS, Serialization
from keras_layer_lint.serialization.saved_keys import given_by_name, saved_keys
from keras_layer_lint.target import Target
from keras_layer_lint.values.call_events import SuperCall
from keras_layer_lint.values.containers import Dict, Entry

_OPTIMIZER = "keras.optimizers.Optimizer"
"""It takes hyperparameters by any name in some versions of Keras 2."""


def refused_keys(serialization: Serialization) -> dict[str, str]:
    """The keys that nothing takes, and what goes wrong with each."""
    config = serialization.config
    if config is None or serialization.is_supplied_elsewhere or serialization.saving_raises:
        return {}
    raised = {key: _raised(serialization, key, entry) for key, entry in config.entries.items()}
    return {key: what for key, what in raised.items() if what is not None}


def _raised(serialization: Serialization, key: str, entry: Entry) -> str | None:
    """What goes wrong with a key, None where `__init__` takes it."""
    if not entry.always or serialization.is_in_question(key):
        return None
    for signature in serialization.chain:
        if key in signature.names:
            return None
        if signature.star_kwarg is None:
            if key in BASE_KEYS and serialization.layer.is_layer:
                return None  # what KLL306 reports
            return "which `__init__` does not take: loading raises TypeError"
        taken = serialization.taken.get(key)
        if taken is not None and taken.removed:
            return None
    if not serialization.reaches_base or serialization.taken.get(key) or serialization.has_more_kwargs_uses:
        return None
    if entry.inherited:
        return None  # a key of Keras's own config, which its own `from_config` and `__init__` understand
    return _refused_by_base(serialization, key)


def _refused_by_base(serialization: Serialization, key: str) -> str | None:
    """What goes wrong with a key that arrives at the `__init__` of Keras's own base."""
    builtin, base = serialization.layer.info.builtin_base, serialization.known_base_name
    if builtin is not None:
        # Built-in layers hand what they do not know to `Layer`.
        known = serialization.builtin_parameters
        if not known or key in known | serialization.base_arguments:
            return None
        base = builtin
    elif serialization.is_sequential or serialization.is_functional is not False:
        return None  # what `from_config` of such a model takes is more than arguments
    elif base not in ROOT_CLASSES or base == _OPTIMIZER or key in serialization.base_arguments | MODEL_KEYS:
        return None
    if serialization.chain:
        return f"which neither `__init__` nor `{base.rpartition('.')[2]}` takes: loading raises an error"
    return f"which `{base.rpartition('.')[2]}` does not take: loading raises an error"


def keys_passed_twice(
    serialization: Serialization, targets: Sequence[Target]
) -> dict[Target, list[tuple[SuperCall, str]]]:
    """What the calls in the class's own `__init__` pass that `**kwargs` brings as well, by target."""
    signature = serialization.init
    if signature is None or signature.star_kwarg is None or serialization.own_init is None:
        return {}
    if (
        serialization.saving_raises
        or serialization.is_abstract
        or serialization.is_base_by_name
        or serialization.is_supplied_elsewhere
    ):
        return {}
    if serialization.get_config is None and serialization.uses_kwargs_elsewhere(signature):
        return {}
    required = {parameter.name for parameter in signature.parameters if parameter.required}
    removed = {key for key, taken in serialization.taken.items() if taken.removed}
    found: dict[Target, list[tuple[SuperCall, str]]] = {}
    for target in targets:
        saved = saved_keys(serialization, target)
        lacking = {name for name in required - saved if not serialization.is_in_question(name)}
        if serialization.get_config is not None and lacking:
            continue  # which raises first
        keys = {key for key in saved - signature.names - removed if not serialization.is_in_question(key)}
        found[target] = [
            (event, key)
            for event in serialization.super_init_calls(serialization.layer.ref)
            if _brings_kwargs(event) and not event.site.conditional
            for key in given_by_name(serialization, event, target)
            if key in keys
        ]
    return found


def refused_by_all(serialization: Serialization, targets: Sequence[Target]) -> list[str]:
    """The keys for which loading raises under each of the targets."""
    twice = keys_passed_twice(serialization, targets)
    each = [{key for _, key in twice.get(target, ())} for target in targets]
    return sorted(refused_keys(serialization).keys() | (set.intersection(*each) if each else set()))


def _brings_kwargs(event: SuperCall) -> bool:
    """Whether a call passes on what `**kwargs` of the function caught."""
    return any(isinstance(value, Dict) and value.arguments for value in event.arguments.star_kwargs)
