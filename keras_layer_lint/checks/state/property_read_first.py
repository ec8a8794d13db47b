"""KLL224: a property that raises until it is set, which Keras 3 reads before it is set."""

from __future__ import annotations

from collections.abc import Iterator

from keras_layer_lint.checks.context import LayerContext
from keras_layer_lint.checks.outcome import Outcome
from keras_layer_lint.diagnostic import Diagnostic, Severity
from keras_layer_lint.expectation import expects
from keras_layer_lint.model.guarded_properties import GuardedProperty, guarded_properties
from keras_layer_lint.rule import Confirmation, Rule
from keras_layer_lint.target import Target

RULE = Rule("KLL224", "property-read-first", confirm=Confirmation("graph", raises_eagerly=True))


def check(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Report what the getters of the class raise."""
    for found in guarded_properties(layer.layer.ref.entry):
        yield _diagnostic(layer, found)


def _diagnostic(layer: LayerContext, found: GuardedProperty) -> Diagnostic | None:
    error = found.error.id
    message = (
        f"`{found.name}` raises {error} until it is set: on TensorFlow, Keras 3 reads it before it sets it, and takes "
        f"AttributeError alone for none, so the first `self.{found.name} = ...` raises {error}"
    )
    outcome = Outcome(Severity.ERROR, message, "raise AttributeError", expects(errors=(error,)))
    outcomes = {Target.KERAS3: outcome, Target.KERAS3_JAX: None}
    span = layer.layer.ref.module.span(found.error)
    return layer.diagnose(RULE, lambda: span, outcomes, method=found.name)
