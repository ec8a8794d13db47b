"""KLL220: a TensorFlow function is called on a KerasTensor."""

from __future__ import annotations

from collections.abc import Iterator

from keras_layer_lint.checks.call.wording import error, on_tensor
from keras_layer_lint.checks.context import LayerContext
from keras_layer_lint.diagnostic import Diagnostic
from keras_layer_lint.expectation import expects
from keras_layer_lint.keras.kinds import ClassKind
from keras_layer_lint.keras.objects import OBJECTS
from keras_layer_lint.keras.results import refuses_keras_tensor
from keras_layer_lint.rule import Confirmation, Rule
from keras_layer_lint.target import Target
from keras_layer_lint.values.call_events import ApiCalled
from keras_layer_lint.values.contents import keras_tensor_in

RULE = Rule("KLL220", "tf-on-keras-tensor", confirm=Confirmation("build"))
KINDS = OBJECTS | {ClassKind.FUNCTION}


def check(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Report TensorFlow functions whose first argument is a KerasTensor, or a list that holds one."""
    for event in layer.analysis.events(ApiCalled):
        if event.site.guarded or (event.site.through is not None and event.site.optional):
            continue  # the arguments of this call may lead elsewhere
        if not refuses_keras_tensor(event.name) or not event.arguments.positional:
            continue
        held = keras_tensor_in(event.arguments.positional[0])
        if held is None:
            continue
        what = on_tensor(event.site, f"`{event.written}` on a KerasTensor", held.origin)
        outcome = error(
            what + "; Keras 3 raises ValueError, for TensorFlow cannot compute with it",
            "use the `keras.ops` function of the same meaning, or call it in a layer",
            expects(errors=("ValueError",)),
        )
        yield layer.at_site(RULE, event.site, {Target.KERAS3: outcome})
