"""KLL307: the config holds an object that does not come back from a file."""

from __future__ import annotations

from collections.abc import Iterator

from keras_layer_lint.checks.config.facts import with_lacking
from keras_layer_lint.checks.config.places import at_key
from keras_layer_lint.checks.context import LayerContext
from keras_layer_lint.checks.outcome import Outcome
from keras_layer_lint.diagnostic import Diagnostic, Severity
from keras_layer_lint.expectation import Effect, ValueKind, expects
from keras_layer_lint.keras.objects import OBJECTS
from keras_layer_lint.keras.versions import LAYERS_COME_BACK_AS_DICTS
from keras_layer_lint.rule import Confirmation, Rule
from keras_layer_lint.serialization.signature import Parameter
from keras_layer_lint.target import EVERY_VERSION, Target
from keras_layer_lint.values.attribute_events import ParameterUsed
from keras_layer_lint.values.containers import Dict, Sequence
from keras_layer_lint.values.value import (
    ExternalName,
    Function,
    Instance,
    Layer,
    NumpyValue,
    PythonValue,
    Self,
    Serialized,
    Tensor,
    Unserializable,
    Value,
)

RULE = Rule("KLL307", "unserializable-config-value", confirm=Confirmation("reload", needs_call=False))
KINDS = OBJECTS

_RESTORE = (
    "return `keras.saving.serialize_keras_object(...)` of it, and override `from_config` to call "
    "`keras.saving.deserialize_keras_object`"
)


def check(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Report keys of the config that are arguments of `__init__` and that no `from_config` turns back."""
    serialization = layer.serialization
    config = serialization.config
    if config is None or serialization.is_supplied_elsewhere:
        return
    for parameter in serialization.parameters:
        entry = config.entries.get(parameter.name)
        if entry is None or entry.node is None or serialization.restores(parameter.name):
            continue
        outcomes = {target: _outcome(layer, parameter, entry.value, target) for target in layer.targets}
        yield at_key(layer, RULE, entry, with_lacking(outcomes, serialization, [parameter]))


def _outcome(layer: LayerContext, parameter: Parameter, value: Value, target: Target) -> Outcome | None:
    start = f"`{layer.layer.name}.get_config()` returns"
    key = parameter.name
    if isinstance(value, PythonValue) and value.parameter == key:
        uses = [event for event in layer.analysis.events(ParameterUsed) if event.name == key]
        # Under a condition it may be something else in the other cases, such as the name of an activation.
        if {event.use for event in uses} != {"called"} or all(event.site.conditional for event in uses):
            return None
        message = (
            f"{start} `{key}` as it came, and `{layer.layer.name}` calls it: nothing that can be called comes back "
            "from a `.keras` file, so saving, loading or the first call afterwards raises TypeError"
        )
        return Outcome(Severity.ERROR, message, _RESTORE)
    if isinstance(value, Serialized) and value.by in ("str", "repr"):
        return _text(layer, start, key, value)
    if isinstance(value, Dict) and value.numbered:
        message = (
            f"{start} a dict with numbers as keys for `{key}`: they come back from a `.keras` file as text, so that "
            "looking up a number fails, or finds nothing"
        )
        helps = "return a list of pairs, or turn the keys back in `__init__`"
        return Outcome(Severity.WARNING, message, helps, expects(Effect.OTHER_VALUE, arguments=(key,)))
    what = _object(value)
    if what is None:
        return None
    if isinstance(value, Unserializable) or (target is Target.KERAS2 and isinstance(value, Tensor) and value.variable):
        helps = (
            "return a list of it" if isinstance(value, Unserializable) else f"keep `{key}` as it came, and return that"
        )
        return Outcome(Severity.ERROR, f"{start} {what} for `{key}`: saving raises TypeError", helps)
    message = f"{start} {what} for `{key}`: it comes back from a `.keras` file as a dict, which nothing turns back"
    if isinstance(value, Function) and not value.is_lambda:
        other = expects(Effect.OTHER_VALUE, arguments=(key,))
        return Outcome(Severity.WARNING, message, f"return what `{key}` was", other)
    if isinstance(value, NumpyValue):
        facts = expects(arguments=(key,), values=ValueKind.ARRAY)
        return Outcome(Severity.ERROR, message, "return `.tolist()` of it", facts)
    if isinstance(value, Tensor):
        return Outcome(Severity.ERROR, message, f"keep `{key}` as it came, and return that", expects(arguments=(key,)))
    is_layer_2 = isinstance(value, Layer) and target is Target.KERAS2
    versions = LAYERS_COME_BACK_AS_DICTS if is_layer_2 else EVERY_VERSION
    return Outcome(Severity.ERROR, message, _RESTORE, expects(arguments=(key,)), versions=versions)


def _text(layer: LayerContext, start: str, key: str, value: Serialized) -> Outcome | None:
    """`str()` of an object, or of an argument that may be one."""
    unreadable = f"{start} `{value.by}(...)` of {{}} for `{key}`: no text that can be turned back"
    helps = f"return `keras.{{}}.serialize(...)` of it, or what `{key}` was"
    match value.of:
        case Layer():
            what, section = "a layer", "layers"
        case ExternalName(name=name) if name.startswith("keras.activations."):
            what, section = "a function", "activations"
        case Instance(of=name) if name.startswith("keras.") and name.endswith(".get"):
            section = name.split(".")[1]
            what = f"an object of `keras.{section}`"
        case PythonValue(parameter=str(name)) if (kind := layer.serialization.object_kind(name)) is not None:
            message = unreadable.format(f"an argument that may be an object of `keras.{kind}`")
            return Outcome(Severity.WARNING, message, helps.format(kind))
        case _:
            return None
    message = f"{unreadable.format(what)}, so that the reloaded layer raises ValueError or TypeError"
    return Outcome(Severity.ERROR, message, helps.format(section))


def _object(value: Value) -> str | None:
    """What a value is that does not come back as it was; None for all others."""
    match value:
        case Layer(of="keras.layers.Activation"):
            return None  # which takes the dict that it comes back as
        case Layer():
            return "a layer"
        case Tensor(variable=True):
            return "a weight"
        case Tensor():
            return "a tensor"
        case NumpyValue(is_array=True):
            return "a NumPy array"
        case Function(is_lambda=True):
            return "a lambda"
        case Function(receiver=Self(), method=str(method)):
            return f"the method `{method}`"
        case Unserializable(what=what):
            return what
        case Sequence(items=None, element=Layer()):
            return "a list of layers"
        case Sequence(items=tuple(items)) if any(isinstance(item, Layer) for item in items):
            return "a list of layers"
        case Dict(entries=entries) if any(isinstance(entry.value, Layer) for entry in entries.values()):
            return "a dict of layers"
        case _:
            return None
