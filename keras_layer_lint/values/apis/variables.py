"""What functions that make variables do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from keras_layer_lint.model import syntax
from keras_layer_lint.values.apis.numpy import is_plain
from keras_layer_lint.values.apis.registry import ApiCall, Call, handles
from keras_layer_lint.values.call_events import WeightAdded, WeightOfBase
from keras_layer_lint.values.value import Dimension, Origin, PythonValue, Shape, Tensor, Value

if TYPE_CHECKING:
    from keras_layer_lint.values.calls import Calls

_SIZES = (PythonValue, Dimension, Shape)


def makes_variable(calls: Calls, call: ApiCall, dtype: str = "") -> Tensor:
    """The value of a call that makes a variable."""
    origin = Origin("it is a variable", call.frame.unit, call.node)
    note_weight(calls, call, syntax.source(call.node.func), call.name, origin)
    return Tensor(origin, variable=True, dtype=dtype)


@handles("tensorflow.Variable")
def _variable(calls: Calls, call: ApiCall) -> Value:
    return makes_variable(calls, call, "" if "dtype" in call.arguments.keywords else "float32")


@handles("keras.backend.zeros", "keras.backend.ones", "keras.backend.eye")
def _variable_of_shape(calls: Calls, call: ApiCall) -> Value:
    if all(isinstance(value, _SIZES) or is_plain(value) for value in call.arguments.values()):
        return makes_variable(calls, call)
    # Of a shape that is only known when the graph runs it is a tensor.
    return Tensor(Origin("it is a variable", call.frame.unit, call.node), variable=True)


def note_weight(calls: Calls, call: Call, via: str, api: str, origin: Origin) -> None:
    """Record that a weight or variable is made."""
    name = call.arguments.text("name")
    if name is None and api == "add_weight":
        name = call.text(0)
    name_scope = bool(call.frame.name_scopes) or call.frame.context.name_scope
    if call.frame.context.silent:
        if name is not None and api == "add_weight" and not name_scope:
            calls.emit(call.node, call.frame, WeightOfBase, name=name, arguments=call.arguments.only_explicit())
        return
    calls.emit(
        call.node,
        call.frame,
        WeightAdded,
        via=via,
        name=name,
        api=api,
        origin=origin,
        arguments=call.arguments.only_explicit(),
        name_scope=name_scope,
    )
