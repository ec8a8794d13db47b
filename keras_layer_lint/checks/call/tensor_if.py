"""KLL101: a Python condition on a tensor."""

from __future__ import annotations

from collections.abc import Iterator

from keras_layer_lint.checks.call.wording import error, on_tensor, runs_eagerly, unconverted
from keras_layer_lint.checks.context import LayerContext, Outcome
from keras_layer_lint.diagnostic import Diagnostic
from keras_layer_lint.rule import Rule
from keras_layer_lint.values.events import TensorTest

RULE = Rule("KLL101", "tensor-if")

_HELP_2 = "use `tf.cond(condition, true_fn, false_fn)`, or `tf.where` to choose between two tensors"
_HELP_3 = "use `keras.ops.cond(condition, true_fn, false_fn)`, or `keras.ops.where` to choose between two tensors"
_NAMES = {
    "comprehension": "`if` of a comprehension",
    "match": "`match`",
    "conditional expression": "conditional expression",
}


def check(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Report conditions that are no loop's."""
    for event in layer.analysis.events(TensorTest, "call"):
        if event.form == "while":
            continue
        what = on_tensor(event.site, f"{_NAMES.get(event.form, f'`{event.form}`')} on a tensor", event.origin)
        outcomes = {"2": _keras_2(event, what), "3": _keras_3(event, what)}
        for keras in runs_eagerly(layer):
            outcomes[keras] = None
        yield layer.at_site(RULE, event.site, outcomes, node=event.test, origin=event.origin)


def _keras_2(event: TensorTest, what: str) -> Outcome | None:
    if "2" in event.site.autograph:
        if event.form == "comprehension":
            return error(f"{what}; AutoGraph does not convert comprehensions, so tracing raises", _HELP_2)
        return None if event.fault is None else error(f"{what}; tracing fails: {event.fault}", _HELP_2)
    return error(f"{what}; {unconverted(event.site)}, so tracing raises OperatorNotAllowedInGraphError", _HELP_2)


def _keras_3(event: TensorTest, what: str) -> Outcome | None:
    if "3" in event.site.autograph:
        return None if event.fault is None else error(f"{what}; tracing fails: {event.fault}", _HELP_3)
    return error(f"{what}; Keras 3 traces `{event.site.phase}` as plain Python, so it raises there", _HELP_3)
