"""KLL112: a tensor's value is asked for on the host."""

from __future__ import annotations

from collections.abc import Iterator

from keras_layer_lint.checks.call.wording import error, on_tensor
from keras_layer_lint.checks.context import LayerContext
from keras_layer_lint.checks.outcome import Outcome
from keras_layer_lint.diagnostic import Diagnostic
from keras_layer_lint.keras.methods import TRACED_KINDS
from keras_layer_lint.rule import Confirmation, Rule
from keras_layer_lint.target import Target
from keras_layer_lint.values.events import HostRead

RULE = Rule("KLL112", "tensor-to-host", confirm=Confirmation("graph", at_first_trace=True), only_traced=True)
KINDS = TRACED_KINDS


def check(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Report reads on the host."""
    for event in layer.traced(HostRead):
        what = on_tensor(event.site, f"`{event.via}` of a tensor", event.origin)
        message = what + "; a tensor has no value while it is traced, so it raises"
        outcomes: dict[Target, Outcome | None] = {
            Target.KERAS2: error(
                message, "keep the computation in TensorFlow, or wrap what must run on the host in `tf.py_function`"
            ),
            Target.KERAS3: error(message, "keep the computation in `keras.ops`"),
        }
        yield layer.at_site(RULE, event.site, outcomes, origin=event.origin)
