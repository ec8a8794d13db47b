"""KLL144: the masks of several inputs are used as if each input had one."""

from __future__ import annotations

from collections.abc import Iterator

from keras_layer_lint.checks.call.wording import error, through
from keras_layer_lint.checks.context import LayerContext
from keras_layer_lint.diagnostic import Diagnostic
from keras_layer_lint.rule import Confirmation, Rule
from keras_layer_lint.target import Target
from keras_layer_lint.values.events import MissingMaskUsed

RULE = Rule("KLL144", "mask-of-list-input", confirm=Confirmation("graph", raises_eagerly=True))


def check(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Report uses in `call` that no test of the single mask guards."""
    for event in layer.analysis.events(MissingMaskUsed, "call"):
        given = "for several inputs Keras 3 passes a list, `[None, None]` where they have no masks, never None"
        if event.whole:
            message = f"`mask` is used as one tensor, but {given}, so calling the layer raises"
        else:
            message = f"the mask of one input is used without a test that it is there: {given}, so calling it raises"
        helps = "test the element: `if mask is not None and mask[0] is not None:`"
        yield layer.at_site(RULE, event.site, {Target.KERAS3: error(through(event.site) + message, helps)})
