"""KLL405: a Python attribute that a callback changes while `fit` runs, and that the traced step reads."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from keras_layer_lint.checks.call.wording import warning
from keras_layer_lint.checks.context import LayerContext
from keras_layer_lint.checks.outcome import same_everywhere
from keras_layer_lint.diagnostic import Diagnostic
from keras_layer_lint.expectation import expects
from keras_layer_lint.keras.kinds import ClassKind
from keras_layer_lint.model.callback_changes import changed_during_fit, reads_in
from keras_layer_lint.rule import Confirmation, Rule
from keras_layer_lint.values.attribute_events import AttributeStored
from keras_layer_lint.values.value import PythonValue

RULE = Rule("KLL405", "python-setting-in-traced-step", confirm=Confirmation("train"), only_traced=True)
KINDS = frozenset({ClassKind.MODEL})

_HELP = (
    "make `self.{name}` a weight with `trainable=False` in `__init__`, and let the callback change it with "
    "`self.model.{name}.assign(...)`"
)


def check(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Report where the step, or `call`, reads it first."""
    numbers = _numbers(layer)
    if not numbers or layer.is_asked_to_run_eagerly:
        return  # loops of the project's own do not matter: only `fit` runs callbacks
    module = layer.layer.ref.module
    changed = changed_during_fit(layer.layer, () if layer.project_use is None else layer.project_use.texts())
    for name in sorted(numbers & set(changed)):
        for method in layer.layer.traced:
            read = next(reads_in(layer.layer, method, name), None)
            if read is None:
                continue
            message = (
                f"`self.{name}` is a Python value, which `{changed[name]}` changes while `fit` runs: the graph keeps "
                "the value that it had when it was traced"
            )
            frozen = warning(message, _HELP.format(name=name), expects(attribute=name))
            yield layer.diagnose(RULE, partial(module.span, read), same_everywhere(frozen), method=method)
            break


def _numbers(layer: LayerContext) -> set[str]:
    """Attributes that `__init__` sets to a number or to an argument that is one by default, and nothing else does."""
    found: set[str] = set()
    for event in layer.analysis.events(AttributeStored, "__init__"):
        if layer.layer.method(event.name) is None and _is_number(layer, event.value):
            found.add(event.name)
    return found


def _is_number(layer: LayerContext, value: object) -> bool:
    if not isinstance(value, PythonValue):
        return False
    constant = value.constant
    if value.parameter is not None and value.derived is None:
        init = layer.layer.method("__init__")
        constant = ... if init is None else init.default_of(value.parameter)
    return isinstance(constant, int | float)
