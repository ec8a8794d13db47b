"""KLL204: `super().__init__()` is never called, called too late, or given positional arguments."""

from __future__ import annotations

from collections.abc import Iterator

from keras_layer_lint.checks.context import LayerContext
from keras_layer_lint.checks.outcome import Outcome, same_everywhere
from keras_layer_lint.diagnostic import Diagnostic, Severity
from keras_layer_lint.keras.kinds import ClassKind
from keras_layer_lint.keras.layers import LAYER
from keras_layer_lint.keras.methods import POSITIONAL_BASE_ARGUMENTS
from keras_layer_lint.model.patterns import has_unbound_super
from keras_layer_lint.rule import Confirmation, Rule
from keras_layer_lint.target import GENERATIONS, Target
from keras_layer_lint.values.call_events import SuperCall, WeightAdded

RULE = Rule("KLL204", "missing-super-init", confirm=Confirmation("build"))


def check(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Report the class's own `__init__`."""
    method = layer.layer.own_method("__init__")
    returned = layer.analysis.returned("__init__")
    if method is None or returned is None or not layer.layer.is_complete:
        return
    if not returned.falls_through and not returned.returns:
        return  # abstract: it only raises
    analysis = layer.analysis
    calls = [event for event in analysis.events(SuperCall, "__init__") if event.method == "__init__"]
    if not calls and layer.layer.method("__call__") is not None:
        return  # nothing of the base runs when it is called
    if not calls:
        raised = {
            Target.KERAS2: "Keras 2 raises RuntimeError or AttributeError",
            Target.KERAS3: "Keras 3 raises RuntimeError",
        }
        unbound = ""
        if has_unbound_super(method.node.body):
            unbound = f" (`super({layer.layer.name})` without `self` is bound to nothing)"
        outcomes = {
            target: _error(
                f"`{layer.layer.name}.__init__()` never calls `super().__init__()`{unbound}: {raised[target]} at the "
                "first use",
                "call `super().__init__(**kwargs)` first",
            )
            for target in GENERATIONS
        }
        yield layer.at_definition(RULE, method.unit, method.node, outcomes)
        return
    first = analysis.order(calls[0])
    for weight in analysis.events(WeightAdded, "__init__"):
        if weight.via == "add_weight" and analysis.order(weight) < first and not weight.site.conditional:
            late = _error(
                "`add_weight` before `super().__init__()`: there is nothing yet to add it to, so constructing the "
                "layer raises",
                "call `super().__init__(**kwargs)` first",
            )
            yield layer.at_site(RULE, weight.site, same_everywhere(late))
    for call in calls:
        if (
            call.site.owner is not layer.layer.ref
            or not call.arguments.positional
            or layer.layer.kind is not ClassKind.LAYER
        ):
            continue
        after = layer.layer.method_after(layer.layer.ref, "__init__")
        if after is None and layer.serialization.known_base_name == LAYER:
            positional = {
                Target.KERAS2: None
                if _is_in_order(call)
                else _error(
                    "`super().__init__()` gets a positional argument: `Layer` takes `trainable` first, so constructing "
                    "the layer raises TypeError or sets the wrong thing",
                    "pass it by keyword: `super().__init__(name=name, **kwargs)`",
                ),
                Target.KERAS3: _error(
                    "`super().__init__()` gets a positional argument: `Layer` takes keywords only, so constructing the "
                    "layer raises TypeError",
                    "pass it by keyword: `super().__init__(name=name, **kwargs)`",
                ),
            }
            yield layer.at_site(RULE, call.site, positional)


def _is_in_order(call: SuperCall) -> bool:
    """Whether each positional argument bears the name of what Keras 2 takes there."""
    written = call.names_written()
    in_order = POSITIONAL_BASE_ARGUMENTS
    return len(call.arguments.positional) <= len(in_order) and written == list(in_order[: len(written)])


def _error(message: str, help: str) -> Outcome:  # noqa: A002
    return Outcome(Severity.ERROR, message, help)
