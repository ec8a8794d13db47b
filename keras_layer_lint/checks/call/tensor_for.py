"""KLL103: Python iterates a tensor."""

from __future__ import annotations

from collections.abc import Iterator

from keras_layer_lint.checks.call.wording import OPEN_BATCH, error, instead, on_tensor, unconverted
from keras_layer_lint.checks.context import LayerContext
from keras_layer_lint.checks.outcome import Message, Outcome
from keras_layer_lint.diagnostic import Diagnostic
from keras_layer_lint.expectation import expects
from keras_layer_lint.keras.methods import TRACED_KINDS
from keras_layer_lint.keras.versions import BATCH_IS_OPEN_ON_JAX
from keras_layer_lint.rule import Confirmation, ErrorPlace, Rule
from keras_layer_lint.target import EVERY_VERSION, Target
from keras_layer_lint.values.events import TensorIteration

RULE = Rule(
    "KLL103",
    "tensor-for",
    confirm=Confirmation("graph", errors_at=(ErrorPlace.CONVERTED_BODY, ErrorPlace.ENDLESS_BODY), at_first_trace=True),
    only_traced=True,
)
KINDS = TRACED_KINDS

_HELP_2 = "use `tf.map_fn`, `tf.scan` or `tf.while_loop`; `tf.unstack(x, axis=...)` for a static dimension"
_HELP_3 = (
    "use `keras.ops.map`, `keras.ops.scan` or `keras.ops.while_loop`; "
    "`keras.ops.unstack(x, axis=...)` for a static dimension"
)
_HELP_WEIGHT = "iterate `keras.ops.unstack(self.weight)`"
_PHRASES = {
    "for": "`for` over a tensor",
    "comprehension": "a comprehension over a tensor",
    "unpacking": "a tensor is unpacked",
    "star": "`*` unpacks a tensor",
}

_SIZE = expects(errors=("InconclusiveDimensionOperation",))
_UNPACKED = expects(errors=("ValueError",))


def check(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Report iterations."""
    for event in layer.traced(TensorIteration):
        phrase = _PHRASES.get(event.form, f"`{event.form}` iterates a tensor")
        what = on_tensor(event.site, phrase, event.origin)
        outcomes = {
            Target.KERAS2: _keras_2(event, what),
            Target.KERAS3: _keras_3(event, what),
            Target.KERAS3_JAX: _on_jax(event, what),
        }
        yield layer.at_site(RULE, event.site, outcomes, origin=event.origin)


def _keras_2(event: TensorIteration, what: Message) -> Outcome | None:
    if Target.KERAS2 not in event.site.autograph:
        raises = f"; {unconverted(event.site)}, so tracing raises OperatorNotAllowedInGraphError"
        versions = event.site.left_alone if event.form == "for" else EVERY_VERSION
        return error(what + raises, instead(event.site, _HELP_2), versions=versions)
    if event.form == "for":
        return None if event.fault is None else error(what + f"; tracing fails: {event.fault}", event.fault.advice)
    return error(what + "; AutoGraph converts only `for` statements, so tracing raises", _HELP_2)


def _keras_3(event: TensorIteration, what: Message) -> Outcome | None:
    if event.is_range:
        return None  # `range` itself raises, which KLL113 reports
    if Target.KERAS3 in event.site.autograph and event.form == "for":
        return None if event.fault is None else error(what + f"; tracing fails: {event.fault}", event.fault.advice)
    return error(what + "; a symbolic tensor cannot be iterated, so tracing raises", _HELP_3)


def _on_jax(event: TensorIteration, what: Message) -> Outcome | None:
    """A dimension that is known unrolls; a weight has no end, for JAX gives its last element at any later index."""
    if event.is_range or Target.KERAS3 in event.site.autograph:
        return None
    if event.of_weight and event.form == "unpacking":
        endless = what + "; a weight never runs out of elements on JAX: ValueError, too many values"
        return error(endless, _HELP_WEIGHT, _UNPACKED)
    if event.of_weight and event.form != "zip":
        return error(what + "; on JAX that never ends: any later index gives the last element", _HELP_WEIGHT)
    if event.over_batch:
        raises = f", along the batch; {OPEN_BATCH}, which raises InconclusiveDimensionOperation"
        return error(what + raises, _HELP_3, _SIZE, BATCH_IS_OPEN_ON_JAX)
    return None
