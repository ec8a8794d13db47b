"""KLL406: what `adapt` learns is kept where neither the config nor the weights hold it."""

from __future__ import annotations

from collections.abc import Iterator

from keras_layer_lint.checks.call.wording import warning
from keras_layer_lint.checks.context import LayerContext
from keras_layer_lint.checks.outcome import same_everywhere
from keras_layer_lint.diagnostic import Diagnostic
from keras_layer_lint.expectation import expects
from keras_layer_lint.keras.kinds import ClassKind
from keras_layer_lint.keras.methods import LEARNING
from keras_layer_lint.model.uses import names_in
from keras_layer_lint.rule import Confirmation, Rule
from keras_layer_lint.values.attribute_events import AttributeRead, AttributeStored
from keras_layer_lint.values.containers import Dict, Sequence
from keras_layer_lint.values.contents import parts_of
from keras_layer_lint.values.value import NumpyValue, PythonValue, Tensor

RULE = Rule("KLL406", "learned-state-in-python", confirm=Confirmation("reload"))
KINDS = frozenset({ClassKind.LAYER})

_HELP = (
    "make it a weight in `build` with `trainable=False` and give it the value with `assign`, or return it from "
    "`get_config` and take it in `__init__`"
)


def check(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Report attributes that are computed from the data and that `call` reads."""
    if not layer.layer.is_complete or layer.layer.info.builtin_base is not None:
        return
    read = {event.name for event in layer.analysis.events(AttributeRead, "call") if not event.after_write}
    for name in LEARNING:
        method = layer.layer.own_method(name)
        if method is None:
            continue
        data = frozenset(method.required[:1])
        stored = [event for event in layer.analysis.events(AttributeStored, name) if not event.site.guarded]
        if any(layer.serialization.may_be_saved(event.name) for event in stored):
            continue  # what else is learned may be made again from that
        for event in {event.name: event for event in stored}.values():
            if (
                event.name in read
                and _is_plain(event)
                and event.computed_from & names_in(event.code, method.node, data, method.self_name)
            ):
                message = (
                    f"`{name}` keeps what it learns in `self.{event.name}`, which neither a weight nor the config "
                    "holds: once loaded, the layer computes with what `__init__` sets"
                )
                learned = warning(message, _HELP, expects(attribute=event.name, arguments=(name,)))
                yield layer.at_site(RULE, event.site, same_everywhere(learned))


def _is_plain(event: AttributeStored) -> bool:
    """Whether the value is certainly none that Keras saves: no weight, layer or object."""
    parts = list(parts_of(event.value))
    return all(_is_plain_part(part) for part in parts) or (isinstance(event.value, Sequence | Dict) and not parts)


def _is_plain_part(part: object) -> bool:
    return isinstance(part, PythonValue | NumpyValue) or (isinstance(part, Tensor) and not part.variable)
