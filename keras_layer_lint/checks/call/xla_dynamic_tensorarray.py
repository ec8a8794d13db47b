"""KLL153: a `TensorArray` that grows, which XLA cannot."""

from __future__ import annotations

from collections.abc import Iterator

from keras_layer_lint.checks.call.wording import error, through, warning
from keras_layer_lint.checks.call.xla import SWITCH_OFF, WHEN_COMPILED, compiled_severity
from keras_layer_lint.checks.context import LayerContext
from keras_layer_lint.checks.outcome import Outcome
from keras_layer_lint.diagnostic import Diagnostic
from keras_layer_lint.keras.methods import COMPILED
from keras_layer_lint.rule import Confirmation, Rule
from keras_layer_lint.target import Target
from keras_layer_lint.values.call_events import ApiCalled
from keras_layer_lint.values.value import PythonValue

RULE = Rule("KLL153", "xla-dynamic-tensorarray", confirm=Confirmation("xla"))

_TRUE = PythonValue(constant=True)


def check(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Report `dynamic_size=True` in what Keras compiles."""
    for event in layer.analysis.events(ApiCalled):
        if event.site.phase not in COMPILED or event.name != "tensorflow.TensorArray":
            continue
        if event.argument(2, "dynamic_size") != _TRUE:
            continue
        size = event.argument(1, "size")
        is_empty = size is None or (isinstance(size, PythonValue) and size.constant in (0, None))
        reads = "the array comes out empty, and " if is_empty else ""
        what = f"{through(event.site)}`tf.TensorArray(..., dynamic_size=True)` cannot grow under XLA"
        outcomes: dict[Target, Outcome | None] = {}
        for target, describe in ((Target.KERAS2, warning), (Target.KERAS3, error)):
            if target in layer.targets and compiled_severity(layer, target) is not None:
                message = f"{what}: {WHEN_COMPILED[target]}, {reads}its gradient fails or ends the process"
                outcomes[target] = describe(message, f"give it its full `size`; or {SWITCH_OFF[target]}")
        outcomes[Target.KERAS3_JAX] = None  # there is no TensorArray
        yield layer.at_site(RULE, event.site, outcomes)
