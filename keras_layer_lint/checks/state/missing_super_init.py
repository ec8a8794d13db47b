"""KLL204: `super().__init__()` is never called, called too late, or given positional arguments."""

from __future__ import annotations

from collections.abc import Iterator

from keras_layer_lint.checks.context import LayerContext
from keras_layer_lint.checks.outcome import Outcome, Outcomes, same_everywhere
from keras_layer_lint.diagnostic import Diagnostic, Severity
from keras_layer_lint.keras.kinds import ClassKind
from keras_layer_lint.keras.layers import LAYER
from keras_layer_lint.keras.methods import NEEDS_OWN_INIT, POSITIONAL_BASE_ARGUMENTS
from keras_layer_lint.keras.names import canonical
from keras_layer_lint.keras.objects import LAYERS
from keras_layer_lint.model.layer import Method
from keras_layer_lint.model.patterns import has_unbound_super, takes_state
from keras_layer_lint.rule import Confirmation, Rule
from keras_layer_lint.target import GENERATIONS, Target
from keras_layer_lint.values.call_events import SuperCall, WeightAdded
from keras_layer_lint.values.value import PythonValue

RULE = Rule("KLL204", "missing-super-init", confirm=Confirmation("build"))
KINDS = LAYERS | {ClassKind.LOSS, ClassKind.METRIC}


def check(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Report the class's own `__init__`."""
    method = layer.layer.own_method("__init__")
    returned = layer.analysis.returned("__init__")
    if method is None or returned is None or not layer.layer.is_complete:
        return
    if not returned.falls_through and not returned.returns:
        return  # abstract: it only raises
    analysis = layer.analysis
    of_bases = [event for event in analysis.events(SuperCall, "__init__") if event.method == "__init__"]
    calls = [event for event in of_bases if not _starts_behind(layer, event)]
    if not calls and layer.layer.method("__call__") is not None:
        return  # nothing of the base runs when it is called
    if not calls and takes_state(method.node.body):
        return  # it is what another one was made
    if not calls:
        behind = next((_starts_behind(layer, event) for event in of_bases), "")
        yield layer.at_definition(RULE, method.unit, method.node, _never_called(layer, method, behind))
        return
    if not layer.layer.is_layer:
        return  # KLL208 speaks of what a metric hands to its base
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
        yield _with_positional_arguments(layer, call)


def _starts_behind(layer: LayerContext, call: SuperCall) -> str:
    """The base of Keras whose `__init__` is left out, `Model` of `super(keras.Model, self)`; empty where none is."""
    known = "" if call.behind is None else canonical(call.behind)
    is_base = layer.layer.has_base(known) or (known == LAYER and layer.layer.is_layer)
    return known.rpartition(".")[2] if is_base and known in NEEDS_OWN_INIT else ""


def _never_called(layer: LayerContext, method: Method, behind: str) -> Outcomes:
    raised = {
        Target.KERAS2: "Keras 2 raises RuntimeError or AttributeError",
        Target.KERAS3: "Keras 3 raises RuntimeError",
    }
    if not layer.layer.is_layer:
        raised = {target: f"Keras {target.value} raises AttributeError" for target in GENERATIONS}
    unbound = ""
    if has_unbound_super(method.node.body):
        unbound = f" (`super({layer.layer.name})` without `self` is bound to nothing)"
    if behind:
        unbound = f" (`super({behind}, self)` starts behind `{behind}`)"
        raised = {target: f"Keras {target.value} raises RuntimeError or AttributeError" for target in GENERATIONS}
    return {
        target: _error(
            f"`{layer.layer.name}.__init__()` never calls `{behind or 'super()'}.__init__()`{unbound}: "
            f"{raised[target]} at the first use",
            "call `super().__init__(**kwargs)` first",
        )
        for target in GENERATIONS
    }


def _with_positional_arguments(layer: LayerContext, call: SuperCall) -> Diagnostic | None:
    """A call of `Layer.__init__` itself that gives it something by position."""
    model = layer.layer
    if call.site.owner is model.ref and layer.serialization.is_model and call.lacks_stars:
        return layer.at_site(RULE, call.site, _KWARGS_OF_MODEL)
    if _names_model(layer, call):
        return layer.at_site(RULE, call.site, _NAME_OF_MODEL)
    if call.site.owner is not model.ref or not call.arguments.positional or model.kind is not ClassKind.LAYER:
        return None
    if model.method_after(model.ref, "__init__") is not None or layer.serialization.known_base_name != LAYER:
        return None
    helps = "pass it by keyword: `super().__init__(name=name, **kwargs)`"
    in_2 = _error(
        "`super().__init__()` gets a positional argument: `Layer` takes `trainable` first, so constructing the layer "
        "raises TypeError or sets the wrong thing",
        helps,
    )
    in_3 = _error(
        "`super().__init__()` gets a positional argument: `Layer` takes keywords only, so constructing the layer "
        "raises TypeError",
        helps,
    )
    return layer.at_site(RULE, call.site, {Target.KERAS2: None if _is_in_order(call) else in_2, Target.KERAS3: in_3})


def _names_model(layer: LayerContext, call: SuperCall) -> bool:
    """Whether `Model.__init__` gets a name by position, which stands for its inputs."""
    given, model = call.arguments.positional, layer.layer
    if call.site.owner is not model.ref or len(given) != 1 or layer.serialization.known_base_name != "keras.Model":
        return False
    if model.method_after(model.ref, "__init__") is not None or call.arguments.keywords:
        return False
    return isinstance(given[0], PythonValue) and (
        isinstance(given[0].constant, str) or call.names_written() == ["name"]
    )


def _is_in_order(call: SuperCall) -> bool:
    """Whether each positional argument bears the name of what Keras 2 takes there."""
    written = call.names_written()
    in_order = POSITIONAL_BASE_ARGUMENTS
    is_short = len(call.arguments.positional) <= len(in_order)
    return is_short and bool(written) and written == list(in_order[: len(written)])


def _error(message: str, help: str) -> Outcome:  # noqa: A002
    return Outcome(Severity.ERROR, message, help)


_KWARGS_OF_MODEL = {
    Target.KERAS3: _error(
        "`super().__init__()` gets the dict `kwargs` by position: `Model` takes no such argument, so constructing the "
        "model raises TypeError",
        "write `super().__init__(**kwargs)`",
    )
}
"""Keras 2 ignores it, which is what KLL306 reports."""
_NAME_OF_MODEL = {
    Target.KERAS2: Outcome(
        Severity.WARNING,
        "`super().__init__()` gets the name by position, which `Model` ignores: the model is named after its class",
        "pass it by keyword: `super().__init__(name=...)`",
    ),
    Target.KERAS3: _error(
        "`super().__init__()` gets the name by position: `Model` takes no such argument, so constructing the model "
        "raises TypeError",
        "pass it by keyword: `super().__init__(name=...)`",
    ),
}
