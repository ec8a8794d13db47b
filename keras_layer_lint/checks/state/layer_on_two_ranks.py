"""KLL219: one sublayer is called on inputs with different numbers of axes, or last axes of two lengths."""

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
    sizes: dict[str, tuple[int, LayerCalled]] = {}
    for event in layer.analysis.events(LayerCalled, "call"):
        held_as, given = event.held_as, event.argument(0, "inputs")
        if held_as is None or not _is_one(layer, event):
            continue
        is_certain = not event.site.optional and (not event.site.in_loop or event.goes_over_list)
        if isinstance(given, Tensor) and given.last is not None and is_certain and _has(event, Trait.FIXES_LAST_AXIS):
            size, before = sizes.setdefault(held_as, (given.last, event))
            if size != given.last:
                what = f"a last axis of {given.last}, and of {size}"
                yield _found(layer, event, before, what, "it takes no other than it was built for")
        if not _has(event, Trait.FIXES_RANK):
            continue
        calls.setdefault(held_as, event)
        if not isinstance(given, Tensor) or given.rank is None:
            continue
        if given.rank.of == held_as:  # derived from what it returned, on this very path
            rank, before = Rank(given.rank.of, 0), calls[held_as]
        elif not is_certain:
            continue
        else:
            rank, before = first.setdefault(held_as, (given.rank, event))
        if rank.of == given.rank.of and rank.number != given.rank.number:
            what = "it takes no other number of axes than it was built for"
            yield _found(layer, event, before, _told(given.rank, rank), what)


def _found(layer: LayerContext, event: LayerCalled, before: LayerCalled, what: str, why: str) -> Diagnostic | None:
    unit = before.site.unit
    line = unit.told_line(unit.span(before.site.node).line)
    held_as = f"each layer of `{event.held_as}`" if event.goes_over_list else f"`{event.held_as}`"
    message = f"{held_as} is called on {what} on {line}; {why}: ValueError"
    outcome = error(message, "use a layer for each", expects(errors=("ValueError",)))
    return layer.at_site(RULE, event.site, same_everywhere(outcome))


def _is_one(layer: LayerContext, event: LayerCalled) -> bool:
    """Whether it is the one layer that an attribute holds, or one of those in its list."""
    if event.attribute is None:
        return True
    return isinstance(layer.analysis.attributes.get(event.attribute), Layer)


def _has(event: LayerCalled, trait: Trait) -> bool:
    return isinstance(event.layer, str) and has_trait(event.layer, trait)


def _told(rank: Rank, other: Rank) -> str:
    """How two numbers of axes differ."""
    if not rank.of:
        return f"{rank.number} axes, and on {other.number}"
    more = rank.number - other.number
    return f"{abs(more)} {'axis' if abs(more) == 1 else 'axes'} {'more' if more > 0 else 'fewer'} than"
