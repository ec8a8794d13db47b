"""KLL202: `build` neither calls `super().build(...)` nor sets `self.built`."""

from __future__ import annotations

from collections.abc import Iterator

from keras_layer_lint.checks.context import LayerContext
from keras_layer_lint.checks.outcome import Outcome
from keras_layer_lint.diagnostic import Diagnostic, Severity
from keras_layer_lint.expectation import Effect, expects
from keras_layer_lint.keras.kinds import ClassKind
from keras_layer_lint.model.targets import needs_keras_3
from keras_layer_lint.model.uses import uses_of
from keras_layer_lint.rule import Confirmation, Rule
from keras_layer_lint.target import GENERATIONS, Target
from keras_layer_lint.values.attribute_events import AttributeStored
from keras_layer_lint.values.call_events import SuperCall

RULE = Rule("KLL202", "missing-super-build", confirm=Confirmation("build"))


def check(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Report the `build` of a layer class; Models build themselves otherwise."""
    method = layer.layer.own_method("build")
    returned = layer.analysis.returned("build")
    if method is None or returned is None or layer.layer.kind is not ClassKind.LAYER or not layer.layer.is_complete:
        return
    if not returned.falls_through and not returned.returns:
        return  # abstract: it only raises
    if layer.serialization.is_abstract:
        return  # a subclass may set it
    analysis = layer.analysis
    if any(event.method == "build" for event in analysis.events(SuperCall, "build")):
        return
    if any(event.name == "built" for event in analysis.events(AttributeStored, "build")):
        return
    shape = method.parameters[0] if method.parameters else "input_shape"
    helps = f"end `build` with `super().build({shape})`"
    name = layer.layer.name
    again = f"`{name}.build()` leaves `built` False: after a direct `layer.build(...)` the first call builds again"
    happens = _is_built_by_hand(layer)
    outcomes: dict[Target, Outcome | None] = {
        Target.KERAS2: Outcome(
            Severity.WARNING if happens else Severity.NOTE,
            f"{again} and silently replaces the weights that were set or loaded",
            helps,
            expects(Effect.WEIGHTS_LOST),
            is_elsewhere=not happens,
        ),
        Target.KERAS3: Outcome(
            Severity.NOTE,
            f"`{name}.build()` does not call `super().build()`: Keras 3 sets `built` by itself, Keras 2 builds such a "
            "layer again after a direct `layer.build(...)`",
            helps,
            is_elsewhere=True,
        ),
    }
    if needs_keras_3(layer.layer.ref.module, layer.layer.project):
        del outcomes[Target.KERAS3]  # it never meets Keras 2
    if (not happens and layer.use is not None) or not layer.building.makes_weights():
        outcomes.clear()  # nobody else has the layer, or to build it again changes nothing that was set
    for target in GENERATIONS:
        if (skipped := layer.building.skipped_base(target)) is not None:
            made = f"`{skipped}.build()`, which makes what its `call` needs"
            message = f"`{name}.build()` never calls {made}: the first call raises"
            outcomes[target] = Outcome(Severity.ERROR, message, helps)
    yield layer.at_definition(RULE, method.unit, method.node, outcomes)


def _is_built_by_hand(layer: LayerContext) -> bool:
    """Whether somebody may build such a layer before it is called: a project that never does so loses no weights."""
    use = layer.project_use
    if use is None or use.builds_by_hand(layer.layer.name):
        return True
    init = layer.layer.method("__init__")
    return init is not None and any(found.name == "self.build" for found in uses_of(init.node.body))
