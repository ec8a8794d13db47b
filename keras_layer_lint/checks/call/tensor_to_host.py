"""KLL112: a tensor's value is asked for on the host."""

from __future__ import annotations

from collections.abc import Iterator

from keras_layer_lint.checks.call.wording import error, on_tensor, runs_eagerly
from keras_layer_lint.checks.context import LayerContext, Outcome
from keras_layer_lint.diagnostic import Diagnostic
from keras_layer_lint.rule import Confirmation, Rule
from keras_layer_lint.values.events import HostRead

RULE = Rule("KLL112", "tensor-to-host", confirm=Confirmation("graph", at_first_trace=True))


def check(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Report reads on the host."""
    for event in layer.analysis.events(HostRead, "call"):
        what = on_tensor(event.site, f"`{event.via}` of a tensor")
        message = f"{what}; a tensor has no value while it is traced, so it raises"
        outcomes: dict[str, Outcome | None] = {
            "2": error(
                message, "keep the computation in TensorFlow, or wrap what must run on the host in `tf.py_function`"
            ),
            "3": error(message, "keep the computation in `keras.ops`"),
        }
        for keras in runs_eagerly(layer):
            outcomes[keras] = None
        yield layer.at_site(RULE, event.site, outcomes, origin=event.origin)
