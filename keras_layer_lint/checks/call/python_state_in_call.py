"""KLL123: `call` keeps something on self for the next call, or binds a weight anew."""

from __future__ import annotations

from collections.abc import Iterator

from keras_layer_lint.checks.call.wording import error, through, warning
from keras_layer_lint.checks.context import LayerContext
from keras_layer_lint.checks.outcome import Outcome, same_everywhere
from keras_layer_lint.diagnostic import Diagnostic
from keras_layer_lint.expectation import expects
from keras_layer_lint.model import uses
from keras_layer_lint.model.restoring import is_put_back, puts_back
from keras_layer_lint.rule import Confirmation, ErrorPlace, Rule
from keras_layer_lint.target import Target
from keras_layer_lint.values.analysis import Analysis
from keras_layer_lint.values.attribute_events import (
    AttributeMutated,
    AttributeRead,
    AttributeStored,
    ItemRead,
    ItemStored,
    StateDecides,
)
from keras_layer_lint.values.containers import Dict, Sequence
from keras_layer_lint.values.contents import parts_of
from keras_layer_lint.values.value import Nest, PythonValue, Tensor, Value

RULE = Rule(
    "KLL123", "python-state-in-call", confirm=Confirmation("purity", errors_at=(ErrorPlace.USE,)), only_traced=True
)

_WEIGHT = "make `self.{name}` a weight in `build` with `trainable=False`, and change it with `self.{name}.assign(...)`"
_COUNTER = "make `self.{name}` a weight in `build` with `trainable=False`, and use `self.{name}.assign_add(...)`"
_COUNTS = (
    "changes while `call` is traced: once for each trace, not for each batch, and the graph keeps the value it had then"
)
_LIST = "return the values, or keep them in a weight with `assign`"

_FLAG = "make `self.{name}` a weight in `build` with `trainable=False`, and decide with `{cond}`"
_ITEM = (
    "make it a weight in `build` with `trainable=False`, and change it with `assign`; what only this call needs goes "
    "into a local variable"
)

_LEAKED = expects(errors=("UnexpectedTracerError",))


def check(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Report what a trace leaves behind and the next one takes up."""
    analysis = layer.analysis
    reads = [event for event in analysis.events(AttributeRead, "call") if not event.after_write]
    read_first = {event.name for event in reads}
    always_read = {event.name for event in reads if not event.site.conditional}
    restored = {event.name for event in analysis.events(AttributeStored, "call") if _is_weight(event.value)}
    flags = _flags(analysis)
    reported: set[str] = set()
    for stored in analysis.events(AttributeStored, "call"):
        if stored.name in reported or layer.layer.method(stored.name) is not None:
            continue
        # Under conditions of their own, the reading and the storing may be two ways to configure the layer.
        apart = stored.site.conditional and stored.name not in always_read and not _reads_itself(stored)
        outcomes = _stored(analysis, stored, stored.name in read_first and not apart, stored.name in restored)
        if outcomes is None and stored.name in flags and stored.name in read_first:
            outcomes = _flag(stored)
        if outcomes is None or layer.layer.reads_only_static(stored.name) or _is_put_back(analysis, stored):
            continue
        reported.add(stored.name)
        yield layer.at_site(RULE, stored.site, outcomes)
    for mutated in analysis.events(AttributeMutated, "call"):
        if not mutated.grown or mutated.after_write or mutated.site.guarded or mutated.name in reported:
            continue
        if _is_emptied(analysis, mutated):
            continue
        reported.add(mutated.name)
        grows = warning(
            f"{through(mutated.site)}`self.{mutated.name}` grows while `call` is traced: by one element for each "
            "trace, not for each batch, and what it holds belongs to that trace",
            _LIST,
        )
        outcomes = same_everywhere(grows)
        yield layer.at_site(RULE, mutated.site, outcomes)
    for item in analysis.events(ItemStored, "call"):
        if item.name not in reported and (outcomes := _item(analysis, item)) is not None:
            reported.add(item.name)
            yield layer.at_site(RULE, item.site, outcomes)


def _is_put_back(analysis: Analysis, stored: AttributeStored) -> bool:
    """Whether the attribute holds at the end of `call` what it held before, kept in a local variable meanwhile."""
    name = stored.name
    if stored.code is None or stored.statement is None:
        return False
    if _puts_back(stored) or is_put_back(name, stored.statement, stored.code, stored.receiver):
        return True
    # A helper binds it, and who calls the helper puts it back.
    start = analysis.order(stored)
    return any(
        later.name == name
        and later.code is not None
        and later.code is not stored.code
        and not later.site.optional
        and analysis.order(later) > start
        and _puts_back(later)
        for later in analysis.events(AttributeStored, "call")
    )


def _reads_itself(event: AttributeStored) -> bool:
    """Whether whoever stores the attribute has read it before, so that both stand under the same conditions."""
    if event.depends_on_itself:
        return True
    if event.code is None or event.statement is None:
        return False
    return uses.is_read_on_the_way(event.name, event.statement, event.code.body, event.receiver)


def _puts_back(event: AttributeStored) -> bool:
    if event.code is None or event.statement is None:
        return False
    return puts_back(event.name, event.statement, event.code, event.receiver)


def _flags(analysis: Analysis) -> set[str]:
    """Attributes that say in `call` what the graph holds, and that `call` sets to one of True and False only."""
    decides = {event.name for event in analysis.events(StateDecides, "call")} - {"built"}
    given: dict[str, set[bool]] = {}
    for stored in analysis.events(AttributeStored, "call"):
        value = stored.value.constant if isinstance(stored.value, PythonValue) else None
        if isinstance(value, bool):
            given.setdefault(stored.name, set()).add(value)
        else:
            decides.discard(stored.name)
    return {name for name in decides if len(given.get(name, ())) == 1}


def _flag(event: AttributeStored) -> dict[Target, Outcome | None]:
    name = event.name
    message = (
        f"{through(event.site)}`self.{name}` is set while `call` is traced for the first time: the graph keeps what "
        "was decided then, for all batches"
    )
    return {
        Target.KERAS2: warning(message, _FLAG.format(name=name, cond="tf.cond")),
        Target.KERAS3: warning(message, _FLAG.format(name=name, cond="keras.ops.cond")),
    }


def _item(analysis: Analysis, event: ItemStored) -> dict[Target, Outcome | None] | None:
    reads = [
        read
        for read in analysis.events(ItemRead, "call")
        if read.name == event.name and read.key in (event.key, "") and not read.after_write
    ]
    if not reads or (event.site.conditional and all(read.site.conditional for read in reads)):
        return None
    what = f"{through(event.site)}`{event.text}`"
    if _is_tensor(event.value):
        return _keeps_tensor(what, _ITEM)
    if isinstance(event.value, PythonValue) and event.is_augmented:
        return same_everywhere(warning(f"{what} {_COUNTS}", _ITEM))
    return None


def _keeps_tensor(what: str, helps: str) -> dict[Target, Outcome | None]:
    keeps = f"{what} keeps a tensor for the next call: where that is another trace, "
    kept = warning(f"{keeps}the tensor is out of scope: TypeError", helps)
    leaked = warning(f"{keeps}JAX raises UnexpectedTracerError", helps, _LEAKED)
    return {Target.KERAS2: kept, Target.KERAS3: kept, Target.KERAS3_JAX: leaked}


def _is_empty(value: Value) -> bool:
    return (isinstance(value, Sequence) and value.items == ()) or (
        isinstance(value, Dict) and value.complete and not value.entries
    )


def _is_emptied(analysis: Analysis, mutated: AttributeMutated) -> bool:
    """Whether `call` leaves the container empty: nothing of this trace is there in the next."""
    later = analysis.order(mutated)
    changes: list[AttributeStored | AttributeMutated] = [
        *analysis.events(AttributeStored, "call"),
        *analysis.events(AttributeMutated, "call"),
    ]
    return any(
        change.name == mutated.name
        and _is_empty(change.value)
        and not change.site.conditional
        and analysis.order(change) > later
        for change in changes
    )


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
    if isinstance(event.old, Sequence) and event.operator is not None:
        return None  # a list that grows
    if tensor:
        return _keeps_tensor(what, _WEIGHT.format(name=name))
    if isinstance(value, PythonValue) and not event.site.guarded and event.counts_on:
        return same_everywhere(warning(f"{what} {_COUNTS}", _COUNTER.format(name=name)))
    return None


def _is_weight(value: Value) -> bool:
    return isinstance(value, Tensor) and value.variable


def _is_tensor(value: Value) -> bool:
    parts = list(parts_of(value))
    return any(isinstance(part, Nest) or (isinstance(part, Tensor) and not part.variable) for part in parts)
