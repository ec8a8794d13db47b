"""KLL223: a decorator hides the parameters of `__init__` from Keras."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from keras_layer_lint.checks.context import LayerContext
from keras_layer_lint.checks.outcome import Outcome
from keras_layer_lint.diagnostic import Diagnostic, Severity
from keras_layer_lint.expectation import expects
from keras_layer_lint.keras.kinds import ClassKind
from keras_layer_lint.keras.versions import INIT_IS_ASKED_FOR_ITS_PARAMETERS
from keras_layer_lint.model.layer import Method
from keras_layer_lint.model.syntax import dotted
from keras_layer_lint.model.wrapping import Wrapping, requires_arguments, takes_by_position_only, wrapping_of
from keras_layer_lint.rule import Confirmation, Rule
from keras_layer_lint.target import Target

RULE = Rule("KLL223", "wrapped-init", confirm=Confirmation("build", needs_call=False))


def check(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Report the one decorator of the class's own `__init__`."""
    method = layer.layer.own_method("__init__")
    if method is None or len(method.node.decorators) != 1:
        return
    decorator = method.node.decorators[0].decorator
    name = dotted(decorator)
    found = None if name is None else wrapping_of(layer.layer.project, layer.layer.ref.module, name)
    error = None if found is None else _error(found, method, layer.layer.kind)
    if found is None or error is None:
        return
    message = (
        f"`@{name}` puts a function with `({found.parameters})` in the place of `__init__`; Keras 3 looks up the names "
        f"of its parameters, so making the {'model' if layer.layer.kind is ClassKind.MODEL else 'layer'} raises {error}"
    )
    helps = "leave `__init__` undecorated, and do in it what the decorator does"
    outcome = Outcome(
        Severity.ERROR, message, helps, expects(errors=(error,)), versions=INIT_IS_ASKED_FOR_ITS_PARAMETERS
    )
    yield layer.diagnose(RULE, partial(method.unit.span, decorator), {Target.KERAS3: outcome}, method="__init__")


def _error(found: Wrapping, method: Method, kind: ClassKind | None) -> str | None:
    """What Keras raises where it makes a config of the arguments; None where it makes none, or can."""
    if takes_by_position_only(method.node) or (kind is ClassKind.MODEL and requires_arguments(method.node)):
        return None  # a model is asked for what it can be made of without arguments
    if not found.first:
        return "IndexError" if found.rest else None
    return "KeyError" if found.keeps_signature and found.lacks_names(method.node) else None
