"""KLL218: a layer that has no `call`."""

from __future__ import annotations

from collections.abc import Iterator

from keras_layer_lint.checks.context import LayerContext
from keras_layer_lint.checks.outcome import Outcome, Outcomes
from keras_layer_lint.diagnostic import Diagnostic, Severity
from keras_layer_lint.expectation import expects
from keras_layer_lint.keras.kinds import ClassKind
from keras_layer_lint.model.class_graph import ClassRef
from keras_layer_lint.model.missing_call import MeantAsCall, has_no_call, meant_as_call
from keras_layer_lint.model.project_use import asks_for
from keras_layer_lint.rule import Confirmation, Rule
from keras_layer_lint.target import Target
from keras_layer_lint.values.call_events import LayerCalled

RULE = Rule("KLL218", "layer-without-call", confirm=Confirmation("graph", needs_call=False, raises_eagerly=True))

_RAISES = expects(errors=("NotImplementedError",))


def check(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Report what was meant to be `call`, and calls of layers that have nothing of the kind."""
    if not layer.layer.is_layer:
        return
    yield _slip(layer)
    for event in layer.analysis.events(LayerCalled):
        if not isinstance(event.layer, ClassRef):
            continue
        if not _is_plain_layer(layer, event.layer) or meant_as_call(event.layer) is not None:
            continue
        message = (
            f"`{event.layer_written}` is called, and `{event.layer.entry.name}` has no `call`: "
            "Keras 3 raises NotImplementedError"
        )
        outcome = Outcome(Severity.ERROR, message, f"define `call` in `{event.layer.entry.name}`", _RAISES)
        yield layer.at_site(RULE, event.site, {Target.KERAS3: outcome})


def _slip(layer: LayerContext) -> Diagnostic | None:
    """The function that was meant to be `call` of the class itself."""
    known = layer.serialization
    ref = layer.layer.ref
    if not has_no_call(layer.layer.project, ref) or (meant := meant_as_call(ref)) is None:
        return None
    if known.is_derived_from or known.is_functional is not False or _is_used(layer, meant):
        return None
    method = layer.layer.own_method(meant.within or meant.name)
    node = None if method is None else method.function_named(meant.name)
    if method is None or node is None:
        return None
    return layer.at_definition(RULE, method.unit, node, _outcomes(layer, meant))


def _is_used(layer: LayerContext, meant: MeantAsCall) -> bool:
    """Whether anything in the project asks for the method by its name: `layer.forward(x)`."""
    if meant.within is not None:
        return False
    use = layer.project_use
    return asks_for(meant.name, layer.layer.ref.module.text) if use is None else use.asks_for(meant.name)


def _outcomes(layer: LayerContext, meant: MeantAsCall) -> Outcomes:
    name = layer.layer.name
    if meant.within is not None:
        fault = f"`call` is a function within `{meant.within}`, so `{name}` has none"
        help_ = "indent `call` like the other methods"
    else:
        fault = f"`{name}` has `{meant.name}` and no `call`, which is what Keras runs"
        help_ = f"rename `{meant.name}` to `call`"
    is_model = layer.layer.kind is ClassKind.MODEL
    keras_2 = "raises NotImplementedError when it is called" if is_model else "hands its inputs through as they are"
    return {
        Target.KERAS2: Outcome(Severity.WARNING, f"{fault}; it {keras_2}", help_, _RAISES if is_model else expects()),
        Target.KERAS3: Outcome(
            Severity.ERROR, f"{fault}; it raises NotImplementedError when it is called", help_, _RAISES
        ),
    }


def _is_plain_layer(layer: LayerContext, called: ClassRef) -> bool:
    project = layer.layer.project
    return project.class_info(called).kind is ClassKind.LAYER and has_no_call(project, called)
