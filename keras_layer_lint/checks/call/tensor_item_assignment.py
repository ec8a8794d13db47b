"""KLL124: an element of a tensor is assigned or deleted."""

from __future__ import annotations

from collections.abc import Iterator

from keras_layer_lint.checks.call.wording import error, on_tensor
from keras_layer_lint.checks.context import LayerContext
from keras_layer_lint.checks.outcome import Outcome
from keras_layer_lint.diagnostic import Diagnostic
from keras_layer_lint.keras.methods import TRACED_KINDS
from keras_layer_lint.rule import Confirmation, Rule
from keras_layer_lint.target import GENERATIONS, Target
from keras_layer_lint.values.events import ItemAssigned

RULE = Rule("KLL124", "tensor-item-assignment", confirm=Confirmation("graph", at_first_trace=True))
KINDS = TRACED_KINDS

_CHOOSE = "to choose between two tensors"
_HELP = {
    Target.KERAS2: f"use `tf.tensor_scatter_nd_update(x, indices, updates)`, or `tf.where` {_CHOOSE}",
    Target.KERAS3: f"use `keras.ops.scatter_update(x, indices, updates)`, or `keras.ops.where` {_CHOOSE}",
}
_DELETE = {
    Target.KERAS2: "keep the rest with slices and `tf.concat`, or `tf.gather`",
    Target.KERAS3: "keep the rest with slices and `keras.ops.concatenate`, or `keras.ops.take`",
}


def check(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Report item assignments."""
    for event in layer.traced(ItemAssigned):
        target = event.text
        deletes = event.how == "del"
        form = f"`del {target}`" if deletes else f"`{target} {event.how} ...`"
        what = on_tensor(event.site, f"{form} on a tensor", event.origin)
        message = what + "; tensors are immutable: TypeError, also when run eagerly"
        helps = _DELETE if deletes else _HELP
        outcomes: dict[Target, Outcome | None] = {target: error(message, helps[target]) for target in GENERATIONS}
        if deletes:
            outcomes[Target.KERAS3_JAX] = error(
                what + "; tensors are immutable: AttributeError while JAX traces", helps[Target.KERAS3]
            )
        if layer.backend == "torch":
            outcomes[Target.KERAS3] = None  # its tensors can be changed
        yield layer.at_site(RULE, event.site, outcomes, origin=event.origin)
