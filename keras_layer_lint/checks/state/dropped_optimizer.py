"""KLL409: the `compile` of a model does not hand its optimizer on."""

from __future__ import annotations

from collections.abc import Iterator

from keras_layer_lint.checks.call.wording import warning
from keras_layer_lint.checks.context import LayerContext
from keras_layer_lint.checks.outcome import same_everywhere
from keras_layer_lint.diagnostic import Diagnostic
from keras_layer_lint.expectation import expects
from keras_layer_lint.keras.kinds import ClassKind
from keras_layer_lint.model.dropped_optimizer import drops_optimizer
from keras_layer_lint.rule import Confirmation, Rule

RULE = Rule("KLL409", "dropped-optimizer", confirm=Confirmation("build", needs_call=False))
KINDS = frozenset({ClassKind.MODEL})

_HELP = "pass it on: `super().compile(optimizer=optimizer, ...)`"


def check(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Report a `compile` that takes an optimizer and uses it for nothing."""
    method = layer.layer.own_method("compile") if drops_optimizer(layer.layer) else None
    if method is not None:
        message = (
            "`compile` does not pass its `optimizer` on to that of Keras: `fit` trains with RMSprop, the default, "
            "whatever optimizer is given"
        )
        outcome = warning(message, _HELP, expects(attribute="optimizer"))
        yield layer.at_definition(RULE, method.unit, method.node, same_everywhere(outcome))
