"""KLL152: a graph loop of unknown length, whose gradient XLA cannot compile."""

from __future__ import annotations

from collections.abc import Iterator

from keras_layer_lint.checks.call.wording import error, through, warning
from keras_layer_lint.checks.call.xla import SWITCH_OFF, WHEN_COMPILED, compiled_severity, is_of_another_use
from keras_layer_lint.checks.context import LayerContext
from keras_layer_lint.checks.outcome import Outcome
from keras_layer_lint.diagnostic import Diagnostic, Severity
from keras_layer_lint.expectation import Effect, expects
from keras_layer_lint.keras.methods import COMPILED
from keras_layer_lint.keras.names import as_imported
from keras_layer_lint.rule import Confirmation, Rule
from keras_layer_lint.target import Target
from keras_layer_lint.values.call_events import ApiCalled
from keras_layer_lint.values.containers import Dict, Sequence
from keras_layer_lint.values.default_path import is_off_by_default
from keras_layer_lint.values.value import Nest, PythonValue, Tensor, Value

RULE = Rule("KLL152", "xla-unbounded-while", confirm=Confirmation("xla"))

_STATE = {
    "tensorflow.while_loop": ((2, "loop_vars"),),
    "keras.ops.while_loop": ((2, "loop_vars"),),
    "keras.ops.fori_loop": ((3, "init_val"),),
    "keras.ops.scan": ((1, "init"), (2, "xs")),
    "jax.lax.while_loop": ((2, "init_val"),),
    "jax.lax.fori_loop": ((3, "init_val"),),
}
"""Where the loops take what they carry along."""

_INSTEAD = {
    "while_loop": "pass `maximum_iterations=...`",
    "fori_loop": "use `ops.while_loop(..., maximum_iterations=...)`",
    "scan": "use `tf.scan`, or `ops.while_loop(..., maximum_iterations=...)`",
}
_INSTEAD_ON_JAX = (
    "use `keras.ops.fori_loop` with a number of rounds that is known while tracing, or `keras.ops.scan`; outside of "
    "training, `keras.ops.stop_gradient` around what goes in"
)


def check(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Report loops that carry the layer's input, so that training differentiates them."""
    for event in layer.analysis.events(ApiCalled):
        if event.site.phase not in COMPILED or event.name not in _STATE or not _is_trained_through(event):
            continue
        outcomes: dict[Target, Outcome | None] = {Target.KERAS3_JAX: _on_jax(layer, event)}
        if not _is_bounded(event) and not event.name.startswith("jax."):
            outcomes.update(_on_tensorflow(layer, event))
        yield layer.at_site(RULE, event.site, outcomes)


def _on_tensorflow(layer: LayerContext, event: ApiCalled) -> Iterator[tuple[Target, Outcome]]:
    last = event.name.rpartition(".")[2]
    bound = " without `maximum_iterations`" if last == "while_loop" else " on TensorFlow"
    is_off = is_off_by_default(layer.analysis, event.site)
    for target in layer.targets:
        if (severity := compiled_severity(layer, target)) is not None:
            message = (
                f"{through(event.site)}`{_shown(event)}`{bound}: XLA cannot compile the gradient of a loop whose "
                f"length it does not know, so {_where_run(event)}training fails {WHEN_COMPILED[target]}"
            )
            severity = Severity.NOTE if is_off else severity
            helps = f"{_INSTEAD[last]}; or {SWITCH_OFF[target]}"
            yield (
                target,
                Outcome(
                    severity,
                    message,
                    helps,
                    expects(Effect.IN_GRADIENT),
                    is_elsewhere=is_of_another_use(layer, severity),
                ),
            )


def _where_run(event: ApiCalled) -> str:
    return "where that runs, " if event.site.optional else ""


def _on_jax(layer: LayerContext, event: ApiCalled) -> Outcome | None:
    """`while_loop` has no gradient there, with or without a limit, nor has a `fori_loop` whose limits are tensors."""
    last = event.name.rpartition(".")[2]
    if event.name.startswith("tensorflow.") or last == "scan":
        return None
    form = f"`{_shown(event)}`"
    if last == "fori_loop":
        if not any(isinstance(limit, Tensor) and not limit.origin.is_size for limit in event.arguments.positional[:2]):
            return None
        form += " up to a tensor"
    what = f"{through(event.site)}{form}: JAX has no gradient of a loop whose length it does not know while tracing"
    what += f", so {_where_run(event)}training raises ValueError"
    is_off = is_off_by_default(layer.analysis, event.site)
    return (warning if is_off else error)(what, _INSTEAD_ON_JAX)


def _shown(event: ApiCalled) -> str:
    return as_imported(event.name)


def _is_bounded(event: ApiCalled) -> bool:
    limit = event.keyword("maximum_iterations")
    return event.keyword("unroll") is not None or (
        limit is not None and not (isinstance(limit, PythonValue) and limit.is_none)
    )


def _is_trained_through(event: ApiCalled) -> bool:
    states = [event.argument(position, keyword) for position, keyword in _STATE[event.name]]
    return any(state is not None and _carries_input(state) for state in states)


def _carries_input(value: Value) -> bool:
    """Whether some part is the layer's input, or was computed from it value by value: not a counter."""
    match value:
        case Tensor() | Nest():
            return value.batched or value.of_input
        case Sequence():
            return any(map(_carries_input, value.items or (value.element,)))
        case Dict():
            return any(_carries_input(entry.value) for entry in value.entries.values())
        case _:
            return False
