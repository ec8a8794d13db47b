"""KLL102: a Python `while` that depends on a tensor."""

from __future__ import annotations

from collections.abc import Iterator

from keras_layer_lint.checks.call.wording import error, instead, on_tensor, traced_by_jax, unconverted
from keras_layer_lint.checks.context import LayerContext
from keras_layer_lint.checks.outcome import Message, Outcome
from keras_layer_lint.diagnostic import Diagnostic
from keras_layer_lint.keras.methods import TRACED_KINDS
from keras_layer_lint.rule import Confirmation, ErrorPlace, Rule
from keras_layer_lint.target import GENERATIONS, Target
from keras_layer_lint.values.autograph import Unconvertible
from keras_layer_lint.values.events import Event, TensorBreak, TensorTest

RULE = Rule(
    "KLL102",
    "tensor-while",
    confirm=Confirmation("graph", errors_at=(ErrorPlace.CONVERTED_BODY, ErrorPlace.ENDLESS_BODY), at_first_trace=True),
    only_traced=True,
)
KINDS = TRACED_KINDS

_HELP = {
    Target.KERAS2: "use `tf.while_loop(cond, body, loop_vars, maximum_iterations=...)`",
    Target.KERAS3: "use `keras.ops.while_loop(cond, body, loop_vars, maximum_iterations=...)`",
}
_HELP_JAX = (
    "use `keras.ops.fori_loop` with a number of rounds that is known while tracing, or `keras.ops.scan`; "
    "`keras.ops.while_loop` where nothing is trained through it"
)
_STARTS_IN_PYTHON = Unconvertible(
    "AutoGraph cannot make a loop that starts as a Python one depend on a tensor",
    "put the condition into the `while` itself, or " + _HELP[Target.KERAS2],
)


def check(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Report `while` on a tensor, and `while True` left by a tensor's `break`."""
    for event in layer.traced(TensorTest):
        if event.form == "while":
            what = on_tensor(event.site, "`while` on a tensor", event.origin)
            outcomes = {target: _outcome(event, target, what, event.fault) for target in GENERATIONS}
            if Target.KERAS3 not in event.site.autograph:
                outcomes[Target.KERAS3_JAX] = error(what + f"; {traced_by_jax('TracerBoolConversionError')}", _HELP_JAX)
            yield layer.at_site(RULE, event.site, outcomes, node=event.test, origin=event.origin)
    for leave in layer.traced(TensorBreak):
        what = on_tensor(leave.site, "`while True` is left where a tensor says so", leave.origin)
        # Keras 3 stops at the `if` itself, which KLL101 reports.
        outcome = _outcome(leave, Target.KERAS2, what, _STARTS_IN_PYTHON)
        yield layer.at_site(RULE, leave.site, {Target.KERAS2: outcome}, origin=leave.origin)


def _outcome(event: Event, target: Target, what: Message, fault: Unconvertible | None) -> Outcome | None:
    if target in event.site.autograph:
        return None if fault is None else error(what + f"; tracing fails: {fault}", fault.advice)
    if target is Target.KERAS2:
        raises = f"; {unconverted(event.site)}, so tracing raises"
        return error(what + raises, instead(event.site, _HELP[target]), versions=event.site.left_alone)
    return error(what + f"; Keras 3 traces `{event.site.phase}` as plain Python, so it raises there", _HELP[target])
