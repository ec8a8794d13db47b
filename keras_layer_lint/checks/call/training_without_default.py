"""KLL221: a layer whose `call` takes `training` without a default is called without it."""

from __future__ import annotations

from collections.abc import Iterator

from keras_layer_lint.checks.call.wording import error
from keras_layer_lint.checks.context import LayerContext
from keras_layer_lint.diagnostic import Diagnostic
from keras_layer_lint.expectation import expects
from keras_layer_lint.keras.kinds import ClassKind
from keras_layer_lint.keras.objects import LAYERS
from keras_layer_lint.model.class_graph import ClassRef
from keras_layer_lint.model.layer import Method
from keras_layer_lint.rule import Confirmation, Rule
from keras_layer_lint.target import Target
from keras_layer_lint.values.call_events import LayerCalled

RULE = Rule("KLL221", "training-without-default", confirm=Confirmation("graph", raises_eagerly=True))
KINDS = LAYERS | {ClassKind.LOSS, ClassKind.METRIC}


def check(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Report calls of other layers of the project."""
    if Target.KERAS3 not in layer.targets:
        return
    for event in layer.analysis.events(LayerCalled):
        if not isinstance(event.layer, ClassRef) or not event.arguments.are_complete:
            continue
        call = _call_of(layer, event.layer)
        if call is None or "training" not in call.required:
            continue
        if event.argument(call.parameters.index("training"), "training") is not None:
            continue
        message = (
            f"`{event.layer_written}` is called without `training`, for which `{event.layer.entry.name}.call` has "
            "no default; Keras 3 looks at the signature before it fills `training` in, so the call raises TypeError"
        )
        outcome = error(message, "write `training=None` in that `call`", expects(errors=("TypeError",)))
        yield layer.at_site(RULE, event.site, {Target.KERAS3: outcome})


def _call_of(layer: LayerContext, called: ClassRef) -> Method | None:
    """The `call` whose signature Keras looks at; None where that is not certain."""
    info = layer.layer.project.class_info(called)
    if not info.complete or info.kind not in (ClassKind.LAYER, ClassKind.MODEL):
        return None
    if layer.layer.method_of(called, "__call__") is not None:
        return None
    call = layer.layer.method_of(called, "call")
    return None if call is None or call.node.decorators else call
