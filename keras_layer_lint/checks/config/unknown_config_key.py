"""KLL303: the config holds a key that `__init__` cannot take."""

from __future__ import annotations

from collections.abc import Iterator

from keras_layer_lint.checks.config.places import at_key
from keras_layer_lint.checks.context import LayerContext
from keras_layer_lint.checks.outcome import Outcome, same_everywhere
from keras_layer_lint.diagnostic import Diagnostic, Severity
from keras_layer_lint.expectation import Effect, expects
from keras_layer_lint.keras.layers import LAYER
from keras_layer_lint.keras.objects import OBJECTS
from keras_layer_lint.rule import Confirmation, Rule
from keras_layer_lint.serialization.construction import BASE_KEYS
from keras_layer_lint.values.call_events import SuperCall
from keras_layer_lint.values.containers import Entry

RULE = Rule("KLL303", "unknown-config-key", confirm=Confirmation("reload", needs_call=False))
KINDS = OBJECTS


def check(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Report keys that `cls(**config)` fails on."""
    serialization = layer.serialization
    config = serialization.config
    if config is None or serialization.from_config is not None or serialization.is_supplied_elsewhere:
        return
    if serialization.own_get_config is None and serialization.own_init is None:
        return
    for key, entry in config.entries.items():
        expected = expects(Effect.UNKNOWN_KEY, Effect.ERROR_NAMES_ARGUMENT, arguments=(key,))
        twice = _passed_twice(layer, key, entry)
        if twice is not None:
            message = (
                f"`super().__init__({key}=..., **kwargs)`: the config of `{layer.layer.name}` holds `{key!r}`, so "
                "loading passes it twice and raises TypeError"
            )
            advice = f"write `kwargs.setdefault({key!r}, ...)`, or take `{key}` as an argument"
            outcome = Outcome(Severity.ERROR, message, advice, expected)
            yield layer.at_site(RULE, twice.site, same_everywhere(outcome))
            continue
        raised = _raised(layer, key, entry)
        if raised is None:
            continue
        message = f"`{layer.layer.name}.get_config()` returns `{key!r}`, {raised}"
        outcome = Outcome(Severity.ERROR, message, "return the arguments of `__init__`, no more", expected)
        yield at_key(layer, RULE, entry, same_everywhere(outcome))


def _raised(layer: LayerContext, key: str, entry: Entry) -> str | None:
    """What goes wrong with a key, None where `__init__` takes it."""
    serialization = layer.serialization
    chain = serialization.chain
    if not chain or not entry.always:
        return None
    for signature in chain:
        if key in signature.names:
            return None
        if signature.star_kwarg is None:
            if key in BASE_KEYS and layer.layer.is_layer:
                return None  # what KLL306 reports
            return "which `__init__` does not take: loading raises TypeError"
        taken = serialization.taken.get(key)
        if taken is not None and taken.removed:
            return None
    if not serialization.reaches_base or serialization.is_model or serialization.taken.get(key):
        return None
    if entry.inherited:
        return None  # a key of Keras's own config, which its own `from_config` and `__init__` understand
    if serialization.has_more_kwargs_uses:
        return None
    builtin = layer.layer.info.builtin_base
    if builtin is not None:
        # Built-in layers hand what they do not know to `Layer`.
        if (
            not serialization.builtin_parameters
            or key in serialization.builtin_parameters | serialization.base_arguments
        ):
            return None
        return f"which neither `__init__` nor `{builtin.rpartition('.')[2]}` takes: loading raises an error"
    if serialization.known_base_name != LAYER:
        return None
    if key in serialization.base_arguments:
        return None
    return "which neither `__init__` nor `Layer` takes: loading raises an error"


def _passed_twice(layer: LayerContext, key: str, entry: Entry) -> SuperCall | None:
    """The call in the class's own `__init__` that passes a key which `**kwargs` brings as well."""
    serialization = layer.serialization
    signature = serialization.init
    if signature is None or serialization.own_init is None or key in signature.names or not entry.always:
        return None
    taken = serialization.taken.get(key)
    if signature.star_kwarg is None or (taken is not None and taken.removed):
        return None
    for event in serialization.super_init_calls(layer.layer.ref):
        if event.keyword(key) is not None and event.arguments.star_kwargs and not event.site.conditional:
            return event
    return None
