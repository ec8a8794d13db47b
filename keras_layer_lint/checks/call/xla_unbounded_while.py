"""KLL152: a graph loop of unknown length, whose gradient XLA cannot compile."""

from __future__ import annotations

from collections.abc import Iterator

from keras_layer_lint.checks.call.wording import through
from keras_layer_lint.checks.call.xla import PHASES, SWITCH_OFF, WHEN_COMPILED, compiled_severity
from keras_layer_lint.checks.context import LayerContext, Outcome
from keras_layer_lint.diagnostic import Diagnostic
from keras_layer_lint.rule import Rule
from keras_layer_lint.values.events import ApiCalled
from keras_layer_lint.values.value import Dict, Nest, Sequence, Static, Tensor, Value

RULE = Rule("KLL152", "xla-unbounded-while", oracle="xla")

_STATE = {
    "tensorflow.while_loop": ((2, "loop_vars"),),
    "keras.ops.while_loop": ((2, "loop_vars"),),
    "keras.ops.fori_loop": ((3, "init_val"),),
    "keras.ops.scan": ((1, "init"), (2, "xs")),
}
"""Where the loops take what they carry along."""

_INSTEAD = {
    "while_loop": "pass `maximum_iterations=...`",
    "fori_loop": "use `ops.while_loop(..., maximum_iterations=...)`",
    "scan": "use `tf.scan`, or `ops.while_loop(..., maximum_iterations=...)`",
}


def check(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Report loops that carry the layer's input, so that training differentiates them."""
    for event in layer.analysis.events(ApiCalled):
        if event.site.phase not in PHASES or event.name not in _STATE or not _is_unbounded(event):
            continue
        last = event.name.rpartition(".")[2]
        shown = f"tf.{last}" if event.name.startswith("tensorflow.") else f"keras.ops.{last}"
        bound = " without `maximum_iterations`" if last == "while_loop" else " on TensorFlow"
        outcomes: dict[str, Outcome | None] = {}
        for keras in layer.keras:
            if (severity := compiled_severity(layer, keras)) is not None:
                message = (
                    f"{through(event.site)}`{shown}`{bound}: XLA cannot compile the gradient of a loop whose length it "
                    f"does not know, so training fails {WHEN_COMPILED[keras]}"
                )
                outcomes[keras] = Outcome(severity, message, f"{_INSTEAD[last]}; or {SWITCH_OFF[keras]}")
        yield layer.at_site(RULE, event.site, outcomes)


def _is_unbounded(event: ApiCalled) -> bool:
    given = dict(event.keywords)
    limit = given.get("maximum_iterations")
    if limit is not None and not (isinstance(limit, Static) and limit.is_none):
        return False
    if "unroll" in given:
        return False
    for position, keyword in _STATE[event.name]:
        state = given.get(keyword)
        if state is None and position < len(event.arguments):
            state = event.arguments[position]
        if state is not None and _carries_input(state):
            return True
    return False


def _carries_input(value: Value) -> bool:
    """Whether some part is the layer's input, or was computed from it value by value: not a counter."""
    match value:
        case Tensor() | Nest():
            return value.batched
        case Sequence():
            return any(map(_carries_input, value.items or (value.element,)))
        case Dict():
            return any(_carries_input(entry.value) for entry in value.entries.values())
        case _:
            return False
