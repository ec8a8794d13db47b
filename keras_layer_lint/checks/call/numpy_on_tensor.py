"""KLL111: a NumPy or SciPy function gets a tensor."""

from __future__ import annotations

from collections.abc import Iterator

from keras_layer_lint.checks.call.wording import error, on_tensor, runs_eagerly
from keras_layer_lint.checks.context import LayerContext, Outcome
from keras_layer_lint.diagnostic import Diagnostic
from keras_layer_lint.rule import Rule
from keras_layer_lint.values.events import NumpyCall

RULE = Rule("KLL111", "numpy-on-tensor", oracle="graph")


def check(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Report NumPy on tensors."""
    for event in layer.analysis.events(NumpyCall, "call"):
        what = on_tensor(event.site, f"`{event.function}` on a tensor")
        message = f"{what}; NumPy needs values, and while tracing there are none: {_raised(event)}"
        outcomes: dict[str, Outcome | None] = {
            "2": error(message, "use the TensorFlow function of the same meaning"),
            "3": error(message, "use the `keras.ops` function of the same name"),
        }
        for keras in runs_eagerly(layer):
            outcomes[keras] = None
        yield layer.at_site(RULE, event.site, outcomes, origin=event.origin)


def _raised(event: NumpyCall) -> str:
    # NumPy hides TensorFlow's error where the item is a single number.
    return "ValueError or NotImplementedError" if event.function.endswith("= ...") else "NotImplementedError"
