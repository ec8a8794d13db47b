"""KLL408: a `train_step` calls the model without `training=True`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from keras_layer_lint.checks.call.wording import warning
from keras_layer_lint.checks.context import LayerContext
from keras_layer_lint.checks.outcome import same_everywhere
from keras_layer_lint.diagnostic import Diagnostic, Span
from keras_layer_lint.keras.kinds import ClassKind
from keras_layer_lint.keras.layers import Trait, has_trait
from keras_layer_lint.model import syntax
from keras_layer_lint.model.forward_passes import never_with_training, without_training
from keras_layer_lint.rule import Confirmation, Rule
from keras_layer_lint.values.attribute_events import AttributeStored
from keras_layer_lint.values.call_events import LayerCalled, LayerMade
from keras_layer_lint.values.given_layers import given_layers
from keras_layer_lint.values.idle_layers import idle_layer
from keras_layer_lint.values.value import Layer, PythonValue

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
    found = _left_idle(layer) if calls else None
    for call in calls if found is not None else ():
        what = f"the step calls the model without `training=True`: in `fit` {found} stays"
        yield _diagnostic(layer, partial(method.unit.span, call), what)
    methods = [own for name in model.ref.entry.methods if (own := model.own_method(name)) is not None]
    for attribute, made in {**_given(layer), **_held(layer)}.items():
        for call in never_with_training(methods, method, attribute):
            what = (
                f"the step calls `self.{attribute}` without `training=True`, and so does all else: its `{made}` stays"
            )
            yield _diagnostic(layer, partial(method.unit.span, call), what)


def _diagnostic(layer: LayerContext, span: Callable[[], Span], what: str) -> Diagnostic | None:
    outcome = warning(f"{what} in inference mode, silently", "pass `training=True`")
    return layer.diagnose(RULE, span, same_everywhere(outcome), method="train_step")


def _held(layer: LayerContext) -> dict[str, str]:
    """Attributes that hold a Sequential with a layer that works in another way in training, and that layer."""
    made = [
        event
        for event in layer.analysis.events(LayerMade, "__init__")
        if has_trait(event.of, Trait.NEEDS_TRAINING) and event.site.through is None
    ]
    return {
        stored.name: event.of.rpartition(".")[2]
        for stored in layer.analysis.events(AttributeStored, "__init__")
        if isinstance(stored.value, Layer) and stored.value.of == "keras.Sequential" and stored.statement is not None
        for event in made
        if isinstance(event.of, str) and syntax.holds(stored.statement, event.site.node)
    }


def _given(layer: LayerContext) -> dict[str, str]:
    """Attributes with such a model that the module gives to `__init__` and the class trains, and the layer in it."""
    return {
        attribute: asking[0].rpartition(".")[2]
        for attribute, made in given_layers(layer.layer, layer.analysis).items()
        if (asking := [each for each in made if has_trait(each, Trait.NEEDS_TRAINING)])
        and layer.unit.mentions(f"self.{attribute}.trainable_")  # another one teaches, and is not to be trained
    }


def _left_idle(layer: LayerContext) -> str | None:
    """What stays in inference mode: as `call` calls it, or the class of what stands in its lists or its layers."""
    if (found := next(_told_by_training(layer), None)) is not None:
        return f"`{found}`"
    held = idle_layer(layer.layer, layer.analysis)
    return None if held is None else f"its `{held.rpartition('.')[2]}`"


def _told_by_training(layer: LayerContext) -> Iterator[str]:
    """The layers in `call` that work in another way in training, and are told so by what `call` gets."""
    for event in layer.analysis.events(LayerCalled, "call"):
        given = event.keyword("training")
        is_handed_on = given is None or (isinstance(given, PythonValue) and given.parameter == "training")
        if event.function_written is None or event.arguments.star_kwargs or len(event.arguments.positional) > 1:
            continue
        if is_handed_on and isinstance(event.layer, str) and has_trait(event.layer, Trait.NEEDS_TRAINING):
            yield event.function_written
