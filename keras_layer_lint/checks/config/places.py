"""Where a diagnostic on one key of the config stands."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import libcst as cst

from keras_layer_lint.checks.context import LayerContext, Outcome
from keras_layer_lint.diagnostic import Diagnostic, Span
from keras_layer_lint.model.layer import Method
from keras_layer_lint.rule import Rule
from keras_layer_lint.values.value import Entry


def at_key(layer: LayerContext, rule: Rule, entry: Entry, outcomes: Mapping[str, Outcome | None]) -> Diagnostic | None:
    """At the key where the class itself writes it, else at the head of its `get_config`, or of its `__init__`."""
    own = layer.configuration.own_get_config
    place = own or layer.configuration.own_init
    if place is None:
        return None
    is_written = own is not None and entry.unit is own.unit and entry.node is not None
    span = partial(_span, place, entry.node if is_written else None)
    return layer.diagnose(rule, span, outcomes, method=place.node.name.value)


def _span(place: Method, node: cst.CSTNode | None) -> Span:
    return place.unit.slice.header_span(place.node) if node is None else place.unit.span(node)
