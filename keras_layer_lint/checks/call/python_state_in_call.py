"""KLL123: `call` keeps something on self for the next call, or binds a weight anew."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from keras_layer_lint.checks.call.wording import error, through, warning
from keras_layer_lint.checks.context import LayerContext
from keras_layer_lint.checks.outcome import Outcome, same_everywhere
from keras_layer_lint.diagnostic import Diagnostic
from keras_layer_lint.expectation import expects
from keras_layer_lint.keras.methods import TRACED_KINDS
from keras_layer_lint.model import uses
from keras_layer_lint.model.kept_while_training import kept_while_training
from keras_layer_lint.model.restoring import is_put_back, puts_back
from keras_layer_lint.rule import Confirmation, ErrorPlace, Rule
from keras_layer_lint.target import Target
from keras_layer_lint.values.attribute_events import (
    AttributeMutated,
    AttributeRead,
    AttributeStored,
    ItemRead,
    ItemStored,
    StateDecides,
)
from keras_layer_lint.values.containers import Dict, Sequence
from keras_layer_lint.values.contents import layers_in, parts_of
from keras_layer_lint.values.events import Event
from keras_layer_lint.values.value import Nest, NumpyValue, PythonValue, Tensor, Value

E = TypeVar("E", bound=Event)

RULE = Rule(
    "KLL123", "python-state-in-call", confirm=Confirmation("purity", errors_at=(ErrorPlace.USE,)), only_traced=True
)
KINDS = TRACED_KINDS

_IN_BUILD = "a weight in `build` with `trainable=False`"
_IN_INIT = "a variable in `__init__` that is not trained"
_WEIGHT = "make `self.{name}` {made}, and change it with `self.{name}.assign(...)`"
_COUNTER = "make `self.{name}` {made}, and use `self.{name}.assign_add(...)`"
_COUNTS = (
    "changes while `{phase}` is traced: once for each trace, not for each batch, and the graph keeps the value it had "
    "then"
)
_LIST = "return the values, or keep them in a weight with `assign`"

_FLAG = "make `self.{name}` {made}, and decide with `{cond}`"
_ITEM = "make it {made}, and change it with `assign`; what only this call needs goes into a local variable"

_LEAKED = expects(errors=("UnexpectedTracerError",))


def check(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Report what a trace leaves behind and the next one takes up, each attribute once."""
    reported: set[str] = set()
    for phase in layer.layer.traced:
        yield from _in_method(layer, Traced(layer, phase), reported)


def _in_method(layer: LayerContext, traced: Traced, reported: set[str]) -> Iterator[Diagnostic | None]:
    reads = [event for event in traced.events(AttributeRead) if not event.after_write]
    read_first = {event.name for event in reads}
    always_read = {event.name for event in reads if not event.site.conditional}
    restored = {event.name for event in traced.events(AttributeStored) if _is_weight(event.value)}
    flags = _flags(traced)
    method = layer.layer.method(traced.method)
    kept = frozenset() if method is None else kept_while_training(method.node)
    for stored in traced.events(AttributeStored):
        if stored.name in reported or layer.layer.method(stored.name) is not None:
            continue
        # Under conditions of their own, the reading and the storing may be two ways to configure the layer.
        apart = stored.site.conditional and stored.name not in always_read and not _reads_itself(stored)
        is_read = stored.name in kept or (stored.name in read_first and not apart)
        outcomes = _stored(traced, stored, is_read, stored.name in restored)
        if outcomes is None and stored.name in flags and stored.name in read_first:
            outcomes = _flag(traced, stored)
        if outcomes is None or layer.layer.reads_only_static(stored.name) or _is_put_back(traced, stored):
            continue
        if stored.operator is not None and layer.use is not None and not layer.use.reads(stored.name):
            continue  # a count that nobody looks at
        reported.add(stored.name)
        yield layer.at_site(RULE, stored.site, outcomes)
    for mutated in traced.events(AttributeMutated):
        if not mutated.grown or mutated.after_write or mutated.site.guarded or mutated.name in reported:
            continue
        if _is_emptied(traced, mutated):
            continue
        reported.add(mutated.name)
        grows = warning(
            f"{through(mutated.site)}`self.{mutated.name}` grows while `{traced.method}` is traced: by one element "
            "for each trace, not for each batch, and what it holds belongs to that trace",
            _LIST,
        )
        outcomes = same_everywhere(grows)
        if layers_in(mutated.value):
            outcomes[Target.KERAS3] = None  # it refuses layers once it is built, which is what is said of making them
        yield layer.at_site(RULE, mutated.site, outcomes)
    for item in traced.events(ItemStored):
        if item.name not in reported and (outcomes := _item(traced, item)) is not None:
            reported.add(item.name)
            yield layer.at_site(RULE, item.site, outcomes)


class Traced:
    """One of the methods that Keras traces, and what happens in it."""

    def __init__(self, layer: LayerContext, method: str) -> None:
        self._layer = layer
        self.method = method
        self.made = _IN_BUILD if layer.layer.is_layer and method == "call" else _IN_INIT
        """What is to be made of an attribute that changes."""

    def events(self, kind: type[E]) -> Iterator[E]:
        """The events of one kind, in order."""
        for event in self._layer.traced(kind):
            if event.site.phase == self.method:
                yield event

    def order(self, event: Event) -> int:
        """The position of an event among all."""
        return self._layer.analysis.order(event)


def _is_put_back(traced: Traced, stored: AttributeStored) -> bool:
    """Whether the attribute holds at the end of `call` what it held before, kept in a local variable meanwhile."""
    name = stored.name
    if stored.code is None or stored.statement is None:
        return False
    if _puts_back(stored) or is_put_back(name, stored.statement, stored.code, stored.receiver):
        return True
    # A helper binds it, and who calls the helper puts it back.
    start = traced.order(stored)
    return any(
        later.name == name
        and later.code is not None
        and later.code is not stored.code
        and not later.site.optional
        and traced.order(later) > start
        and _puts_back(later)
        for later in traced.events(AttributeStored)
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


def _flags(traced: Traced) -> set[str]:
    """Attributes that say in `call` what the graph holds, and that `call` sets to one of True and False only."""
    decides = {event.name for event in traced.events(StateDecides)} - {"built"}
    given: dict[str, set[bool]] = {}
    for stored in traced.events(AttributeStored):
        value = stored.value.constant if isinstance(stored.value, PythonValue) else None
        if isinstance(value, bool):
            given.setdefault(stored.name, set()).add(value)
        else:
            decides.discard(stored.name)
    return {name for name in decides if len(given.get(name, ())) == 1}


def _flag(traced: Traced, event: AttributeStored) -> dict[Target, Outcome | None]:
    name = event.name
    message = (
        f"{through(event.site)}`self.{name}` is set while `{traced.method}` is traced for the first time: the graph "
        "keeps what was decided then, for all batches"
    )
    return {
        Target.KERAS2: warning(message, _FLAG.format(name=name, made=traced.made, cond="tf.cond")),
        Target.KERAS3: warning(message, _FLAG.format(name=name, made=traced.made, cond="keras.ops.cond")),
    }


def _item(traced: Traced, event: ItemStored) -> dict[Target, Outcome | None] | None:
    reads = [
        read
        for read in traced.events(ItemRead)
        if read.name == event.name and read.key in (event.key, "") and not read.after_write
    ]
    if not reads or (event.site.conditional and all(read.site.conditional for read in reads)):
        return None
    what = f"{through(event.site)}`{event.text}`"
    if _is_tensor(event.value):
        return _keeps_tensor(what, _ITEM.format(made=traced.made))
    if isinstance(event.value, PythonValue | NumpyValue) and event.counts_on:
        return same_everywhere(warning(f"{what} {_COUNTS.format(phase=traced.method)}", _ITEM.format(made=traced.made)))
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


def _is_emptied(traced: Traced, mutated: AttributeMutated) -> bool:
    """Whether `call` leaves the container empty: nothing of this trace is there in the next."""
    later = traced.order(mutated)
    changes: list[AttributeStored | AttributeMutated] = [
        *traced.events(AttributeStored),
        *traced.events(AttributeMutated),
    ]
    return any(
        change.name == mutated.name
        and _is_empty(change.value)
        and not change.site.conditional
        and traced.order(change) > later
        for change in changes
    )


def _stored(
    traced: Traced, event: AttributeStored, is_read_first: bool, is_restored: bool
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
            f"{what} is a weight, and `{traced.method}` binds it to a tensor: the weight is out of use, and the next "
            "trace raises"
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
        return _keeps_tensor(what, _WEIGHT.format(name=name, made=traced.made))
    if isinstance(value, PythonValue | NumpyValue) and not event.site.guarded and event.counts_on:
        return same_everywhere(
            warning(f"{what} {_COUNTS.format(phase=traced.method)}", _COUNTER.format(name=name, made=traced.made))
        )
    return None


def _is_weight(value: Value) -> bool:
    return isinstance(value, Tensor) and value.variable


def _is_tensor(value: Value) -> bool:
    parts = list(parts_of(value))
    return any(isinstance(part, Nest) or (isinstance(part, Tensor) and not part.variable) for part in parts)
