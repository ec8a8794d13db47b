"""KLL101: a Python condition on a tensor."""

from __future__ import annotations

from collections.abc import Iterator

from keras_layer_lint.checks.call.wording import (
    OPEN_BATCH,
    error,
    instead,
    on_tensor,
    through,
    traced_by_jax,
    unconverted,
    warning,
)
from keras_layer_lint.checks.context import LayerContext
from keras_layer_lint.checks.outcome import Message, Outcome
from keras_layer_lint.diagnostic import Diagnostic
from keras_layer_lint.expectation import expects
from keras_layer_lint.keras.methods import TRACED_KINDS
from keras_layer_lint.keras.versions import BATCH_IS_OPEN_ON_JAX
from keras_layer_lint.model import syntax
from keras_layer_lint.rule import Confirmation, ErrorPlace, Rule
from keras_layer_lint.target import EVERY_VERSION, Target
from keras_layer_lint.values.events import TensorTest

RULE = Rule(
    "KLL101",
    "tensor-if",
    confirm=Confirmation(
        "graph", errors_at=(ErrorPlace.CONVERTED_BODY, ErrorPlace.CONVERTED_FUNCTION), at_first_trace=True
    ),
    only_traced=True,
)
KINDS = TRACED_KINDS

_HELP_2 = "use `tf.cond(condition, true_fn, false_fn)`, or `tf.where` to choose between two tensors"
_HELP_3 = "use `keras.ops.cond(condition, true_fn, false_fn)`, or `keras.ops.where` to choose between two tensors"
_HELP_RAISE = (
    "check it before the layer is called, or on TensorFlow with `tf.debugging.assert_*`, which runs in the graph"
)
_HELP_SIZE = "choose between tensors with `keras.ops.where`, or decide by another dimension"
_NAMES = {
    "comprehension": "`if` of a comprehension",
    "match": "`match`",
    "conditional expression": "conditional expression",
}

_SIZE = expects(errors=("InconclusiveDimensionOperation",))


def check(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Report conditions that are no loop's."""
    given_up: set[int] = set()
    for event in layer.traced(TensorTest):
        if event.form == "while":
            continue
        what = on_tensor(event.site, f"{_NAMES.get(event.form, f'`{event.form}`')} on a tensor", event.origin)
        keras_2, keras_3 = _keras_2(event, what), _keras_3(event, what)
        on_jax = _on_jax(event, what)
        gives_up = event.site.gives_up
        if keras_2 is not None and gives_up is not None and event.site.through is None:
            # One construct is to blame, however many conditions it leaves unconverted.
            if id(gives_up.node) not in given_up:
                given_up.add(id(gives_up.node))
                yield layer.at_site(RULE, event.site, {Target.KERAS2: keras_2}, node=gives_up.node, origin=event.origin)
            keras_2 = None
        outcomes = {Target.KERAS2: keras_2, Target.KERAS3: keras_3, Target.KERAS3_JAX: on_jax}
        yield layer.at_site(RULE, event.site, outcomes, node=event.test, origin=event.origin)


def _keras_2(event: TensorTest, what: Message) -> Outcome | None:
    if Target.KERAS2 in event.site.autograph:
        if event.form == "comprehension":
            return error(what + "; AutoGraph does not convert comprehensions, so tracing raises", _HELP_2)
        return _unconvertible(event, what)
    raises = f"; {unconverted(event.site)}, so tracing raises OperatorNotAllowedInGraphError"
    versions = EVERY_VERSION if event.form == "comprehension" else event.site.left_alone
    return error(what + raises, instead(event.site, _HELP_2), versions=versions)


def _keras_3(event: TensorTest, what: Message) -> Outcome | None:
    if Target.KERAS3 in event.site.autograph:
        return _unconvertible(event, what)
    help_ = _HELP_RAISE if event.fault is not None and event.fault.is_raise else _HELP_3
    return error(what + f"; Keras 3 traces `{event.site.phase}` as plain Python, so it raises there", help_)


def _unconvertible(event: TensorTest, what: Message) -> Outcome | None:
    """What AutoGraph tries, and cannot: what to write instead depends on what stands in the branches."""
    return None if event.fault is None else error(what + f"; tracing fails: {event.fault}", event.fault.advice)


def _on_jax(event: TensorTest, what: Message) -> Outcome | None:
    if Target.KERAS3 in event.site.autograph:
        return None
    if event.origin.is_size:
        if not syntax.divides_sizes(event.test):
            return None  # equal or not: that can be told of any size; and an open size is 2 at least
        size = f"{through(event.site)}`{event.form}` on the batch size, which is compared by size"
        return warning(f"{size}; {OPEN_BATCH}: InconclusiveDimensionOperation", _HELP_SIZE, _SIZE, BATCH_IS_OPEN_ON_JAX)
    return error(what + f"; {traced_by_jax('TracerBoolConversionError')}", _HELP_3)
