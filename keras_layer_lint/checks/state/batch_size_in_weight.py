"""KLL210: the shape of a weight depends on the batch size."""

from __future__ import annotations

from collections.abc import Iterator

from keras_layer_lint.checks.context import LayerContext
from keras_layer_lint.checks.outcome import Outcome
from keras_layer_lint.diagnostic import Diagnostic, Severity
from keras_layer_lint.keras.layers import facts_of
from keras_layer_lint.rule import Confirmation, Rule
from keras_layer_lint.target import Target
from keras_layer_lint.values.call_events import LayerMade, WeightAdded
from keras_layer_lint.values.containers import Sequence
from keras_layer_lint.values.value import Dimension, Shape, Value

RULE = Rule("KLL210", "batch-size-in-weight", confirm=Confirmation("build"))


_SIZES = ("units", "filters", "input_dim", "output_dim", "num_heads", "key_dim")
"""Parameters of layers of Keras that decide on the shapes of weights: each refuses None, there or when it builds."""


def check(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Report weights made in `build`, and layers of Keras whose weights have such a size."""
    for event in layer.analysis.events(WeightAdded, "build"):
        if event.api != "add_weight":
            continue
        given = (event.keyword("shape"), *event.arguments.positional[:2])
        what = next((what for shape in given if shape is not None and (what := _batch(shape)) is not None), None)
        if what is not None:
            yield layer.at_site(RULE, event.site, _outcomes(f"`{event.via}` gets {what}", "ValueError"))
    for made in layer.analysis.events(LayerMade, "build"):
        size = _size_of_batch(made)
        if size is not None:
            what = f"`{made.of}` gets the batch size of the input as `{size}`"
            yield layer.at_site(RULE, made.site, _outcomes(what, "TypeError or ValueError"))


def _outcomes(what: str, in_keras_3: str) -> dict[Target, Outcome | None]:
    return {
        target: Outcome(
            Severity.ERROR,
            f"{what}, which is None while the layer is built in a model: {raised}",
            "use the other dimensions, such as `input_shape[-1]`: a weight is the same for any batch size",
        )
        for target, raised in ((Target.KERAS2, "TypeError or ValueError"), (Target.KERAS3, in_keras_3))
    }


def _size_of_batch(made: LayerMade) -> str | None:
    """The parameter for which a layer of Keras gets the batch size."""
    for facts in facts_of(made.of) if isinstance(made.of, str) else ():
        for position, name in enumerate(facts.parameters):
            given = made.argument(position, name) if name in _SIZES else None
            if isinstance(given, Dimension) and given.batch:
                return name
    return None


def _batch(shape: Value) -> str | None:
    if isinstance(shape, Shape):
        return "the whole input shape with the batch size" if shape.batched else None
    items = shape.items or () if isinstance(shape, Sequence) else ()
    is_held = isinstance(shape, Sequence) and shape.holds_batch_size
    if is_held or any(isinstance(item, Dimension) and item.batch for item in items):
        return "a shape with the batch size of the input in it"
    return None
