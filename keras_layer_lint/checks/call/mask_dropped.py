"""KLL143: a layer uses its mask and does not pass it on. Off by default."""

from __future__ import annotations

from collections.abc import Iterator

from keras_layer_lint.checks.call.data_layer import assigns
from keras_layer_lint.checks.context import LayerContext
from keras_layer_lint.checks.outcome import Outcome, same_everywhere
from keras_layer_lint.diagnostic import Diagnostic, Severity
from keras_layer_lint.keras.kinds import ClassKind
from keras_layer_lint.keras.layers import LAYER
from keras_layer_lint.keras.names import canonical
from keras_layer_lint.model import syntax, uses
from keras_layer_lint.rule import Confirmation, Rule
from keras_layer_lint.values.value import Nest, Tensor

RULE = Rule("KLL143", "mask-dropped", confirm=Confirmation("mask"), is_default=False)


def check(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Report the class's own `call`, where every result has the axes of the input."""
    model = layer.layer
    method, base = model.own_method("call"), model.known_base
    if method is None or base is None or canonical(base.name) != LAYER or not model.is_complete:
        return
    if model.kind is not ClassKind.LAYER or layer.serialization.is_abstract:
        return
    mask = next((param for param in syntax.parameters(method.node) if param.name.value == "mask"), None)
    if mask is None or mask.default is None or "mask" not in uses.names_read(method.node.body):
        return  # a required one is no mask of Keras's
    if model.method("compute_mask") or model.assigned_in_body("supports_masking") or assigns(layer, "supports_masking"):
        return
    if layer.unit.mentions("_keras_mask") or layer.unit.mentions("set_keras_mask"):
        return  # attached by hand
    returned = layer.analysis.returned("call")
    values = [] if returned is None else [value for value, _ in returned.returns]
    if returned is None or returned.falls_through or not values:
        return
    if not all(isinstance(value, Tensor | Nest) and value.like_input for value in values):
        return
    outcome = Outcome(
        Severity.NOTE,
        f"`{model.name}` takes a mask and returns the same steps without it: layers behind it take padding for data",
        "set `self.supports_masking = True` in `__init__`, or define `compute_mask`",
    )
    yield layer.at_definition(RULE, method.unit, method.node, same_everywhere(outcome))
