"""KLL215: a layer or weight is added once the layer is built."""

from __future__ import annotations

from collections.abc import Iterator

from keras_layer_lint.checks.call.wording import through
from keras_layer_lint.checks.context import LayerContext
from keras_layer_lint.checks.outcome import Outcome
from keras_layer_lint.diagnostic import Diagnostic, Severity
from keras_layer_lint.keras.methods import AFTER_BUILD
from keras_layer_lint.model import syntax, uses
from keras_layer_lint.model.module_calls import is_called_on_built
from keras_layer_lint.rule import Confirmation, Rule
from keras_layer_lint.target import Target
from keras_layer_lint.values.attribute_events import AttributeStored
from keras_layer_lint.values.call_events import WeightAdded
from keras_layer_lint.values.contents import layers_in
from keras_layer_lint.values.events import Event
from keras_layer_lint.values.value import Layer, PythonValue, Tensor

RULE = Rule("KLL215", "state-after-build", confirm=Confirmation("build"))

_BEFORE = frozenset({"__init__", "build", "call"})
_OWN_WAY = frozenset({"unlock", "_tracker", "built"})
"""Names in code that opens the layer, or asks whether it is built."""


def check(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Report methods that certainly run after `build`; what `call` makes anew each time is another rule's."""
    yield from _made_once_in_call(layer)
    made_in_build = {event.name for event in layer.analysis.events(AttributeStored, "build")}
    made_in_build -= {event.name for event in layer.analysis.events(AttributeStored, "__init__")}
    there = _made_before(layer)
    stored: dict[str, set[str]] = {}
    for stores in layer.analysis.events(AttributeStored):
        stored.setdefault(stores.site.phase, set()).add(stores.name)
    for event in layer.analysis.events(Event):
        phase = event.site.phase
        if phase in _BEFORE or not _is_state(event):
            continue
        if event.site.conditional and _kept_in(layer, event) in there:
            continue  # under `if self.x is None`, which it is not by then
        method = layer.layer.method(phase)
        if method is None or syntax.names_in_text(method.node) & _OWN_WAY:
            continue
        names = uses.names_read(method.node.body)
        read = {name[5:] for name in names if name.startswith("self.")} - stored.get(phase, set())
        if phase in AFTER_BUILD:
            when = f"Keras calls `{phase}` on a built layer"
        elif read & made_in_build:
            when = f"`{phase}` reads `self.{min(read & made_in_build)}`, so the layer is built by then"
        elif not event.site.conditional and is_called_on_built(layer.layer.ref.module, layer.layer.name, phase):
            when = f"`{phase}` is called on a built `{layer.layer.name}` in this file"
        else:
            continue
        outcome = Outcome(
            Severity.ERROR,
            f"{when}, and Keras 3 then adds no layer or weight: this raises ValueError",
            "make it in `__init__` or `build`",
        )
        yield layer.at_site(RULE, event.site, {Target.KERAS3: outcome})


def _made_once_in_call(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """What the first `call` adds: `if self.w is None: self.w = self.add_weight(...)`."""
    analysis = layer.analysis
    events = [event for event in analysis.events(Event, "call") if event.site.guarded and _is_state(event)]
    if not events or not layer.building.is_closed_before_call():
        return
    before = {
        event.name
        for phase in ("__init__", "build")
        for event in analysis.events(AttributeStored, phase)
        if not (isinstance(event.value, PythonValue) and event.value.is_none)
    }
    for event in events:
        kept = _kept_in(layer, event)
        call = layer.layer.method("call")
        if kept is None or kept in before or call is None or syntax.names_in_text(call.node) & _OWN_WAY:
            continue
        made = f"a weight, `self.{kept}`," if isinstance(event, WeightAdded) else f"a layer, `self.{kept}`,"
        outcome = Outcome(
            Severity.ERROR,
            f"{through(event.site)}{made} is made by the first `call`; "
            "Keras 3 then adds none to a built layer: this raises ValueError",
            "make it in `__init__` or `build`",
        )
        yield layer.at_site(RULE, event.site, {Target.KERAS3: outcome})


def _made_before(layer: LayerContext) -> set[str]:
    """Attributes that certainly hold something once the layer is built."""
    return {
        event.name
        for phase in ("__init__", "build")
        for event in layer.analysis.events(AttributeStored, phase)
        if not event.site.conditional and isinstance(event.value, Layer | Tensor)
    }


def _kept_in(layer: LayerContext, event: Event) -> str | None:
    if isinstance(event, WeightAdded):
        return layer.analysis.kept_in(event)
    return event.name if isinstance(event, AttributeStored) else None


def _is_state(event: Event) -> bool:
    if isinstance(event, WeightAdded):
        return event.api == "add_weight"
    return isinstance(event, AttributeStored) and any(
        isinstance(part, Layer) and part.node is not None for part in layers_in(event.value)
    )
