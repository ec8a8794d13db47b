"""KLL207: sublayers that are not built when Keras 3 loads their weights."""

from __future__ import annotations

from collections.abc import Iterator

from keras_layer_lint.checks.config.wording import HELD_BY_ITSELF, listed, lowered
from keras_layer_lint.checks.context import LayerContext
from keras_layer_lint.checks.outcome import Outcome
from keras_layer_lint.diagnostic import Diagnostic, Severity
from keras_layer_lint.expectation import Effect, expects
from keras_layer_lint.model.layer import Method
from keras_layer_lint.rule import Confirmation, Rule
from keras_layer_lint.target import Target

RULE = Rule("KLL207", "unbuilt-sublayer", confirm=Confirmation("reload"))

_OUTPUT = ("compute_output_shape", "compute_output_spec")


def check(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Report the class's own `build`, or else the method that keeps Keras 3 from tracing `call`."""
    own = layer.layer.own_method("build")
    if not layer.layer.is_complete or layer.layer.info.builtin_base is not None or Target.KERAS3 not in layer.targets:
        return
    if layer.serialization.is_model:
        if own is None or layer.serialization.is_functional is not False or layer.serialization.is_sequential:
            return
        if len(own.parameters) > 1:
            return  # a part of other models, which trace its `call`
        place: Method | None = own
    else:
        overriding = next((m for name in _OUTPUT if (m := layer.layer.method(name)) is not None), None)
        if overriding is None:
            return
        place = own or next((m for name in _OUTPUT if (m := layer.layer.own_method(name)) is not None), None)
    if layer.serialization.cannot_be_saved or layer.layer.is_called_by_itself:
        return
    if place is None or any(layer.layer.method(name) for name in ("load_own_variables", "build_from_config")):
        return
    unbuilt = layer.building.unbuilt()
    if not unbuilt:
        return
    name = layer.layer.name
    names = listed(f"self.{attribute}" for attribute in unbuilt)
    help_ = f"build each with the shape of its input in `build`: `self.{unbuilt[0]}.build(...)`"
    if layer.serialization.is_model:
        message = (
            f"`{name}.build()` does not build {names}: Keras 3 calls it before it loads weights, so `load_model` "
            "leaves these layers without them, silently or with ValueError"
        )
    else:
        output = next(n for n in _OUTPUT if layer.layer.method(n) is not None)
        message = (
            f"nothing builds {names} before Keras 3 loads weights: with `{output}` overridden, a functional or "
            f"Sequential model never traces the `call` of `{name}`, and loading a saved model raises ValueError"
        )
    outcome: Outcome | None = Outcome(
        Severity.ERROR, message, help_, expects(Effect.WEIGHTS_LOST, unbuilt=tuple(unbuilt))
    )
    use = layer.project_use
    path = layer.layer.ref.module.path
    if not layer.serialization.is_model and use is not None and use.makers.is_only_held(path, name):
        # A model or layer that holds it traces its `call`: loading was run with keras 3.15.
        outcome = lowered(outcome, HELD_BY_ITSELF)
    yield layer.at_definition(RULE, place.unit, place.node, {Target.KERAS3: outcome})
