"""KLL310: the config returns an argument from an attribute that does not hold it."""

from __future__ import annotations

from collections.abc import Iterator

from keras_layer_lint.checks.config.facts import with_lacking
from keras_layer_lint.checks.config.places import at_key
from keras_layer_lint.checks.context import LayerContext
from keras_layer_lint.checks.outcome import Outcome, same_everywhere
from keras_layer_lint.diagnostic import Diagnostic, Severity
from keras_layer_lint.expectation import Effect, expects
from keras_layer_lint.keras.objects import OBJECTS
from keras_layer_lint.model import syntax
from keras_layer_lint.rule import Confirmation, Rule
from keras_layer_lint.serialization.signature import Parameter
from keras_layer_lint.values.containers import Entry, Sequence
from keras_layer_lint.values.value import PythonValue, Value

RULE = Rule("KLL310", "argument-not-kept", confirm=Confirmation("reload", needs_call=False))
KINDS = OBJECTS


def check(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Report keys of the config that read what is not there, and those that are arguments of `__init__`."""
    serialization = layer.serialization
    config = serialization.config
    if config is None or serialization.is_supplied_elsewhere:
        return
    if serialization.own_get_config is None and serialization.own_init is None:
        return
    parameters = {parameter.name: parameter for parameter in serialization.parameters}
    for key, entry in config.entries.items():
        if not entry.always or entry.node is None:
            continue
        parameter = parameters.get(key)
        outcome = _never_set(layer, parameter, entry)
        if outcome is None and parameter is not None:
            outcome = _changed(layer, parameter, entry)
        facts = [] if parameter is None else [parameter]
        yield at_key(layer, RULE, entry, with_lacking(same_everywhere(outcome), serialization, facts))


def _never_set(layer: LayerContext, parameter: Parameter | None, entry: Entry) -> Outcome | None:
    """`self.x` where no code gives the layer an `x`."""
    attribute = layer.serialization.unset_attribute(entry)
    if attribute is None or layer.is_mixed_in:
        return None
    return Outcome(
        Severity.ERROR,
        f"`{layer.layer.name}.get_config()` reads `self.{attribute}`, which nothing sets: saving raises AttributeError",
        "return the arguments of `__init__`, no more"
        if parameter is None
        else f"write `self.{attribute} = {parameter.name}` in `__init__`",
    )


def _is_own(layer: LayerContext, name: str) -> bool:
    """Whether the class's own `__init__` has the argument: what a base takes may have been given the right value."""
    chain = layer.serialization.chain
    return bool(chain) and name in chain[0].names


def _is_argument(value: Value, key: str) -> bool:
    return isinstance(value, PythonValue) and value.parameter == key and value.derived is None


def _changed(layer: LayerContext, parameter: Parameter, entry: Entry) -> Outcome | None:
    """A value that `__init__`, given it, makes another one of."""
    if layer.serialization.from_config is not None:
        return None
    name, key = layer.layer.name, parameter.name
    match entry.value:
        case PythonValue(derived=derivation) if derivation is not None and key in derivation.parameters:
            text = syntax.source(derivation.node)
            return Outcome(
                Severity.WARNING,
                f"`{name}.get_config()` returns the value of `{text}` for `{key}`, so that a reload computes it once "
                "more: silently another value",
                f"keep `{key}` as it came in an attribute of its own, and return that",
                expects(Effect.OTHER_VALUE, arguments=(key,)),
            )
        case Sequence(items=items, element=element, is_list=is_list) if any(
            _is_argument(item, key) for item in ((element,) if items is None else items)
        ):
            kind = "list" if is_list else "tuple"
            return Outcome(
                Severity.WARNING,
                f"`{name}.get_config()` returns a {kind} that holds `{key}` for `{key}`, so that a reload puts that "
                f"{kind} into another: what uses it raises, or silently does something else",
                f"keep `{key}` as it came in an attribute of its own, and return that",
                expects(Effect.OTHER_VALUE, arguments=(key,)),
            )
        case PythonValue(parameter=str(other)) if (
            other != key and _is_own(layer, other) and layer.serialization.is_lost(parameter)
        ):
            return Outcome(
                Severity.WARNING,
                f"`{name}.get_config()` returns the argument `{other}` for `{key}`: a reload silently "
                "brings another value",
                f"return what `{key}` was",
                expects(Effect.OTHER_VALUE, arguments=(key,)),
            )
        case _:
            return None
