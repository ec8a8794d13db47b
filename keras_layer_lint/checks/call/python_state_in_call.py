"""KLL123: `call` keeps something on self for the next call, or binds a weight anew."""

from __future__ import annotations

from collections.abc import Iterator

from keras_layer_lint.checks.call.wording import error, through, warning
from keras_layer_lint.checks.context import LayerContext
from keras_layer_lint.checks.outcome import Outcome, same_everywhere
from keras_layer_lint.diagnostic import Diagnostic
from keras_layer_lint.expectation import expects
from keras_layer_lint.rule import Confirmation, ErrorPlace, Rule
from keras_layer_lint.target import Target
from keras_layer_lint.values.analysis import Analysis
from keras_layer_lint.values.attribute_events import AttributeMutated, AttributeRead, AttributeStored
from keras_layer_lint.values.contents import holds_tensor
from keras_layer_lint.values.value import Nest, PythonValue, Tensor, Value

RULE = Rule(
    "KLL123", "python-state-in-call", confirm=Confirmation("purity", errors_at=(ErrorPlace.USE,)), only_traced=True
)

_WEIGHT = "make `self.{name}` a weight in `build` with `trainable=False`, and change it with `self.{name}.assign(...)`"
_COUNTER = "make `self.{name}` a weight in `build` with `trainable=False`, and use `self.{name}.assign_add(...)`"
_LIST = "return the values, or keep them in a weight with `assign`"

_LEAKED = expects(errors=("UnexpectedTracerError",))


def check(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Report what a trace leaves behind and the next one takes up."""
    analysis = layer.analysis
    reads = [event for event in analysis.events(AttributeRead, "call") if not event.after_write]
    read_first = {event.name for event in reads}
    always_read = {event.name for event in reads if not event.site.conditional}
    restored = {event.name for event in analysis.events(AttributeStored, "call") if _is_weight(event.value)}
    reported: set[str] = set()
    for stored in analysis.events(AttributeStored, "call"):
        if stored.name in reported or layer.layer.method(stored.name) is not None:
            continue
        # Under conditions of their own, the reading and the storing may be two ways to configure the layer.
        apart = stored.site.conditional and stored.name not in always_read and not stored.depends_on_itself
        outcomes = _stored(analysis, stored, stored.name in read_first and not apart, stored.name in restored)
        if outcomes is not None:
            reported.add(stored.name)
            yield layer.at_site(RULE, stored.site, outcomes)
    for mutated in analysis.events(AttributeMutated, "call"):
        if not mutated.grown or mutated.after_write or mutated.site.guarded or mutated.name in reported:
            continue
        reported.add(mutated.name)
        grows = warning(
            f"{through(mutated.site)}`self.{mutated.name}` grows while `call` is traced: by one element for each "
            "trace, not for each batch, and what it holds belongs to that trace",
            _LIST,
        )
        outcomes = same_everywhere(grows)
        yield layer.at_site(RULE, mutated.site, outcomes)


def _stored(
    analysis: Analysis, event: AttributeStored, is_read_first: bool, is_restored: bool
) -> dict[Target, Outcome | None] | None:
    if not is_read_first or event.may_keep_object:
        return None
    name, value = event.name, event.value
    what = f"{through(event.site)}`self.{name}`"
    tensor = _is_tensor(value)
    if event.old is not None and _is_weight(event.old):
        if is_restored or event.site.guarded or not tensor:
            return None
        helps = f"change the weight itself: `self.{name}.assign(...)`"
        bound = (
            f"{what} is a weight, and `call` binds it to a tensor: the weight is out of use, and the next trace raises"
        )
        lost = error(f"{bound} TypeError, for a tensor of the last one is out of scope", helps)
        leaked = error(f"{bound} UnexpectedTracerError, for JAX keeps no tensor of the last one", helps, _LEAKED)
        refused = lost
        if event.operator is not None:
            refused = error(
                f"{what} is a weight: `{event.operator}` on a variable raises RuntimeError in Keras 2", lost.help
            )
        return {Target.KERAS2: refused, Target.KERAS3: lost, Target.KERAS3_JAX: leaked}
    if tensor:
        keeps = f"{what} keeps a tensor for the next call: where that is another trace, "
        kept = warning(f"{keeps}the tensor is out of scope: TypeError", _WEIGHT.format(name=name))
        leaked = warning(f"{keeps}JAX raises UnexpectedTracerError", _WEIGHT.format(name=name), _LEAKED)
        return {Target.KERAS2: kept, Target.KERAS3: kept, Target.KERAS3_JAX: leaked}
    if isinstance(value, PythonValue) and not event.site.guarded and event.depends_on_itself:
        counts = warning(
            f"{what} changes while `call` is traced: once for each trace, not for each batch, and the graph keeps the "
            "value it had then",
            _COUNTER.format(name=name),
        )
        return same_everywhere(counts)
    return None


def _is_weight(value: Value) -> bool:
    return isinstance(value, Tensor) and value.variable


def _is_tensor(value: Value) -> bool:
    if isinstance(value, Tensor):
        return not value.variable
    return isinstance(value, Nest) or holds_tensor(value) is not None
