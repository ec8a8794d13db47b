"""KLL105: `call` asks whether it is traced, and computes something else then."""

from __future__ import annotations

from collections.abc import Iterator

from keras_layer_lint.checks.call.wording import through, warning
from keras_layer_lint.checks.context import LayerContext
from keras_layer_lint.checks.outcome import same_everywhere
from keras_layer_lint.diagnostic import Diagnostic
from keras_layer_lint.rule import Confirmation, Rule
from keras_layer_lint.values.events import TraceDecides

RULE = Rule("KLL105", "trace-dependent-branch", confirm=Confirmation("graph", replaceable=False), only_traced=True)


def check(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Report tests that choose between two computations which certainly differ."""
    for event in layer.analysis.events(TraceDecides, "call"):
        message = (
            f"{through(event.site)}`{event.written}` holds {'only eagerly' if event.eager else 'only when traced'}, "
            "and something else is computed otherwise: `fit` and `predict` give other outputs than a direct call"
        )
        help_ = "compute the same in both, with functions on tensors"
        yield layer.at_site(RULE, event.site, same_everywhere(warning(message, help_)), node=event.test)
