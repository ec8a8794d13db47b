"""When Keras has a layer compiled by XLA, and how that is said."""

from __future__ import annotations

from keras_layer_lint.checks.call.data_layer import assigns, is_data_layer, is_described_as_data_layer
from keras_layer_lint.checks.context import LayerContext
from keras_layer_lint.diagnostic import Severity
from keras_layer_lint.keras.names import canonical
from keras_layer_lint.keras.xla import is_never_compiled
from keras_layer_lint.model.class_graph import KnownName
from keras_layer_lint.target import Target
from keras_layer_lint.values.call_events import LayerMade

WHEN_COMPILED = {
    Target.KERAS2: "with `jit_compile=True`",
    Target.KERAS3: "with `jit_compile=True`, which is what Keras 3 chooses where there is a GPU",
}
SWITCH_OFF = {
    Target.KERAS2: "leave `jit_compile` off",
    Target.KERAS3: "set `self.supports_jit = False` in `__init__`, which keeps Keras from compiling models that "
    "have the layer",
}


def compiled_severity(layer: LayerContext, target: Target) -> Severity | None:
    """How much something matters that XLA cannot compile; None where the layer is never compiled."""
    if is_described_as_data_layer(layer):
        return None
    use = layer.use
    if target is Target.KERAS2:
        if _asks_for_xla(layer):
            return Severity.WARNING
        return Severity.NOTE if use is None or use.asks_for_xla else None
    if _refuses_xla(layer) or (use is not None and use.refuses_xla):
        return None
    return Severity.WARNING


def is_of_another_use(layer: LayerContext, severity: Severity) -> bool:
    """Whether it takes XLA, which nothing in the project asks for."""
    use = layer.project_use
    return severity is Severity.NOTE and use is not None and not use.asks_for_xla


def _asks_for_xla(layer: LayerContext) -> bool:
    return any(layer.unit.mentions(f"{option}=True") for option in ("jit_compile", "experimental_compile"))


def _refuses_xla(layer: LayerContext) -> bool:
    """Whether Keras compiles nothing that has the layer: it, a base of it or a layer in it sets `supports_jit`."""
    if is_data_layer(layer) or assigns(layer, "supports_jit"):
        return True
    if any(isinstance(event.of, str) and is_never_compiled(event.of) for event in layer.analysis.events(LayerMade)):
        return True
    return any(isinstance(base, KnownName) and is_never_compiled(canonical(base.name)) for base in layer.layer.mro)
