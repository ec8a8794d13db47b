"""KLL104: Python asks a tensor for one truth value or index."""

from __future__ import annotations

from collections.abc import Iterator

from keras_layer_lint.checks.call.wording import OPEN_BATCH, error, on_tensor, runs_eagerly, traced_by_jax, unconverted
from keras_layer_lint.checks.context import JAX, LayerContext, Outcome
from keras_layer_lint.diagnostic import Diagnostic
from keras_layer_lint.rule import Confirmation, Rule
from keras_layer_lint.values.events import TensorTruth

RULE = Rule("KLL104", "tensor-bool", confirm=Confirmation("graph", at_first_trace=True))

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


def check(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Report truth values asked for."""
    for event in layer.analysis.events(TensorTruth, "call"):
        phrase = _PHRASES.get(event.form)
        if phrase is None:
            is_operator = event.form in ("and", "or", "not")
            phrase = f"`{event.form}` on a tensor" if is_operator else f"`{event.form}()` of a tensor"
        what = on_tensor(event.site, phrase)
        outcomes = {keras: _outcome(event, keras, what) for keras in ("2", "3")}
        outcomes[JAX] = _on_jax(event, what)
        for keras in runs_eagerly(layer):
            outcomes[keras] = None
        yield layer.at_site(RULE, event.site, outcomes, origin=event.origin)


def _outcome(event: TensorTruth, keras: str, what: str) -> Outcome | None:
    converts = keras in event.site.autograph
    if converts and event.form in _CONVERTED:
        return None
    helps = _HELP.get(event.form, ("", ""))
    if event.form == "index":
        return error(f"{what}; only a Python integer can be one, so it raises", helps[keras == "3"])
    reason = "AutoGraph does not convert it" if converts else unconverted(event.site)
    if keras == "3" and not converts:
        reason = "Keras 3 traces it as plain Python"
    return error(f"{what}; {reason}, so tracing raises", helps[keras == "3"])


def _on_jax(event: TensorTruth, what: str) -> Outcome | None:
    if event.origin.is_size or ("3" in event.site.autograph and event.form in _CONVERTED):
        return None
    if event.form == "assert":
        return error(f"{what}; {traced_by_jax('TracerBoolConversionError')}", "test static facts only (`x.shape`)")
    helps = _HELP.get(event.form, ("", "use `keras.ops.sum`"))[1]
    if event.form == "index":
        return error(f"{what}; {traced_by_jax('TracerIntegerConversionError')}", helps)
    if event.form == "sum":
        if event.of_weight:
            return error(f"{what}; on JAX that never ends: any later index gives the last element", helps)
        if not event.over_batch:
            return None  # it unrolls
    if event.over_batch and event.form != "bool":
        return error(f"{what}, along the batch; {OPEN_BATCH}, which raises InconclusiveDimensionOperation", helps)
    return error(f"{what}; {traced_by_jax('TracerBoolConversionError')}", helps)
