"""KLL210: the shape of a weight depends on the batch size."""

from __future__ import annotations

from collections.abc import Iterator

from keras_layer_lint.checks.context import LayerContext
from keras_layer_lint.checks.outcome import Outcome
from keras_layer_lint.diagnostic import Diagnostic, Severity
from keras_layer_lint.rule import Confirmation, Rule
from keras_layer_lint.target import Target
from keras_layer_lint.values.call_events import WeightAdded
from keras_layer_lint.values.containers import Sequence
from keras_layer_lint.values.value import Dimension, Shape, Value

RULE = Rule("KLL210", "batch-size-in-weight", confirm=Confirmation("build"))


def check(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Report weights made in `build`."""
    for event in layer.analysis.events(WeightAdded, "build"):
        if event.api != "add_weight":
            continue
        for shape in (event.keyword("shape"), *event.arguments.positional[:2]):
            what = None if shape is None else _batch(shape)
            if what is None:
                continue
            outcomes = {
                target: Outcome(
                    Severity.ERROR,
                    f"`{event.via}` gets {what}, which is None while the layer is built in a model: {raised}",
                    "use the other dimensions, such as `input_shape[-1]`: a weight is the same for any batch size",
                )
                for target, raised in ((Target.KERAS2, "TypeError or ValueError"), (Target.KERAS3, "ValueError"))
            }
            yield layer.at_site(RULE, event.site, outcomes)
            break


def _batch(shape: Value) -> str | None:
    if isinstance(shape, Shape):
        return "the whole input shape with the batch size" if shape.batched else None
    items = shape.items or () if isinstance(shape, Sequence) else ()
    if any(isinstance(item, Dimension) and item.batch for item in items):
        return "a shape with the batch size of the input in it"
    return None
