"""KLL132: a layer that holds variables is made in `call`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from keras_layer_lint.checks.call.wording import error, through, warning
from keras_layer_lint.checks.context import LayerContext
from keras_layer_lint.checks.outcome import Outcome
from keras_layer_lint.diagnostic import Diagnostic
from keras_layer_lint.expectation import Effect, expects
from keras_layer_lint.keras.layers import Trait, has_trait
from keras_layer_lint.keras.methods import AFTER_BUILD, TRACED_KINDS
from keras_layer_lint.model.variables import holds_variables, made_in
from keras_layer_lint.rule import Confirmation, ErrorPlace, Rule
from keras_layer_lint.target import Target
from keras_layer_lint.values.attribute_events import AttributeStored
from keras_layer_lint.values.call_events import LayerMade
from keras_layer_lint.values.contents import layers_in
from keras_layer_lint.values.rates import is_certain, is_zero, rate_of

KINDS = TRACED_KINDS
RULE = Rule(
    "KLL132",
    "layer-in-call",
    confirm=Confirmation("graph", errors_at=(ErrorPlace.CALLED, ErrorPlace.USE), raises_eagerly=True),
    only_traced=True,
    only_repeated=True,
)

_HELP = "make it in `__init__`, keep it on self and call it here"

_SAME = expects(Effect.SAME_NUMBERS)


def check(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Report layers that every call makes anew."""
    stored = layer.traced(AttributeStored)
    kept = {id(part.node) for event in stored for part in layers_in(event.value)}
    for event in layer.traced(LayerMade):
        if event.site.guarded or _is_empty(event):
            continue
        outcomes = {target: _outcome(layer, event, target) for target in layer.targets}
        is_kept = id(event.site.node) in kept
        if is_kept and event.site.phase in AFTER_BUILD:
            outcomes[Target.KERAS3] = None  # to keep it raises: KLL215
        is_call = event.site.phase == "call" and layer.layer.is_layer
        outcomes[Target.KERAS3_JAX] = _on_jax(layer, event, is_kept) if is_call else None
        yield layer.at_site(RULE, event.site, outcomes)


def _outcome(layer: LayerContext, event: LayerMade, target: Target) -> Outcome | None:
    if not holds_variables(layer.layer.project, event.of, made_in(target.generation)):
        return None
    what = f"{through(event.site)}`{_name(event)}(...)` is made in `{event.site.phase}`, anew each time"
    graph = "the graph of `fit` may make variables only once: ValueError"
    if target is Target.KERAS3 and has_trait(event.of, Trait.TAKES_RATE):
        if is_certain(rate_of(event)):
            return error(f"{what}; it makes a variable for its seed, and {graph}", _HELP)
        return warning(f"{what}; with a rate above 0 it makes a variable for its seed, and {graph}", _HELP)
    return replace(error(f"{what}, with new weights; {graph}", _HELP), holds_eagerly=True)


def _on_jax(layer: LayerContext, event: LayerMade, is_kept: bool) -> Outcome | None:
    if not holds_variables(layer.layer.project, event.of, made_in(Target.KERAS3.generation)):
        return None
    what = f"{through(event.site)}`{_name(event)}(...)` is made in `call`, anew in each trace"
    if is_kept:
        return error(f"{what}, and kept: a built layer takes no new layers: ValueError", _HELP)
    if has_trait(event.of, Trait.TAKES_RATE):
        return warning(f"{what}, with a new seed: on JAX it draws the same numbers for every batch", _HELP, _SAME)
    return warning(f"{what}, with new weights: JAX runs it, and silently nothing trains or saves them", _HELP)


def _name(event: LayerMade) -> str:
    return event.of.rpartition(".")[2] if isinstance(event.of, str) else event.of.entry.name


def _is_empty(event: LayerMade) -> bool:
    """Whether its arguments leave the layer without variables."""
    if has_trait(event.of, Trait.TAKES_RATE):
        return is_zero(rate_of(event))
    if event.of == "keras.layers.LayerNormalization":
        return all(is_zero(event.keyword(name)) for name in ("center", "scale"))
    return event.of == "keras.layers.Normalization" and event.keyword("mean") is not None
