"""KLL408: a `train_step` calls the model without `training=True`."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from keras_layer_lint.checks.call.wording import warning
from keras_layer_lint.checks.context import LayerContext
from keras_layer_lint.checks.outcome import same_everywhere
from keras_layer_lint.diagnostic import Diagnostic
from keras_layer_lint.keras.kinds import ClassKind
from keras_layer_lint.keras.layers import Trait, has_trait
from keras_layer_lint.model.forward_passes import without_training
from keras_layer_lint.rule import Confirmation, Rule
from keras_layer_lint.values.call_events import LayerCalled
from keras_layer_lint.values.value import PythonValue

RULE = Rule("KLL408", "step-without-training", confirm=Confirmation("train"))


def check(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Report the `train_step` that the class defines itself."""
    model = layer.layer
    if model.kind is not ClassKind.MODEL or not model.is_complete:
        return
    method = model.own_method("train_step")
    if method is None or model.definition("__call__") is not None:
        return
    calls = list(without_training(method))
    found = next(_told_by_training(layer), None) if calls else None
    if found is None:
        return
    for call in calls:
        outcome = warning(
            f"the step calls the model without `training=True`: in `fit` `{found}` stays in inference mode, silently",
            "pass `training=True`",
        )
        yield layer.diagnose(RULE, partial(method.unit.span, call), same_everywhere(outcome), method="train_step")


def _told_by_training(layer: LayerContext) -> Iterator[str]:
    """The layers in `call` that work in another way in training, and are told so by what `call` gets."""
    for event in layer.analysis.events(LayerCalled, "call"):
        given = event.keyword("training")
        is_handed_on = given is None or (isinstance(given, PythonValue) and given.parameter == "training")
        if event.function_written is None or event.arguments.star_kwargs or len(event.arguments.positional) > 1:
            continue
        if is_handed_on and isinstance(event.layer, str) and has_trait(event.layer, Trait.NEEDS_TRAINING):
            yield event.function_written
