"""KLL132: a layer that holds variables is made in `call`."""

from __future__ import annotations

from collections.abc import Iterator

from keras_layer_lint.checks.call.wording import error, runs_eagerly, through, warning
from keras_layer_lint.checks.context import LayerContext, Outcome
from keras_layer_lint.diagnostic import Diagnostic
from keras_layer_lint.model.layer_state import holds_variables
from keras_layer_lint.rule import Rule
from keras_layer_lint.values.events import LayerMade
from keras_layer_lint.values.value import Static, Value

RULE = Rule("KLL132", "layer-in-call", oracle="graph")

_HELP = "make it in `__init__`, keep it on self and call it here"
_RATES = frozenset(
    f"keras.layers.{name}"
    for name in (
        "AlphaDropout",
        "Dropout",
        "GaussianDropout",
        "GaussianNoise",
        "SpatialDropout1D",
        "SpatialDropout2D",
        "SpatialDropout3D",
    )
)
"""Their first argument is a rate; with 0 they have no seed."""


def check(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Report layers that every call makes anew."""
    for event in layer.analysis.events(LayerMade, "call"):
        if event.site.guarded or _is_empty(event):
            continue
        outcomes = {keras: _outcome(layer, event, keras) for keras in layer.keras}
        for keras in runs_eagerly(layer):
            outcomes[keras] = None
        yield layer.at_site(RULE, event.site, outcomes)


def _outcome(layer: LayerContext, event: LayerMade, keras: str) -> Outcome | None:
    if not holds_variables(layer.layer.project, event.of, keras):
        return None
    name = event.of.rpartition(".")[2] if isinstance(event.of, str) else event.of.entry.name
    what = f"{through(event.site)}`{name}(...)` is made in `call`, anew each time"
    graph = "the graph of `fit` may make variables only once: ValueError"
    if keras == "3" and event.of in _RATES:
        if _is_certain(_rate(event)):
            return error(f"{what}; it makes a variable for its seed, and {graph}", _HELP)
        return warning(f"{what}; with a rate above 0 it makes a variable for its seed, and {graph}", _HELP)
    return error(f"{what}, with new weights; {graph}", _HELP)


def _is_empty(event: LayerMade) -> bool:
    """Whether its arguments leave the layer without variables."""
    keywords = dict(event.keywords)
    if event.of in _RATES:
        return _is_zero(_rate(event))
    if event.of == "keras.layers.LayerNormalization":
        return all(_is_zero(keywords.get(name)) for name in ("center", "scale"))
    return event.of == "keras.layers.Normalization" and "mean" in keywords


def _rate(event: LayerMade) -> Value | None:
    keywords = dict(event.keywords)
    return event.arguments[0] if event.arguments else keywords.get("rate", keywords.get("stddev"))


def _is_certain(value: Value | None) -> bool:
    return isinstance(value, Static) and isinstance(value.constant, int | float)


def _is_zero(value: Value | None) -> bool:
    return isinstance(value, Static) and value.constant is not ... and value.constant in (0, False)
