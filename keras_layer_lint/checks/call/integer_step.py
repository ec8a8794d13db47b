"""KLL402: a learning rate schedule calculates in floats with the step, an integer."""

from __future__ import annotations

from collections.abc import Iterator

from keras_layer_lint.checks.call.wording import error, through
from keras_layer_lint.checks.context import LayerContext
from keras_layer_lint.checks.outcome import Outcome
from keras_layer_lint.diagnostic import Diagnostic, Severity
from keras_layer_lint.expectation import expects
from keras_layer_lint.keras.kinds import ClassKind
from keras_layer_lint.keras.result_traits import REFUSES_INTEGERS, REFUSES_MIXED_DTYPES
from keras_layer_lint.keras.versions import STEPS_ARE_INTEGERS
from keras_layer_lint.rule import Confirmation, Rule
from keras_layer_lint.target import Target
from keras_layer_lint.values.call_events import ApiCalled
from keras_layer_lint.values.events import IntegerMeetsFloat, Site
from keras_layer_lint.values.provenance import INTEGERS
from keras_layer_lint.values.value import PythonValue, Tensor, Value

RULE = Rule("KLL402", "integer-step", confirm=Confirmation("graph", at_first_trace=True))
KINDS = frozenset({ClassKind.SCHEDULE})

_HELP = "begin with `step = tf.cast(step, tf.float32)`"
_RAISED = expects(errors=("TypeError", "ValueError", "InvalidArgumentError"))


def check(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Report arithmetic and functions of TensorFlow."""
    for event in layer.analysis.traced(IntegerMeetsFloat):
        # In Keras 3 the step itself is a variable of Keras, whose operators give a float.
        generations = {Target.KERAS2} if event.is_step else {Target.KERAS2, Target.KERAS3}
        yield _diagnostic(layer, event.site, "the step is calculated with as with a float", generations)
    for called in layer.analysis.traced(ApiCalled):
        module, _, name = called.name.rpartition(".")
        first, second = called.argument(0, "x"), called.argument(1, "y")
        if module not in ("tensorflow", "tensorflow.math"):
            continue
        takes_floats = name in REFUSES_INTEGERS and _is_integer(first)
        # `tf.divide` hands over to the operator of what it gets.
        generations = {Target.KERAS2} if name == "divide" else {Target.KERAS2, Target.KERAS3}
        is_mixed = (_is_integer(first) and _is_float(second)) or (_is_float(first) and _is_integer(second))
        if takes_floats or (name in REFUSES_MIXED_DTYPES and is_mixed):
            beside = "" if takes_floats else " beside a float"
            yield _diagnostic(layer, called.site, f"`{called.written}` gets the step{beside}", generations)


def _diagnostic(layer: LayerContext, site: Site, what: str, targets: set[Target]) -> Diagnostic | None:
    raises = "TensorFlow raises TypeError, ValueError or InvalidArgumentError"
    message = f"{through(site)}{what}: in `fit` it is an integer, and {raises}"
    found: dict[Target, Outcome | None] = {target: error(message, _HELP, _RAISED) for target in targets}
    if Target.KERAS2 in targets:
        found[Target.KERAS2] = Outcome(Severity.ERROR, message, _HELP, _RAISED, versions=STEPS_ARE_INTEGERS)
    return layer.at_site(RULE, site, {**found, Target.KERAS3_JAX: None})


def _is_integer(value: Value | None) -> bool:
    return isinstance(value, Tensor) and value.dtype in INTEGERS


def _is_float(value: Value | None) -> bool:
    if isinstance(value, PythonValue):
        return value.is_float or isinstance(value.constant, float)
    return isinstance(value, Tensor) and value.dtype == "float32"
