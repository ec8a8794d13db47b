"""KLL141: the batch size of a static shape, None while tracing, is used as a number."""

from __future__ import annotations

from collections.abc import Iterator

from keras_layer_lint.checks.call.wording import OPEN_BATCH, through, warning
from keras_layer_lint.checks.context import LayerContext
from keras_layer_lint.checks.outcome import Outcome, as_note
from keras_layer_lint.diagnostic import Diagnostic
from keras_layer_lint.expectation import NOTHING, Expectation, expects
from keras_layer_lint.keras.methods import STEPS, TRACED_KINDS
from keras_layer_lint.keras.objects import LAYERS
from keras_layer_lint.keras.versions import BATCH_IS_OPEN_ON_JAX
from keras_layer_lint.model import syntax
from keras_layer_lint.rule import Confirmation, Rule
from keras_layer_lint.target import GENERATIONS, Target
from keras_layer_lint.values.call_events import ApiCalled
from keras_layer_lint.values.containers import Sequence
from keras_layer_lint.values.events import BatchSizeUsed, Site
from keras_layer_lint.values.value import Dimension, PythonValue, Shape, Tensor, Value

RULE = Rule("KLL141", "batch-size-as-int", confirm=Confirmation("graph"), only_traced=True)
KINDS = TRACED_KINDS

_HELP = {
    Target.KERAS2: "use `tf.shape(x)[0]`, or -1 for one dimension of `tf.reshape`",
    Target.KERAS3: "use `keras.ops.shape(x)[0]`, or -1 for one dimension of `keras.ops.reshape`",
}
_PACKAGES = ("tensorflow.", "keras.ops.", "keras.random.", "keras.backend.", "numpy.prod", "math.prod")
_UNSTACKS = {"tensorflow.unstack": ("num", ("value", "values")), "keras.ops.unstack": ("num", ("x",))}
"""Functions that make a list as long as an axis, the first by default: what says how long it is, and the tensor."""
_EINOPS = frozenset({"einops.rearrange", "einops.reduce", "einops.repeat"})
_TAKES_NUMBERS = frozenset(
    """
    arange broadcast_to cast constant convert_to_tensor empty eye fill full linspace normal one_hot ones prod
    random_normal random_uniform range repeat reshape slice split stack tile truncated_normal uniform unstack zeros
    """.split()
)
"""Functions, by their last name, that raise where a size is None."""
_COMPUTES = frozenset(
    """
    add assert_equal assert_greater assert_less concat concatenate divide equal expand_dims floor_divide floordiv gather
    greater greater_equal less less_equal log maximum minimum mod multiply not_equal one_hot pow power scatter_nd sqrt
    subtract take top_k truediv unsorted_segment_max unsorted_segment_mean unsorted_segment_sum
    """.split()
)
"""Functions, by their last name, that make a tensor of a number, which None is not."""
_RAISES = "which raises TypeError or ValueError unless every batch has a size known beforehand"
_NO_NUMBER = expects(errors=("TypeError", "ValueError"))
_FORMS = {
    "arithmetic": "is calculated with",
    "order": "is compared by size",
    "==": "is compared with a number",
    "!=": "is compared with a number",
}
_RAISES_ON_JAX = {
    "order": "InconclusiveDimensionOperation",
    "int": "InconclusiveDimensionOperation",
    "float": "TypeError",
    "range": "TypeError",
}
_HELP_JAX = "use another dimension, or an operation on the whole batch"
_EQUALITY = {"==": "which is silently False", "!=": "which is silently True"}


def check(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Report batch sizes read from static shapes."""
    for used in layer.traced(BatchSizeUsed):
        form = _FORMS.get(used.how, f"is given to `{used.how}()`")
        expected = NOTHING if used.how in _EQUALITY else _NO_NUMBER
        effect = _EQUALITY.get(used.how, _RAISES)
        yield _diagnostic(layer, used.site, f"{form}, {effect}", expected, _on_jax(used, form))
    for called in layer.traced(ApiCalled):
        name = called.name.rpartition(".")[2]
        takes_numbers = name in _TAKES_NUMBERS | _COMPUTES and called.name.startswith(_PACKAGES)
        if (takes_numbers or called.name in _EINOPS) and any(map(_holds_batch_size, called.arguments.values())):
            yield _diagnostic(layer, called.site, f"is given to `{called.written}`, {_RAISES}", _NO_NUMBER)
        elif called.name in _UNSTACKS and not called.site.conditional and _is_along_batch(called):
            what = f"is how many tensors `{called.written}` has to make, {_RAISES}"
            yield _diagnostic(layer, called.site, what, _NO_NUMBER, _unstacked_on_jax(layer))


def _is_along_batch(called: ApiCalled) -> bool:
    """Whether a tensor becomes as many as there are in the batch."""
    size, names = _UNSTACKS[called.name]
    axis = called.argument(2, "axis")
    given = called.arguments.get(0, *names)
    is_first = axis is None or (isinstance(axis, PythonValue) and axis.constant == 0)
    return is_first and called.argument(1, size) is None and isinstance(given, Tensor) and given.batched


def _unstacked_on_jax(layer: LayerContext) -> Outcome | None:
    """A list of as many as there are is made in Python, where a functional model is built: a loss gets a number."""
    if layer.layer.kind not in LAYERS:
        return None
    message = f"the batch size is how many tensors are made: {OPEN_BATCH}, which raises TypeError"
    return warning(message, _HELP_JAX, expects(errors=("TypeError",)), BATCH_IS_OPEN_ON_JAX)


def _on_jax(used: BatchSizeUsed, form: str) -> Outcome | None:
    """On JAX it is a number, or a dimension that can be calculated with, but not compared by size or counted to."""
    raised = _RAISES_ON_JAX.get(used.how)
    if raised is None or (used.how == "order" and not syntax.divides_sizes(used.site.node)):
        return None
    message = f"the batch size {form}: {OPEN_BATCH}, which raises {raised}"
    return warning(message, _HELP_JAX, expects(errors=(raised,)), BATCH_IS_OPEN_ON_JAX)


def _diagnostic(
    layer: LayerContext, site: Site, what: str, expected: Expectation, on_jax: Outcome | None = None
) -> Diagnostic | None:
    if site.through is not None and (site.conditional or site.optional):
        return None  # the condition may ask whether there is a batch
    if site.phase in STEPS and layer.project_use is not None and layer.project_use.drops_remainders:
        return None
    message = f"{through(site)}the batch size, None in the static shape while tracing, {what}"
    outcomes: dict[Target, Outcome | None] = {
        target: warning(message, _HELP[target], expected) for target in GENERATIONS
    }
    if _knows_batch_sizes(layer):
        outcomes = {target: None if found is None else as_note(found) for target, found in outcomes.items()}
    outcomes[Target.KERAS3_JAX] = on_jax
    return layer.at_site(RULE, site, outcomes)


def _knows_batch_sizes(layer: LayerContext) -> bool:
    use, path, name = layer.use, layer.layer.ref.module.path, layer.layer.name
    return use is not None and (
        use.knows_batch_sizes or use.is_on_sized_inputs(path, name) or use.is_on_real_batches(path, name)
    )


def _holds_batch_size(value: Value) -> bool:
    match value:
        case Dimension(batch=batch):
            return batch
        case Shape(batched=batched, symbolic=symbolic):
            return batched and not symbolic
        case Sequence(items=items, holds_batch_size=holds):
            return holds or (items is not None and any(map(_holds_batch_size, items)))
        case _:
            return False
