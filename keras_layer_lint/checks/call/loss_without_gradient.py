"""KLL407: a loss of which no gradient reaches the prediction."""

from __future__ import annotations

from collections.abc import Iterator

from keras_layer_lint.checks.context import LayerContext
from keras_layer_lint.checks.outcome import Outcome
from keras_layer_lint.diagnostic import Diagnostic, Severity
from keras_layer_lint.expectation import expects
from keras_layer_lint.keras.kinds import ClassKind
from keras_layer_lint.keras.names import canonical
from keras_layer_lint.model.class_graph import KnownName
from keras_layer_lint.model.gradient_flow import stops_gradient
from keras_layer_lint.model.handed_on import call_gets_what_is_given
from keras_layer_lint.rule import Confirmation, Rule
from keras_layer_lint.target import Target

RULE = Rule("KLL407", "loss-without-gradient", confirm=Confirmation("train", needs_call=False))
KINDS = frozenset({ClassKind.LOSS})

_HELP = "compute the loss from the prediction as it is, or from something smooth, such as `sigmoid` or `softmax` of it"
_MODULES = ("keras.ops", "tensorflow", "tensorflow.math", "keras.backend")


def check(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Report the `call` that the class defines itself."""
    method = layer.layer.own_method("call")
    definition = layer.layer.definition("call")
    if method is None or definition is None or method.node.decorators or len(method.parameters) < 2:
        return
    if not call_gets_what_is_given(layer.layer, 2):
        return
    prediction = method.parameters[1]

    def api_function(dotted: str) -> str | None:
        found = layer.layer.project.resolve(method.unit.module, dotted, scope=method.unit.scope)
        if not isinstance(found, KnownName):
            return None
        module, _, name = canonical(found.name).rpartition(".")
        return name if module in _MODULES else None

    if not stops_gradient(definition[1], prediction, api_function):
        return
    message = (
        f"`{prediction}` comes into the result only by comparisons and functions that have no gradient: `fit` raises "
        "ValueError, for no weight gets one"
    )
    outcome = Outcome(Severity.ERROR, message, _HELP, expects(errors=("ValueError",)))
    yield layer.at_definition(
        RULE,
        method.unit,
        method.node,
        {Target.KERAS2: outcome, Target.KERAS3: outcome, Target.KERAS3_JAX: None},
    )
