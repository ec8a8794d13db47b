"""KLL161: float32 whatever the layer computes in. Off by default."""

from __future__ import annotations

from collections.abc import Iterator

from keras_layer_lint.checks.call.wording import on_tensor
from keras_layer_lint.checks.context import LayerContext
from keras_layer_lint.checks.outcome import Outcome
from keras_layer_lint.diagnostic import Diagnostic, Severity
from keras_layer_lint.rule import Confirmation, Rule
from keras_layer_lint.target import Target
from keras_layer_lint.values.events import MixedDtypes

RULE = Rule("KLL161", "hard-coded-dtype", confirm=Confirmation("mixed precision"), is_default=False)


def check(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Report arithmetic that mixes the two."""
    for event in layer.analysis.events(MixedDtypes, "call"):
        what = on_tensor(event.site, "arithmetic with a tensor that is float32 in any case", event.origin)
        what += "; under `mixed_float16` "
        helps = "give it the dtype of what it meets: `dtype=x.dtype`, or `self.compute_dtype`"
        outcome = Outcome(Severity.NOTE, what + "the layer computes in float16, and this raises", helps)
        promoted = Outcome(Severity.NOTE, what + "JAX makes it float32, and with it what is computed from it", helps)
        # Keras 3 casts a weight to what it meets.
        outcomes: dict[Target, Outcome | None] = {
            Target.KERAS2: outcome,
            Target.KERAS3: None if event.with_weight else outcome,
        }
        outcomes[Target.KERAS3_JAX] = None if event.with_weight else promoted
        yield layer.at_site(RULE, event.site, outcomes, origin=event.origin)
