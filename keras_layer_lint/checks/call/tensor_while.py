"""KLL102: a Python `while` that depends on a tensor."""

from __future__ import annotations

from collections.abc import Iterator

from keras_layer_lint.checks.call.wording import error, on_tensor, runs_eagerly, traced_by_jax, unconverted
from keras_layer_lint.checks.context import JAX, LayerContext, Outcome
from keras_layer_lint.diagnostic import Diagnostic
from keras_layer_lint.rule import Confirmation, ErrorPlace, Rule
from keras_layer_lint.values.events import Event, TensorBreak, TensorTest

RULE = Rule(
    "KLL102",
    "tensor-while",
    confirm=Confirmation("graph", errors_at=(ErrorPlace.CONVERTED_BODY, ErrorPlace.ENDLESS_BODY), at_first_trace=True),
)

_HELP = {
    "2": "use `tf.while_loop(cond, body, loop_vars, maximum_iterations=...)`",
    "3": "use `keras.ops.while_loop(cond, body, loop_vars, maximum_iterations=...)`",
}
_HELP_JAX = (
    "use `keras.ops.fori_loop` with a number of rounds that is known while tracing, or `keras.ops.scan`; "
    "`keras.ops.while_loop` where nothing is trained through it"
)


def check(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Report `while` on a tensor, and `while True` left by a tensor's `break`."""
    for event in layer.analysis.events(TensorTest, "call"):
        if event.form == "while":
            what = on_tensor(event.site, "`while` on a tensor")
            outcomes = {keras: _outcome(event, keras, what, event.fault) for keras in ("2", "3")}
            if "3" not in event.site.autograph:
                outcomes[JAX] = error(f"{what}; {traced_by_jax('TracerBoolConversionError')}", _HELP_JAX)
            for keras in runs_eagerly(layer):
                outcomes[keras] = None
            yield layer.at_site(RULE, event.site, outcomes, node=event.test, origin=event.origin)
    for leave in layer.analysis.events(TensorBreak, "call"):
        what = on_tensor(leave.site, "`while True` is left where a tensor says so")
        fault = "AutoGraph cannot make a loop that starts as a Python one depend on a tensor"
        # Keras 3 stops at the `if` itself, which KLL101 reports.
        yield layer.at_site(RULE, leave.site, {"2": _outcome(leave, "2", what, fault)}, origin=leave.origin)


def _outcome(event: Event, keras: str, what: str, fault: str | None) -> Outcome | None:
    if keras in event.site.autograph:
        return None if fault is None else error(f"{what}; tracing fails: {fault}", _HELP[keras])
    if keras == "2":
        return error(f"{what}; {unconverted(event.site)}, so tracing raises", _HELP["2"])
    return error(f"{what}; Keras 3 traces `{event.site.phase}` as plain Python, so it raises there", _HELP["3"])
