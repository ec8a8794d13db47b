"""KLL308: `from_config` is no class method, or what `get_config` serializes is never deserialized."""

from __future__ import annotations

from collections.abc import Iterator

from keras_layer_lint.checks.config.facts import with_lacking
from keras_layer_lint.checks.config.places import at_key
from keras_layer_lint.checks.context import LayerContext
from keras_layer_lint.checks.outcome import Outcome, same_everywhere
from keras_layer_lint.diagnostic import Diagnostic, Severity
from keras_layer_lint.keras.kinds import ClassKind
from keras_layer_lint.keras.objects import OBJECTS
from keras_layer_lint.rule import Confirmation, Rule
from keras_layer_lint.serialization.automatic_config import is_plain
from keras_layer_lint.serialization.layer_serialization import Serialization
from keras_layer_lint.values.attribute_events import ParameterUsed
from keras_layer_lint.values.containers import Sequence
from keras_layer_lint.values.value import Layer, PythonValue, Serialized, Value

RULE = Rule("KLL308", "from-config", confirm=Confirmation("reload", needs_call=False))
KINDS = OBJECTS - {ClassKind.OPTIMIZER}  # whose own `from_config` makes schedules again

_USED_AS_CONFIG = ("initializers", "regularizers", "constraints", "activations")
"""Sections whose serialized objects the methods of a layer also take, such as `add_weight(initializer=...)`."""


def check(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Report the class's own `from_config`, and keys that hold what `serialize` or `get_config` returned."""
    yield from _no_class_method(layer)
    serialization = layer.serialization
    config = serialization.config
    if config is None or serialization.is_supplied_elsewhere:
        return
    name = layer.layer.name
    what = "layer" if layer.layer.is_layer else "object"
    for parameter in serialization.parameters:
        entry = config.entries.get(parameter.name)
        if entry is None or entry.node is None or serialization.restores(parameter.name):
            continue
        found = _serialized(entry.value)
        if found is None or is_plain(parameter) or not _stays_as_it_is(layer, parameter.name, found.of, found.by):
            continue
        is_element = isinstance(found.of, PythonValue) and found.of.element_of is not None
        it, place = ("them", "dicts in their place") if is_element else ("it", "a dict in its place")
        called = f"{found.by}()" if found.by.endswith(".get_config") else f"{found.by}(...)"
        message = (
            f"`{name}.get_config()` returns `{called}` for `{parameter.name}`, and nothing deserializes {it}: "
            f"loading gives the {what} {place}"
        )
        outcome = Outcome(Severity.ERROR, message, _help(serialization, found))
        yield at_key(layer, RULE, entry, with_lacking(same_everywhere(outcome), serialization, [parameter]))


def _no_class_method(layer: LayerContext) -> Iterator[Diagnostic | None]:
    method = layer.layer.own_method("from_config")
    body = layer.layer.body(layer.layer.ref)
    if method is None or method.node.decorators or "from_config" in body.assignments:
        return
    outcome = Outcome(
        Severity.ERROR,
        f"`{layer.layer.name}.from_config()` is no class method: loading raises TypeError for a missing argument",
        "put `@classmethod` above it",
    )
    yield layer.at_definition(RULE, method.unit, method.node, same_everywhere(outcome))


def _serialized(value: Value) -> Serialized | None:
    if isinstance(value, Sequence) and value.items is None:
        value = value.element
    return value if isinstance(value, Serialized) else None


def _stays_as_it_is(layer: LayerContext, key: str, value: Value, by: str) -> bool:
    """Whether `__init__` keeps the argument without turning a dict into an object, and an object is needed."""
    if isinstance(value, Sequence):
        value = value.element
    if isinstance(value, Layer):
        return value.of == "keras.layers.Layer"  # an argument annotated so; others are made of the argument
    if not isinstance(value, PythonValue) or key not in (value.parameter, value.element_of):
        return False
    events = [event for event in layer.analysis.events(ParameterUsed) if event.name == key]
    uses = {event.use for event in events}
    if value.element_of is not None:
        return uses == {"elements called"} and not all(event.site.conditional for event in events)
    if any(f"{section}." in by for section in _USED_AS_CONFIG):
        return uses == {"called"} and not all(event.site.conditional for event in events)
    return uses <= {"called"} and not (not uses and layer.serialization.is_read_back(key))


def _help(serialization: Serialization, found: Serialized) -> str:
    whole = found.by.rpartition(".")[2] != "get_config"
    how = "`keras.saving.deserialize_keras_object`" if whole else "`from_config` of its class"
    return f"override `from_config` to call {how} on it before `cls(**config)`"
