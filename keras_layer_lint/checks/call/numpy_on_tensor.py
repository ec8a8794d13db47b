"""KLL111: a NumPy or SciPy function gets a tensor."""

from __future__ import annotations

from collections.abc import Iterator

from keras_layer_lint.checks.call.wording import error, on_tensor, traced_by_jax
from keras_layer_lint.checks.context import LayerContext
from keras_layer_lint.checks.outcome import Message, Outcome
from keras_layer_lint.diagnostic import Diagnostic, Severity
from keras_layer_lint.expectation import Effect, expects
from keras_layer_lint.keras.methods import TRACED_KINDS
from keras_layer_lint.keras.names import as_imported
from keras_layer_lint.keras.portable import LEFT_TO_TENSORS, equal_in_keras, equal_in_tensorflow
from keras_layer_lint.rule import Confirmation, Rule
from keras_layer_lint.target import Target
from keras_layer_lint.values.events import NumpyCall

RULE = Rule("KLL111", "numpy-on-tensor", confirm=Confirmation("graph", at_first_trace=True), only_traced=True)
KINDS = TRACED_KINDS


def check(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Report NumPy on tensors."""
    for event in layer.traced(NumpyCall):
        what = on_tensor(event.site, f"`{event.function}` on a tensor", event.origin)
        message = what + f"; NumPy needs values, and while tracing there are none: {' or '.join(_raised(event))}"
        expected = expects(errors=_raised(event))
        outcomes: dict[Target, Outcome | None] = {
            Target.KERAS2: error(message, _instead(equal_in_tensorflow(event.api, 0, ()), "TensorFlow"), expected),
            Target.KERAS3: error(message, _instead(equal_in_keras(event.api, 0, ()), "`keras.ops`"), expected),
            Target.KERAS3_JAX: _on_jax(event, what),
        }
        yield layer.at_site(RULE, event.site, outcomes, origin=event.origin)


def _raised(event: NumpyCall) -> tuple[str, ...]:
    # NumPy hides TensorFlow's error where the item is a single number.
    hidden = ("ValueError",) if event.function.endswith("= ...") else ()
    return (*hidden, "NotImplementedError")


def _instead(equal: str | None, library: str) -> str:
    """What to write; the equal of a function, where it needs no axis to be one."""
    return f"use a function of {library} with the same meaning" if equal is None else f"use `{as_imported(equal)}`"


def _on_jax(event: NumpyCall, what: Message) -> Outcome | None:
    if event.origin.is_size:
        return None
    help_ = _instead(equal_in_keras(event.api, 0, ()), "`keras.ops`")
    module, _, function = event.api.rpartition(".")
    if event.comes_first and module == "numpy" and function in LEFT_TO_TENSORS:
        works = "it works on JAX only, where NumPy leaves it to the tensor's own method"
        return Outcome(Severity.NOTE, what + f"; {works}", help_, expects(Effect.WORKS))
    raised = "ValueError" if event.function.endswith("= ...") else "TracerArrayConversionError"
    return error(what + f"; {traced_by_jax(raised)}", help_, expects(errors=(raised,)))
