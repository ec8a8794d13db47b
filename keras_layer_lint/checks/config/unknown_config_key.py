"""KLL303: the config holds a key that `__init__` cannot take."""

from __future__ import annotations

from collections.abc import Iterator

from keras_layer_lint.checks.config.places import at_key
from keras_layer_lint.checks.context import LayerContext
from keras_layer_lint.checks.outcome import Outcome, same_everywhere
from keras_layer_lint.diagnostic import Diagnostic, Severity
from keras_layer_lint.expectation import Effect, expects
from keras_layer_lint.keras.kinds import ROOT_CLASSES
from keras_layer_lint.keras.objects import OBJECTS
from keras_layer_lint.rule import Confirmation, Rule
from keras_layer_lint.serialization.construction import BASE_KEYS
from keras_layer_lint.serialization.layer_serialization import MODEL_KEYS
from keras_layer_lint.serialization.saved_keys import given_by_name, saved_keys
from keras_layer_lint.target import Target
from keras_layer_lint.values.call_events import SuperCall
from keras_layer_lint.values.containers import Dict, Entry

RULE = Rule("KLL303", "unknown-config-key", confirm=Confirmation("reload", needs_call=False))
KINDS = OBJECTS

_OPTIMIZER = "keras.optimizers.Optimizer"
"""It takes hyperparameters by any name in some versions of Keras 2."""


def check(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Report keys that `cls(**config)` fails on."""
    serialization = layer.serialization
    if serialization.from_config is not None or serialization.is_supplied_elsewhere:
        return
    twice = _passed_twice(layer)
    for event in {id(event): event for events in twice.values() for event, _ in events}.values():
        outcomes = {
            target: _of_twice(layer, event, [key for other, key in events if other is event])
            for target, events in twice.items()
        }
        yield layer.at_site(RULE, event.site, outcomes)
    config = serialization.config
    if config is None or (serialization.own_get_config is None and serialization.own_init is None):
        return
    if serialization.saving_raises:
        return  # what KLL310 reports
    reported = {key for events in twice.values() for _, key in events}
    for key, entry in config.entries.items():
        raised = None if key in reported else _raised(layer, key, entry)
        if raised is None:
            continue
        message = f"`{layer.layer.name}.get_config()` returns `{key!r}`, {raised}"
        helps = "return the arguments of `__init__`, no more"
        if (meant := serialization.meant_by(key)) is not None:
            message += f"; the argument is `{meant.name}`"
            helps = f"return it as `{meant.name!r}`"
        expected = expects(Effect.UNKNOWN_KEY, Effect.ERROR_NAMES_ARGUMENT, arguments=(key,))
        outcome = Outcome(Severity.ERROR, message, helps, expected)
        yield at_key(layer, RULE, entry, same_everywhere(outcome))


def _raised(layer: LayerContext, key: str, entry: Entry) -> str | None:
    """What goes wrong with a key, None where `__init__` takes it."""
    serialization = layer.serialization
    if not entry.always or serialization.unset_attribute(entry) is not None:
        return None  # what KLL310 reports
    for signature in serialization.chain:
        if key in signature.names:
            return None
        if signature.star_kwarg is None:
            if key in BASE_KEYS and layer.layer.is_layer:
                return None  # what KLL306 reports
            return "which `__init__` does not take: loading raises TypeError"
        taken = serialization.taken.get(key)
        if taken is not None and taken.removed:
            return None
    if not serialization.reaches_base or serialization.taken.get(key) or serialization.has_more_kwargs_uses:
        return None
    if entry.inherited:
        return None  # a key of Keras's own config, which its own `from_config` and `__init__` understand
    return _refused_by_base(layer, key)


def _refused_by_base(layer: LayerContext, key: str) -> str | None:
    """What goes wrong with a key that arrives at the `__init__` of Keras's own base."""
    serialization = layer.serialization
    builtin, base = layer.layer.info.builtin_base, serialization.known_base_name
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


def _passed_twice(layer: LayerContext) -> dict[Target, list[tuple[SuperCall, str]]]:
    """What the calls in the class's own `__init__` pass that `**kwargs` brings as well, by target."""
    serialization = layer.serialization
    signature = serialization.init
    if signature is None or signature.star_kwarg is None or serialization.own_init is None:
        return {}
    if serialization.is_abstract or serialization.is_base_by_name:
        return {}
    if serialization.get_config is None and serialization.uses_kwargs_elsewhere(signature):
        return {}
    required = {parameter.name for parameter in signature.parameters if parameter.required}
    removed = {key for key, taken in serialization.taken.items() if taken.removed}
    found: dict[Target, list[tuple[SuperCall, str]]] = {}
    for target in layer.targets:
        saved = saved_keys(serialization, target)
        if serialization.get_config is not None and not required <= saved:
            continue  # which raises first
        keys = saved - signature.names - removed
        found[target] = [
            (event, key)
            for event in serialization.super_init_calls(layer.layer.ref)
            if _brings_kwargs(event) and not event.site.conditional
            for key in given_by_name(serialization, event, target)
            if key in keys
        ]
    return found


def _brings_kwargs(event: SuperCall) -> bool:
    """Whether a call passes on what `**kwargs` of the function caught."""
    return any(isinstance(value, Dict) and value.arguments for value in event.arguments.star_kwargs)


def _of_twice(layer: LayerContext, event: SuperCall, keys: list[str]) -> Outcome | None:
    if not keys:
        return None
    written = [f"{key}=..." for key in keys if event.keyword(key) is not None]
    given = ", ".join([*(["..."] if len(written) < len(keys) else []), *written])
    holds = ", ".join(f"`{key!r}`" for key in keys)
    message = (
        f"`super().__init__({given}, **kwargs)`: the config of `{layer.layer.name}` holds {holds}, so "
        f"loading passes {'it' if len(keys) == 1 else 'each'} twice and raises TypeError"
    )
    advice = f"write `kwargs.setdefault({keys[0]!r}, ...)`, or take `{keys[0]}` as an argument"
    expected = expects(Effect.UNKNOWN_KEY, Effect.ERROR_NAMES_ARGUMENT, arguments=tuple(keys))
    return Outcome(Severity.ERROR, message, advice, expected)
