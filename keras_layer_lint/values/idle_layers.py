"""Layers that `call` leaves in inference mode where it is told no `training`."""

from __future__ import annotations

import libcst as cst

from keras_layer_lint.keras.layers import Trait, has_trait
from keras_layer_lint.model import syntax
from keras_layer_lint.model.class_graph import ClassRef
from keras_layer_lint.model.layer import LayerClass, layer_of
from keras_layer_lint.values.analysis import Analysis, analysis_of
from keras_layer_lint.values.attribute_events import AttributeStored
from keras_layer_lint.values.call_events import LayerCalled, LayerMade
from keras_layer_lint.values.contents import layers_in
from keras_layer_lint.values.rates import is_zero, rate_of
from keras_layer_lint.values.value import Layer, PythonValue, Value

_DEEPEST = 4
"""How far layers of the project are looked into that hold others."""


def idle_layer(layer: LayerClass, analysis: Analysis, depth: int = 0) -> str | None:
    """The class of a layer that does something else in training, and certainly learns of it from a caller alone.

    None where there is none for certain: `training` is True by default, or told as a constant.
    """
    call = layer.method("call")
    if (
        call is None
        or depth > _DEEPEST
        or not layer.is_complete
        or call.default_of("training") not in (..., None, False)
    ):
        return None
    asking = _asking(layer, analysis)
    for event in analysis.events(LayerCalled, "call"):
        told = event.keyword("training")
        if event.arguments.star_kwargs or not (told is None or _is_handed_on(told)):
            continue
        if any(isinstance(given, PythonValue) and given.constant is True for given in event.arguments.positional):
            continue
        held = event.attribute or (event.held_as or "").removeprefix("self.")
        if isinstance(event.layer, ClassRef):
            found = _idle_in(layer, event.layer, depth)
        elif has_trait(event.layer, Trait.NEEDS_TRAINING):
            made = asking.get(held)
            found = event.layer if made is None or event.layer in made else None
        else:
            found = next(iter(asking.get(held, ())), None) if _may_hold_others(event) else None
        if found is not None:
            return found
    return None


def _may_hold_others(event: LayerCalled) -> bool:
    return event.layer == "keras.Sequential" or event.goes_over_list


def _is_handed_on(told: Value) -> bool:
    return isinstance(told, PythonValue) and told.parameter == "training" and told.derived is None


def _idle_in(holder: LayerClass, ref: ClassRef, depth: int) -> str | None:
    if not holder.is_keras_class(ref):
        return None
    layer = layer_of(holder.project.class_info(ref), holder.code, holder.generations)
    return idle_layer(layer, analysis_of(layer), depth + 1)


def _asking(layer: LayerClass, analysis: Analysis) -> dict[str, list[str]]:
    """The classes of the layers that ask for `training`, by the attribute that holds them, or what they are part of.

    What has a rate of 0 does nothing in training either.
    """
    made: dict[int, str | None] = {}
    statements: list[tuple[str, cst.CSTNode]] = []
    found: dict[str, list[str]] = {}
    for event in analysis.events(LayerMade):
        if isinstance(event.of, str) and has_trait(event.of, Trait.NEEDS_TRAINING) and event.site.through is None:
            is_idle = has_trait(event.of, Trait.TAKES_RATE) and _may_be_zero(layer, event)
            made[id(event.site.node)] = None if is_idle else event.of
    for stored in analysis.events(AttributeStored):
        kinds = found.setdefault(stored.name, [])
        for part in layers_in(stored.value):
            if (of := made.get(id(part.node))) is not None:
                kinds.append(of)
        if isinstance(stored.value, Layer) and stored.value.of == "keras.Sequential" and stored.statement is not None:
            statements.append((stored.name, stored.statement))
    for event in analysis.events(LayerMade):
        of = made.get(id(event.site.node))
        if of is not None:
            for name, statement in statements:
                if syntax.holds(statement, event.site.node):
                    found[name].append(of)
    return found


def _may_be_zero(layer: LayerClass, event: LayerMade) -> bool:
    """Whether a rate is 0, also where that is the default of the argument it comes from."""
    rate = rate_of(event)
    if is_zero(rate):
        return True
    init = layer.method("__init__")
    if not isinstance(rate, PythonValue) or rate.parameter is None or init is None:
        return False
    return init.default_of(rate.parameter) in (0, None)
