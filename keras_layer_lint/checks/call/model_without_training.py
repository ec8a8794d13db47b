"""KLL142: a Model whose `call` takes no `training` keeps its layers in inference mode in `fit`."""

from __future__ import annotations

from collections.abc import Iterator

from keras_layer_lint.checks.call.wording import warning
from keras_layer_lint.checks.context import LayerContext
from keras_layer_lint.checks.outcome import Outcome
from keras_layer_lint.diagnostic import Diagnostic
from keras_layer_lint.expectation import expects
from keras_layer_lint.keras.kinds import ClassKind
from keras_layer_lint.keras.layers import Trait, has_trait
from keras_layer_lint.keras.methods import OWN_LOOPS
from keras_layer_lint.keras.names import canonical
from keras_layer_lint.model.argument_use import uses_argument
from keras_layer_lint.model.attributes import is_part_of_another
from keras_layer_lint.model.class_graph import ClassRef
from keras_layer_lint.model.forward_passes import calls_of_attribute
from keras_layer_lint.rule import Confirmation, Rule
from keras_layer_lint.target import Target
from keras_layer_lint.values.attribute_events import AttributeStored
from keras_layer_lint.values.call_events import LayerCalled, LayerMade
from keras_layer_lint.values.contents import layers_in
from keras_layer_lint.values.given_layers import given_layers
from keras_layer_lint.values.rates import is_zero, rate_of
from keras_layer_lint.values.value import PythonValue

RULE = Rule("KLL142", "model-without-training", confirm=Confirmation("train"))

_HELP = "write `def call(self, inputs, training=None)`"


def check(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Report the `call` of a Model."""
    model = layer.layer
    if model.kind is not ClassKind.MODEL or not model.is_complete or Target.KERAS3 not in layer.targets:
        return
    call = model.own_method("call")
    if call is None or any(model.method(name) is not None for name in OWN_LOOPS):
        return
    takes_training = "training" in call.parameters
    if takes_training and layer.backend != "jax":
        return
    found, attribute = next(_left_in_inference(layer), ("", ""))
    if not found or is_part_of_another(model.ref):
        return
    facts = expects(attribute=attribute)
    if takes_training:
        not_passed_on = warning(
            f"`{model.name}.call()` does not pass `training` on to {found}: on JAX Keras does not do it instead, so in "
            "`fit` it stays in inference mode, silently",
            "pass it on: `training=training`",
            facts,
        )
        yield layer.at_definition(RULE, call.unit, call.node, {Target.KERAS3_JAX: not_passed_on})
        return
    outcome: Outcome = warning(
        f"`{model.name}.call()` takes no `training`, so the model passes none on in `fit`: {found} stays in inference "
        "mode, silently",
        _HELP,
        facts,
    )
    yield layer.at_definition(RULE, call.unit, call.node, {Target.KERAS3: outcome})


def _left_in_inference(layer: LayerContext) -> Iterator[tuple[str, str]]:
    """The layers that `call` calls without `training` and that ask for it, and the attributes that hold them."""
    made = {event.of for phase in ("__init__", "build") for event in layer.analysis.events(LayerMade, phase)}
    without_effect = _held_without_effect(layer)
    yield from _given(layer)
    for event in layer.analysis.events(LayerCalled, "call"):
        if event.function_node is None or event.arguments.star_kwargs or event.keyword("training") is not None:
            continue
        if any(
            isinstance(value, PythonValue) and value.parameter == "training" for value in event.arguments.positional
        ):
            continue
        if event.attribute in without_effect:
            continue
        if _needs_training(event.layer) or (isinstance(event.layer, ClassRef) and _asks(layer, event.layer)):
            yield f"`{event.function_written}`", event.attribute or ""
        elif event.layer == "keras.Sequential" and (inner := sorted(str(of) for of in made if _needs_training(of))):
            yield f"the {inner[0].rpartition('.')[2]} in `{event.function_written}`", event.attribute or ""


def _given(layer: LayerContext) -> Iterator[tuple[str, str]]:
    """As `_left_in_inference`, of a model that `__init__` was given, and that the module makes."""
    call = layer.layer.own_method("call")
    for attribute, made in given_layers(layer.layer, layer.analysis).items():
        inner = sorted(each for each in made if _needs_training(each))
        if call is not None and inner and calls_of_attribute(call, attribute):
            yield f"the {inner[0].rpartition('.')[2]} in `self.{attribute}`", attribute


def _held_without_effect(layer: LayerContext) -> frozenset[str]:
    """The attributes that hold nothing but layers with a rate of 0: `Dropout(0.0)` does nothing in training either."""
    idle = {
        id(event.site.node)
        for event in layer.analysis.events(LayerMade)
        if has_trait(event.of, Trait.TAKES_RATE) and is_zero(rate_of(event))
    }
    if not idle:
        return frozenset()
    held: dict[str, list[bool]] = {}
    for event in layer.analysis.events(AttributeStored):
        held.setdefault(event.name, []).extend(id(part.node) in idle for part in layers_in(event.value))
    return frozenset(name for name, parts in held.items() if parts and all(parts))


def _needs_training(of: ClassRef | str) -> bool:
    return has_trait(of, Trait.NEEDS_TRAINING)


def _asks(layer: LayerContext, ref: ClassRef) -> bool:
    known = canonical(f"{ref.module.name}.{ref.entry.name}")
    if known.startswith("keras.layers."):
        return _needs_training(known)  # Keras itself is being linted
    method = layer.layer.method_of(ref, "call")
    if method is None or "training" not in method.parameters or method.default_of("training") is True:
        return False
    return uses_argument(layer.layer, ref, method, "training")
