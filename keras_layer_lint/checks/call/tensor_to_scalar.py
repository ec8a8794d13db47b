"""KLL113: a tensor is turned into a Python number."""

from __future__ import annotations

from collections.abc import Iterator

from keras_layer_lint.checks.call.wording import (
    OPEN_BATCH,
    error,
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
from keras_layer_lint.rule import Confirmation, Rule
from keras_layer_lint.target import EVERY_VERSION, GENERATIONS, Target
from keras_layer_lint.values.events import ScalarRead
from keras_layer_lint.values.value import WEIGHT

RULE = Rule("KLL113", "tensor-to-scalar", confirm=Confirmation("graph", at_first_trace=True), only_traced=True)
KINDS = TRACED_KINDS

_CONVERTED = frozenset({"float", "int", "len", "range"})
_HELP = {
    "float": ("use `tf.cast(x, tf.float32)`", 'use `keras.ops.cast(x, "float32")`'),
    "int": ("use `tf.cast(x, tf.int32)`", 'use `keras.ops.cast(x, "int32")`'),
    "len": ("use `tf.shape(x)[0]`", "use `keras.ops.shape(x)[0]`"),
    "range": ("use `tf.range` in a `tf.while_loop`", "use `keras.ops.arange`, or loop with `keras.ops.fori_loop`"),
}
_HELP_SIZE = "compute with `keras.ops.shape(x)[0]` itself, or use another dimension"
_MATH = ("use the `tf.math` function of the same name", "use the `keras.ops` function of the same name")
_FORMAT = ("use `tf.print`, or format without a specification", "format without a specification")


def check(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Report tensors made numbers."""
    for event in layer.traced(ScalarRead):
        is_call = (
            event.via in _CONVERTED or "math" in event.via or (event.via[:1].islower() and "format" not in event.via)
        )
        phrase = f"`{event.via}()` of a tensor" if is_call else f"a number's {event.via} on a tensor"
        what = on_tensor(event.site, phrase, event.origin)
        outcomes = {target: _outcome(event, target, what) for target in GENERATIONS}
        outcomes[Target.KERAS3_JAX] = _on_jax(event, what, phrase)
        yield layer.at_site(RULE, event.site, outcomes, origin=event.origin)


def _outcome(event: ScalarRead, target: Target, what: Message) -> Outcome | None:
    converted = event.via in _CONVERTED
    if converted and target in event.site.autograph:
        return None
    helps = _HELP.get(event.via, _FORMAT if "format" in event.via else _MATH)
    reason, versions = "a tensor is no Python number while it is traced", EVERY_VERSION
    if converted and target is Target.KERAS2:
        reason, versions = unconverted(event.site), event.site.left_alone
    # Python asks a variable for a float, and that asks the tensor it holds for `.numpy()`.
    is_weight = event.origin.text == WEIGHT and event.via not in {"len", "range", "format specification"}
    raised = "AttributeError or TypeError" if is_weight else "TypeError"
    return error(what + f"; {reason}, so it raises {raised}", helps[target is Target.KERAS3], versions=versions)


def _on_jax(event: ScalarRead, what: Message, phrase: str) -> Outcome | None:
    helps = _HELP.get(event.via, _FORMAT if "format" in event.via else _MATH)[1]
    if event.via in _CONVERTED and Target.KERAS3 in event.site.autograph:
        return None
    if event.origin.is_size:
        of_size = through(event.site) + phrase.replace("a tensor", "the batch size")
        raised = "InconclusiveDimensionOperation" if event.via == "int" else "TypeError"
        message = f"{of_size}; {OPEN_BATCH}, which raises {raised}"
        return warning(message, _HELP_SIZE, expects(errors=(raised,)), BATCH_IS_OPEN_ON_JAX)
    if event.via == "len":
        if event.of_weight:
            return error(what + "; a weight has no length: TypeError", "use `self.weight.shape[0]`")
        if not event.over_batch:
            return None
        raises = f", along the batch; {OPEN_BATCH}, which raises TypeError"
        return error(what + raises, helps, versions=BATCH_IS_OPEN_ON_JAX)
    if event.via == "range":
        return error(what + f"; {traced_by_jax('TracerIntegerConversionError')}", helps)
    raised = "TypeError" if event.via == "format specification" else "ConcretizationTypeError"
    if event.origin.text == WEIGHT and "format" not in event.via:
        raised += " or TypeError"
    return error(what + f"; {traced_by_jax(raised)}", helps, expects(errors=tuple(raised.split(" or "))))
