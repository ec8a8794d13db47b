"""KLL216: `compute_output_shape` raises, or returns what Keras 3 cannot use."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from keras_layer_lint.checks.context import LayerContext
from keras_layer_lint.checks.outcome import Outcome
from keras_layer_lint.diagnostic import Diagnostic, Severity
from keras_layer_lint.expectation import expects
from keras_layer_lint.keras.kinds import ClassKind
from keras_layer_lint.model import syntax
from keras_layer_lint.rule import Confirmation, Rule
from keras_layer_lint.target import Target
from keras_layer_lint.values.output_shape import METHOD, Fault, ShapeFault, faults_of

RULE = Rule("KLL216", "compute-output-shape", confirm=Confirmation("build"))

_CALLED = "Keras 3 asks it for each call in a functional or Sequential model, which raises"
_FAULTS = {
    Fault.NONE: (f"`{METHOD}` returns None", "ValueError", "return the shape as a tuple, or leave it out"),
    Fault.NESTED: (
        f"`{METHOD}` returns a tuple in which tuples stand beside numbers",
        "ValueError",
        "unpack what is a tuple: `(input_shape[0], *shape)`",
    ),
    Fault.NUMBER_ADDED: (
        f"`{METHOD}` adds a number to a tuple",
        "TypeError",
        "make a tuple of it: `input_shape[:-1] + (units,)`",
    ),
    Fault.LIST_ADDED: (
        f"`{METHOD}` adds a tuple and a list",
        "TypeError",
        "make both tuples: `tuple(input_shape[:-1]) + (units,)`",
    ),
    Fault.BATCH_SIZE: (
        f"`{METHOD}` calculates with the batch size, which is None there",
        "TypeError",
        "leave it as it is where it is None: `None if input_shape[0] is None else ...`",
    ),
    Fault.FLOAT: (f"`{METHOD}` returns a number that `/` made a float", "ValueError", "divide with `//`"),
}
"""What is wrong, the exception that Keras 3 raises then, and what to write instead."""


def check(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Report the faults of the method that the class defines itself."""
    model = layer.layer
    if model.kind is not ClassKind.LAYER or not model.is_complete or Target.KERAS3 not in layer.targets:
        return
    method = model.own_method(METHOD)
    if method is None:
        return
    for found in faults_of(model, layer.analysis):
        outcome = {Target.KERAS3: _outcome(found)}
        if found.fault is Fault.NONE:
            yield layer.at_definition(RULE, method.unit, method.node, outcome)
        else:
            yield layer.diagnose(RULE, partial(method.unit.span, found.node), outcome, method=METHOD)


def _outcome(found: ShapeFault) -> Outcome:
    if found.fault is Fault.NO_ATTRIBUTE:
        message = (
            f"`{syntax.source(found.node)}`: Keras 3 hands shapes over as tuples, which have no such attribute, so "
            "each call in a functional or Sequential model raises AttributeError"
        )
        return Outcome(
            Severity.ERROR, message, "read the shape as a tuple: `input_shape[-1]`", expects(errors=("AttributeError",))
        )
    what, raised, advice = _FAULTS[found.fault]
    return Outcome(Severity.ERROR, f"{what}; {_CALLED} {raised}", advice, expects(errors=(raised,)))
