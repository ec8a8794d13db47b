"""KLL104: Python asks a tensor for one truth value or index."""

from __future__ import annotations

from collections.abc import Iterator

from keras_layer_lint.checks.call.wording import OPEN_BATCH, error, on_tensor, traced_by_jax, unconverted
from keras_layer_lint.checks.context import LayerContext
from keras_layer_lint.checks.outcome import Message, Outcome
from keras_layer_lint.diagnostic import Diagnostic
from keras_layer_lint.expectation import expects
from keras_layer_lint.keras.methods import TRACED_KINDS
from keras_layer_lint.keras.versions import BATCH_IS_OPEN_ON_JAX
from keras_layer_lint.rule import Confirmation, Rule
from keras_layer_lint.target import EVERY_VERSION, GENERATIONS, Target
from keras_layer_lint.values.events import TensorTruth

RULE = Rule("KLL104", "tensor-bool", confirm=Confirmation("graph", at_first_trace=True), only_traced=True)
KINDS = TRACED_KINDS

_CONVERTED = frozenset({"and", "or", "not", "comparison", "sorted"})
"""Forms that AutoGraph turns into TensorFlow operations."""

_PHRASES = {
    "assert": "`assert` on a tensor",
    "in": "`in` compares a tensor",
    "comparison": "a chained comparison of tensors",
    "index": "a list is indexed by a tensor",
}
_HELP = {
    "assert": ("use `tf.debugging.assert_*`", "test static facts only (`x.shape`), or use `tf.debugging.assert_*`"),
    "and": ("use `tf.logical_and`", "use `keras.ops.logical_and`"),
    "or": ("use `tf.logical_or`", "use `keras.ops.logical_or`"),
    "not": ("use `tf.logical_not`", "use `keras.ops.logical_not`"),
    "comparison": ("use `tf.logical_and` of two comparisons", "use `keras.ops.logical_and` of two comparisons"),
    "index": ("stack the list and use `tf.gather`", "stack the list and use `keras.ops.take`"),
    "max": ("use `tf.maximum` or `tf.reduce_max`", "use `keras.ops.maximum` or `keras.ops.max`"),
    "min": ("use `tf.minimum` or `tf.reduce_min`", "use `keras.ops.minimum` or `keras.ops.min`"),
    "any": ("use `tf.reduce_any`", "use `keras.ops.any`"),
    "all": ("use `tf.reduce_all`", "use `keras.ops.all`"),
    "sorted": ("use `tf.sort`", "use `keras.ops.sort`"),
    "in": ("use `tf.reduce_any(tf.equal(...))`", "use `keras.ops.any(keras.ops.equal(...))`"),
    "bool": ("use `tf.cast(x, tf.bool)`", 'use `keras.ops.cast(x, "bool")`'),
}

_SIZE = expects(errors=("InconclusiveDimensionOperation",))


def check(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Report truth values asked for."""
    for event in layer.traced(TensorTruth):
        phrase = _PHRASES.get(event.form)
        if phrase is None:
            is_operator = event.form in ("and", "or", "not")
            phrase = f"`{event.form}` on a tensor" if is_operator else f"`{event.form}()` of a tensor"
        what = on_tensor(event.site, phrase, event.origin)
        outcomes = {target: _outcome(event, target, what) for target in GENERATIONS}
        outcomes[Target.KERAS3_JAX] = _on_jax(event, what)
        yield layer.at_site(RULE, event.site, outcomes, origin=event.origin)


def _outcome(event: TensorTruth, target: Target, what: Message) -> Outcome | None:
    converts = target in event.site.autograph
    if converts and event.form in _CONVERTED:
        return None
    helps = _HELP.get(event.form, ("", ""))
    if event.form == "index":
        return error(what + "; only a Python integer can be one, so it raises", helps[target is Target.KERAS3])
    reason = "AutoGraph does not convert it" if converts else unconverted(event.site)
    if target is Target.KERAS3 and not converts:
        reason = "Keras 3 traces it as plain Python"
    is_left_alone = target is Target.KERAS2 and event.form in _CONVERTED
    versions = event.site.left_alone if is_left_alone else EVERY_VERSION
    return error(what + f"; {reason}, so tracing raises", helps[target is Target.KERAS3], versions=versions)


def _on_jax(event: TensorTruth, what: Message) -> Outcome | None:
    if event.origin.is_size or (Target.KERAS3 in event.site.autograph and event.form in _CONVERTED):
        return None
    if event.form == "assert":
        return error(what + f"; {traced_by_jax('TracerBoolConversionError')}", "test static facts only (`x.shape`)")
    helps = _HELP.get(event.form, ("", "use `keras.ops.sum`"))[1]
    if event.form == "index":
        return error(what + f"; {traced_by_jax('TracerIntegerConversionError')}", helps)
    if event.form == "sum":
        if event.of_weight:
            return error(what + "; on JAX that never ends: any later index gives the last element", helps)
        if not event.over_batch:
            return None  # it unrolls
    if event.over_batch and event.form != "bool":
        raises = f", along the batch; {OPEN_BATCH}, which raises InconclusiveDimensionOperation"
        return error(what + raises, helps, _SIZE, BATCH_IS_OPEN_ON_JAX)
    return error(what + f"; {traced_by_jax('TracerBoolConversionError')}", helps)
