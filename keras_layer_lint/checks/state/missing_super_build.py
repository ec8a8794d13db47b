"""KLL202: `build` neither calls `super().build(...)` nor sets `self.built`."""

from __future__ import annotations

from collections.abc import Iterator

from keras_layer_lint.checks.context import LayerContext, Outcome
from keras_layer_lint.diagnostic import Diagnostic, Severity
from keras_layer_lint.model import syntax
from keras_layer_lint.model.keras_facts import ClassKind
from keras_layer_lint.model.known_layers import facts_of
from keras_layer_lint.rule import Rule
from keras_layer_lint.values.events import AttributeStored, SuperCall

RULE = Rule("KLL202", "missing-super-build")


def check(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Report the `build` of a layer class; Models build themselves otherwise."""
    method = layer.layer.own_method("build")
    returned = layer.analysis.returned("build")
    if method is None or returned is None or layer.layer.kind is not ClassKind.LAYER or not layer.layer.is_complete:
        return
    if not returned.falls_through and not returned.returns:
        return  # abstract: it only raises
    analysis = layer.analysis
    if any(event.method == "build" for event in analysis.events(SuperCall, "build")):
        return
    if any(event.name == "built" for event in analysis.events(AttributeStored, "build")):
        return
    parameters = [param.name.value for param in syntax.parameters(method.node)]
    shape = parameters[1] if len(parameters) > 1 else "input_shape"
    helps = f"end `build` with `super().build({shape})`"
    base = layer.layer.info.builtin_base
    outcomes: dict[str, Outcome | None] = {
        "2": Outcome(
            Severity.WARNING,
            f"`{layer.layer.name}.build()` leaves `built` False: after a direct `layer.build(...)` the first call builds "
            "again and silently replaces the weights that were set or loaded",
            helps,
        ),
        "3": Outcome(
            Severity.NOTE,
            f"`{layer.layer.name}.build()` does not call `super().build()`: Keras 3 sets `built` by itself, the documented "
            "contract and Keras 2 need the call",
            helps,
        ),
    }
    for keras in ("2", "3"):
        if base is not None and any(fact.defines_build for fact in facts_of(base, keras)):
            message = f"`{layer.layer.name}.build()` never calls `{base.rpartition('.')[2]}.build()`, which makes what its `call` needs"
            outcomes[keras] = Outcome(Severity.ERROR, f"{message}: the first call raises", helps)
    yield layer.at_definition(RULE, method.unit, method.node, outcomes)
