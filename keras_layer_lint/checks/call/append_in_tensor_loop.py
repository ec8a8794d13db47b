"""KLL121: a list grows in a loop over a tensor, or a `TensorArray` write is dropped."""

from __future__ import annotations

from collections.abc import Iterator

from keras_layer_lint.checks.call.wording import error, on_tensor, through
from keras_layer_lint.checks.context import LayerContext
from keras_layer_lint.checks.outcome import Outcome, same_everywhere
from keras_layer_lint.diagnostic import Diagnostic
from keras_layer_lint.keras.methods import TRACED_KINDS
from keras_layer_lint.rule import Confirmation, ErrorPlace, Rule
from keras_layer_lint.target import Target
from keras_layer_lint.values.events import DroppedWrite, ListGrowth

RULE = Rule(
    "KLL121",
    "append-in-tensor-loop",
    confirm=Confirmation("graph", errors_at=(ErrorPlace.BODY, ErrorPlace.USE), at_first_trace=True, replaceable=False),
    only_traced=True,
)
KINDS = TRACED_KINDS

_HELP = {
    Target.KERAS2: "write to a `tf.TensorArray` and `stack()` it after the loop, or use `tf.map_fn`",
    Target.KERAS3: "let `keras.ops.map` or `keras.ops.scan` collect the results",
}


def check(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Report lists that grow, and writes that are dropped."""
    for event in layer.traced(ListGrowth):
        if not event.read_later:
            continue
        what = on_tensor(event.site, f"`{event.name}` grows in a loop over a tensor", event.loop)
        outcomes: dict[Target, Outcome | None] = {
            Target.KERAS2: error(
                what + "; a graph's loop cannot carry a list, so what is read after it is out of scope",
                _HELP[Target.KERAS2],
            ),
            Target.KERAS3: error(
                what + "; the loop itself cannot be traced, and no graph's loop can carry a list", _HELP[Target.KERAS3]
            ),
        }
        # JAX unrolls a loop over a tensor, or refuses the loop itself, which KLL102 and KLL103 report.
        outcomes[Target.KERAS3_JAX] = None
        yield layer.at_site(RULE, event.site, outcomes, origin=event.loop)
    for dropped in layer.traced(DroppedWrite):
        array = dropped.name
        message = (
            f"{through(dropped.site)}`{array}.write(...)` whose result is dropped: in a graph the array stays as it was"
        )
        lost = error(message, f"write `{array} = {array}.write(...)`")
        yield layer.at_site(RULE, dropped.site, same_everywhere(lost))
