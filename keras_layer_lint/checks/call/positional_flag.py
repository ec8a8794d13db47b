"""KLL145: a layer is called with something by position that is no tensor."""

from __future__ import annotations

from collections.abc import Iterator

from keras_layer_lint.checks.call.wording import error, through
from keras_layer_lint.checks.context import LayerContext
from keras_layer_lint.diagnostic import Diagnostic
from keras_layer_lint.expectation import expects
from keras_layer_lint.keras.kinds import ClassKind
from keras_layer_lint.keras.layers import LAYER, builtin_layer
from keras_layer_lint.keras.methods import TRACED_KINDS
from keras_layer_lint.model import syntax
from keras_layer_lint.model.attributes import assigned_by_method
from keras_layer_lint.model.class_graph import ClassRef
from keras_layer_lint.model.parameters import positional_parameters
from keras_layer_lint.rule import Confirmation, Rule
from keras_layer_lint.target import Target
from keras_layer_lint.values.call_events import LayerCalled
from keras_layer_lint.values.containers import Sequence
from keras_layer_lint.values.value import Dimension, PythonValue, Shape, Value

RULE = Rule("KLL145", "positional-flag", confirm=Confirmation("graph", raises_eagerly=True))
KINDS = TRACED_KINDS


def check(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Report calls of other layers."""
    if Target.KERAS3 not in layer.targets:
        return
    for event in layer.analysis.events(LayerCalled):
        if not event.arguments.positional or not _wants_tensors(layer, event.layer):
            continue
        for position, value in enumerate(event.arguments.positional):
            what = _not_a_tensor(value)
            if what is None:
                continue
            argument = event.argument_node(position)
            written = "an argument" if argument is None else f"`{syntax.source(argument)}`"
            when = ", so `fit` raises ValueError" if what == "training" else ", so the call raises ValueError"
            kind = "True or False in `fit` and `predict`" if what == "training" else what
            parameter = _parameter(layer, event.layer, position)
            keyword = "training=training" if what == "training" else "name=value"
            message = (
                f"{through(event.site)}{written} is given by position to `{_name(event.layer)}`; it is {kind}, and "
                f"Keras 3 takes only tensors by position{when}"
            )
            expected = expects(parameter=parameter)
            outcome = error(message, f"pass it by keyword: `{keyword}`", expected)
            yield layer.at_site(RULE, event.site, {Target.KERAS3: outcome}, node=argument)
            break


def _not_a_tensor(value: Value) -> str | None:
    """What a value is that Keras 3 refuses, None where it may be a tensor, an array or None."""
    match value:
        case PythonValue(parameter="training", attribute=None):
            return "training"
        case PythonValue(constant=bool() | int() | float() | str()):
            return f"{type(value.constant).__name__}"
        case Shape() | Dimension(batch=False):
            return "a shape" if isinstance(value, Shape) else "int"
        case Sequence():
            found = [_not_a_tensor(item) for item in value.items or ()]
            return next((what for what in found if what is not None), None)
        case _:
            return None


def _parameter(layer: LayerContext, called: ClassRef | str, position: int) -> str:
    """The name of the parameter of `call` at a position; empty where it is not known."""
    if isinstance(called, str):
        facts = builtin_layer(called, Target.KERAS3.generation)
        names = facts.call if facts is not None else ()
    else:
        info = layer.layer.project.class_info(called)
        given = [positional_parameters(base, "call") for base in info.mro if isinstance(base, ClassRef)]
        own = next((each for each in given if each is not None), None)
        if own is None:
            return "" if info.builtin_base is None else _parameter(layer, info.builtin_base, position)
        names = own
    name = names[position] if position < len(names) else ""
    return name if name.isidentifier() else ""


def _wants_tensors(layer: LayerContext, called: ClassRef | str) -> bool:
    """Whether a layer is certainly one that checks what it gets by position."""
    if isinstance(called, str):
        facts = builtin_layer(called, Target.KERAS3.generation) if called.startswith("keras.layers.") else None
        return facts is not None and called != LAYER and facts.takes_anything is False
    info = layer.layer.project.class_info(called)
    if not info.complete or info.kind not in (ClassKind.LAYER, ClassKind.MODEL):
        return False
    classes = [base for base in info.mro if isinstance(base, ClassRef)]
    if any("__call__" in base.entry.methods for base in classes):
        return False
    names = {name for base in classes for assigned in assigned_by_method(base.entry).values() for name in assigned}
    if "_allow_non_tensor_positional_args" in names or not any("call" in base.entry.methods for base in classes):
        return False
    return info.builtin_base is None or _wants_tensors(layer, info.builtin_base)


def _name(called: ClassRef | str) -> str:
    return called.rpartition(".")[2] if isinstance(called, str) else called.entry.name
