"""KLL309: a class that Keras cannot find by its name when it loads a file."""

from __future__ import annotations

import re
from collections.abc import Iterator

from keras_layer_lint.checks.context import LayerContext
from keras_layer_lint.checks.outcome import Outcome, same_everywhere
from keras_layer_lint.diagnostic import Diagnostic, Severity
from keras_layer_lint.keras.objects import OBJECTS
from keras_layer_lint.rule import Confirmation, Rule

RULE = Rule("KLL309", "unregistered-class", confirm=Confirmation("reload"), is_default=False)
KINDS = OBJECTS

_CALLED = re.compile(r"(regist|serializable|custom_object)[^\n]*")
_REGISTERS = re.compile(r"register|serializable|export", re.IGNORECASE)


def check(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Report classes that are neither decorated nor named where their module registers objects."""
    name = layer.layer.name
    if layer.serialization.is_abstract or layer.layer.ref.entry.enclosing:
        return
    if name.startswith("_") or layer.serialization.is_base_by_name:
        return
    # Registered subclasses beside it mark a base, of which no model holds an instance.
    decorators = layer.serialization.decorators + layer.serialization.decorators_of_subclasses
    if any(_REGISTERS.search(decorator) for decorator in decorators):
        return
    named = re.compile(rf"\b{re.escape(name)}\b")
    if any(named.search(found[0], len(found[1])) for found in _CALLED.finditer(layer.unit.module.text)):
        return
    outcome = Outcome(
        Severity.NOTE,
        f"`{name}` is not registered: loading a model that holds it needs `custom_objects={{'{name}': {name}}}`",
        'put `@keras.saving.register_keras_serializable(package="...")` above it',
    )
    yield layer.at_definition(RULE, layer.unit, layer.unit.node, same_everywhere(outcome))
