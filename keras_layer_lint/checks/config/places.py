"""Where a diagnostic on one key of the config stands."""

from __future__ import annotations

from functools import partial

from keras_layer_lint.checks.context import LayerContext
from keras_layer_lint.checks.outcome import Outcomes
from keras_layer_lint.diagnostic import Diagnostic
from keras_layer_lint.rule import Rule
from keras_layer_lint.values.containers import Entry


def at_key(layer: LayerContext, rule: Rule, entry: Entry, outcomes: Outcomes) -> Diagnostic | None:
    """At the key where the class itself writes it, else at the head of its `get_config`, or of its `__init__`."""
    own = layer.serialization.own_get_config
    place = own or layer.serialization.own_init
    if place is None:
        return None
    unit, node = entry.unit, entry.node
    span = partial(place.unit.slice.header_span, place.node)
    if own is not None and unit is not None and unit.scope is own.unit.scope and node is not None:
        span = partial(unit.span, node)
    return layer.diagnose(rule, span, outcomes, method=place.node.name.value)
