"""KLL303: the config holds a key that `__init__` cannot take."""

from __future__ import annotations

from collections.abc import Iterator

from keras_layer_lint.checks.config.places import at_key
from keras_layer_lint.checks.context import LayerContext
from keras_layer_lint.checks.outcome import Outcome, same_everywhere
from keras_layer_lint.diagnostic import Diagnostic, Severity
from keras_layer_lint.expectation import Effect, expects
from keras_layer_lint.keras.objects import OBJECTS
from keras_layer_lint.rule import Confirmation, Rule
from keras_layer_lint.serialization.holding import lacking
from keras_layer_lint.serialization.refused_keys import keys_passed_twice, refused_keys
from keras_layer_lint.values.call_events import SuperCall

RULE = Rule("KLL303", "unknown-config-key", confirm=Confirmation("reload", needs_call=False))
KINDS = OBJECTS


def check(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Report keys that `cls(**config)` fails on."""
    serialization = layer.serialization
    twice = keys_passed_twice(serialization, layer.targets)
    for event in {id(event): event for events in twice.values() for event, _ in events}.values():
        outcomes = {
            target: _of_twice(layer, event, [key for other, key in events if other is event])
            for target, events in twice.items()
        }
        yield layer.at_site(RULE, event.site, outcomes)
    config = serialization.config
    if config is None or (serialization.own_get_config is None and serialization.own_init is None):
        return
    reported = {key for events in twice.values() for _, key in events}
    refused = refused_keys(serialization)
    if refused and layer.is_mixed_in:
        return
    for key, raised in refused.items():
        if key in reported:
            continue
        message = f"`{layer.layer.name}.get_config()` returns `{key!r}`, {raised}"
        helps = "return the arguments of `__init__`, no more"
        if (meant := serialization.meant_by(key)) is not None:
            message += f"; the argument is `{meant.name}`"
            helps = f"return it as `{meant.name!r}`"
        # Python complains of the argument that is missing for it before it does of the key.
        named = (key,) if meant is None or not meant.required else (key, meant.name)
        facts = () if meant is None else lacking(serialization, [meant])
        expected = expects(Effect.UNKNOWN_KEY, Effect.ERROR_NAMES_ARGUMENT, arguments=named, lacking=facts)
        outcome = Outcome(Severity.ERROR, message, helps, expected)
        yield at_key(layer, RULE, config.entries[key], same_everywhere(outcome))


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
