"""KLL219: one sublayer is called on inputs with different numbers of axes."""

from __future__ import annotations

from collections.abc import Iterator

from keras_layer_lint.checks.call.wording import error
from keras_layer_lint.checks.context import LayerContext
from keras_layer_lint.checks.outcome import same_everywhere
from keras_layer_lint.diagnostic import Diagnostic
from keras_layer_lint.expectation import expects
from keras_layer_lint.keras.layers import Trait, has_trait
from keras_layer_lint.keras.methods import TRACED_KINDS
from keras_layer_lint.rule import Confirmation, Rule
from keras_layer_lint.values.call_events import LayerCalled
from keras_layer_lint.values.value import Layer, Rank, Tensor

RULE = Rule("KLL219", "layer-on-two-ranks", confirm=Confirmation("graph", raises_eagerly=True))
KINDS = TRACED_KINDS


def check(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Report the call with another rank than one that comes before it whenever it is reached."""
    calls: dict[str, LayerCalled] = {}
    first: dict[str, tuple[Rank, LayerCalled]] = {}
    for event in layer.analysis.events(LayerCalled, "call"):
        attribute = _attribute(layer, event)
        if attribute is None:
            continue
        calls.setdefault(attribute, event)
        given = event.argument(0, "inputs")
        if not isinstance(given, Tensor) or given.rank is None:
            continue
        if given.rank.of == f"self.{attribute}":  # derived from what it returned, on this very path
            rank, before = Rank(given.rank.of, 0), calls[attribute]
        elif event.site.optional or event.site.in_loop:
            continue
        else:
            rank, before = first.setdefault(attribute, (given.rank, event))
        if rank.of != given.rank.of or rank.number == given.rank.number:
            continue
        line = before.site.unit.span(before.site.node).line
        message = (
            f"`self.{attribute}` is called on {_told(given.rank, rank)} on line {line}; "
            "it takes no other number of axes than it was built for: ValueError"
        )
        outcome = error(message, "use a layer for each", expects(errors=("ValueError",)))
        yield layer.at_site(RULE, event.site, same_everywhere(outcome))


def _attribute(layer: LayerContext, event: LayerCalled) -> str | None:
    """The attribute that holds the one layer that is called, where that is of a kind that is built for a rank."""
    attribute = event.attribute
    if attribute is None or not isinstance(layer.analysis.attributes.get(attribute), Layer):
        return None
    return attribute if isinstance(event.layer, str) and has_trait(event.layer, Trait.FIXES_RANK) else None


def _told(rank: Rank, other: Rank) -> str:
    """How two numbers of axes differ."""
    if not rank.of:
        return f"{rank.number} axes, and on {other.number}"
    more = rank.number - other.number
    return f"{abs(more)} {'axis' if abs(more) == 1 else 'axes'} {'more' if more > 0 else 'fewer'} than"
