"""KLL403: a metric whose reset Keras 3 does not call, or that leaves the metrics it holds."""

from __future__ import annotations

from collections.abc import Iterator

from keras_layer_lint.checks.config.wording import listed
from keras_layer_lint.checks.context import LayerContext
from keras_layer_lint.checks.outcome import Outcome, same_everywhere
from keras_layer_lint.diagnostic import Diagnostic, Severity
from keras_layer_lint.expectation import expects
from keras_layer_lint.keras.kinds import ClassKind
from keras_layer_lint.keras.names import canonical
from keras_layer_lint.model.metric_resets import metrics_left_in_reset, value_lost_in_reset
from keras_layer_lint.rule import Confirmation, Rule
from keras_layer_lint.target import Target

RULE = Rule("KLL403", "reset-states", confirm=Confirmation("train"))
KINDS = frozenset({ClassKind.METRIC})

_METRIC = "keras.metrics.Metric"


def check(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Report a reset that sets a weight to something else than zero, and one that leaves out what a metric holds."""
    base = layer.layer.known_base
    if base is None or canonical(base.name) != _METRIC:
        return  # metrics of Keras reset their own weights, and no others
    yield _not_called(layer)
    yield _left(layer)


def _not_called(layer: LayerContext) -> Diagnostic | None:
    lost = value_lost_in_reset(layer.layer)
    method = layer.layer.own_method("reset_states")
    if lost is None or method is None:
        return None
    name, value = lost
    message = (
        f"Keras 3 calls `reset_state`, not `reset_states`: from the second epoch on `self.{name}` begins with 0, "
        f"not with `{value}`"
    )
    outcome = Outcome(Severity.WARNING, message, "call it `reset_state`", expects(attribute=name))
    return layer.at_definition(RULE, method.unit, method.node, {Target.KERAS3: outcome})


def _left(layer: LayerContext) -> Diagnostic | None:
    method = layer.layer.own_method("update_state")
    left = metrics_left_in_reset(layer.layer) if method is not None else []
    if method is None or not left:
        return None
    names = listed(f"self.{name}" for name in left)
    message = (
        f"`{layer.layer.name}.reset_state` leaves {names} as {'it is' if len(left) == 1 else 'they are'}: what "
        "`update_state` adds up there silently goes on over the epochs"
    )
    helps = f"reset {'it' if len(left) == 1 else 'them'} in `reset_state`: `self.{left[0]}.reset_state()`"
    outcome = Outcome(Severity.WARNING, message, helps, expects(attribute=left[0]))
    return layer.at_definition(RULE, method.unit, method.node, same_everywhere(outcome))
