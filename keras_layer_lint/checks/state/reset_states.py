"""KLL403: a metric with `reset_states` and no `reset_state`, which Keras 3 calls."""

from __future__ import annotations

from collections.abc import Iterator

from keras_layer_lint.checks.context import LayerContext
from keras_layer_lint.checks.outcome import Outcome
from keras_layer_lint.diagnostic import Diagnostic, Severity
from keras_layer_lint.expectation import expects
from keras_layer_lint.keras.kinds import ClassKind
from keras_layer_lint.keras.names import canonical
from keras_layer_lint.model.metric_resets import value_lost_in_reset
from keras_layer_lint.rule import Confirmation, Rule
from keras_layer_lint.target import Target

RULE = Rule("KLL403", "reset-states", confirm=Confirmation("train"))
KINDS = frozenset({ClassKind.METRIC})

_METRIC = "keras.metrics.Metric"


def check(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Report a reset that sets a weight to something else than zero."""
    lost = value_lost_in_reset(layer.layer)
    method = layer.layer.own_method("reset_states")
    base = layer.layer.known_base
    if lost is None or method is None or base is None or canonical(base.name) != _METRIC:
        return  # metrics of Keras reset their own weights, and no others
    name, value = lost
    message = (
        f"Keras 3 calls `reset_state`, not `reset_states`: from the second epoch on `self.{name}` begins with 0, "
        f"not with `{value}`"
    )
    outcome = Outcome(Severity.WARNING, message, "call it `reset_state`", expects(attribute=name))
    yield layer.at_definition(RULE, method.unit, method.node, {Target.KERAS3: outcome})
