"""KLL122: `print` of something that depends on a tensor."""

from __future__ import annotations

from collections.abc import Iterator

from keras_layer_lint.checks.call.wording import on_tensor, warning
from keras_layer_lint.checks.context import LayerContext
from keras_layer_lint.checks.outcome import Outcome
from keras_layer_lint.diagnostic import Diagnostic
from keras_layer_lint.keras.methods import TRACED_KINDS
from keras_layer_lint.rule import Confirmation, Rule
from keras_layer_lint.target import GENERATIONS, Target
from keras_layer_lint.values.events import PythonPrint

RULE = Rule("KLL122", "python-print", confirm=Confirmation("purity"), only_traced=True, only_repeated=True)
KINDS = TRACED_KINDS

_HELP = "use `tf.print(...)`, which runs with the graph (XLA does not compile it)"
_HELP_JAX = 'use `jax.debug.print("{}", x)`, which runs with the compiled code'


def check(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Report text of tensors."""
    for event in layer.traced(PythonPrint):
        what = on_tensor(event.site, f"`{event.via}` of a tensor", event.origin)
        message = what + "; it runs once, while tracing, and shows a symbolic tensor instead of values"
        outcomes: dict[Target, Outcome | None] = {target: warning(message, _HELP) for target in GENERATIONS}
        outcomes[Target.KERAS3_JAX] = warning(message, _HELP_JAX)
        yield layer.at_site(RULE, event.site, outcomes, origin=event.origin)
