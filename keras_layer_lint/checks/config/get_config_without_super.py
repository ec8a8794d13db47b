"""KLL304: the config does not hold Keras's own."""

from __future__ import annotations

from collections.abc import Iterator

from keras_layer_lint.checks.config.wording import listed
from keras_layer_lint.checks.context import LayerContext
from keras_layer_lint.checks.outcome import Outcome
from keras_layer_lint.diagnostic import Diagnostic, Severity
from keras_layer_lint.expectation import expects
from keras_layer_lint.keras.kinds import ClassKind
from keras_layer_lint.keras.objects import LAYERS
from keras_layer_lint.rule import Confirmation, Rule
from keras_layer_lint.serialization.construction import BASE_KEYS
from keras_layer_lint.serialization.layer_serialization import Serialization
from keras_layer_lint.serialization.saved_keys import given_by_name
from keras_layer_lint.target import Target
from keras_layer_lint.values.call_events import SuperCall

RULE = Rule("KLL304", "get-config-without-super", confirm=Confirmation("reload", needs_call=False))
KINDS = LAYERS | {ClassKind.METRIC}


def check(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Report the class's own `get_config`."""
    serialization = layer.serialization
    config = serialization.config
    method = serialization.own_get_config
    if method is None or config is None or config.base or not config.complete or serialization.saving_raises:
        return
    if any(event.method == "get_config" for event in layer.analysis.events(SuperCall, "get_config")):
        return
    lost = sorted(serialization.base_keys - config.entries.keys())
    init = serialization.init
    if not layer.layer.is_layer and init is not None and init.star_kwarg is None:
        lost = [key for key in lost if key in init.names]  # what it sets itself comes back without the config
    if not layer.layer.is_layer and init is not None:
        calls = serialization.super_init_calls(layer.layer.ref)
        given = {
            key for target in layer.targets for call in calls for key in given_by_name(serialization, call, target)
        }
        lost = [key for key in lost if key in init.names or key not in given]  # the function of a metric
    if not lost:
        return
    start = f"`{layer.layer.name}.get_config()`"
    message = f"{start} does not merge the base config: a reload silently loses {listed(lost)}"
    missing = [p.name for p in serialization.parameters if p.required and p.name not in config.entries]
    is_minor = serialization.is_model and lost == ["dtype"]
    if missing and serialization.from_config is None:
        is_minor = False
        message = (
            f"{start} holds neither the base config nor {listed(missing)}: loading raises TypeError, and "
            f"{listed(lost)} would be lost"
        )
    outcome = Outcome(
        Severity.NOTE if is_minor else Severity.WARNING,
        message,
        _help(serialization),
        expects(arguments=tuple(lost)),
        is_elsewhere=is_minor,
    )
    outcomes = {Target.KERAS2: None if serialization.is_model else outcome, Target.KERAS3: outcome}
    yield layer.at_definition(RULE, method.unit, method.node, outcomes)


def _help(serialization: Serialization) -> str:
    init = serialization.init
    if init is None or init.star_kwarg is not None or init.names >= BASE_KEYS:
        return "return `{**super().get_config(), ...}`"
    return "let `__init__` take `**kwargs` and pass them on, then return `{**super().get_config(), ...}`"
