"""What methods of the layer itself, of its bases and of other layers do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from keras_layer_lint.keras.inherited import RETURNING_TENSOR
from keras_layer_lint.keras.layers import Trait, config_keys, has_trait, may_return_more, returns_one_tensor
from keras_layer_lint.keras.names import canonical
from keras_layer_lint.model import syntax
from keras_layer_lint.model.class_graph import KnownName
from keras_layer_lint.values.apis.registry import Call, MethodCall, method_handler_of, methods
from keras_layer_lint.values.apis.variables import note_weight
from keras_layer_lint.values.call_events import ApiCalled
from keras_layer_lint.values.containers import Dict, Entry, Sequence
from keras_layer_lint.values.events import HostRead
from keras_layer_lint.values.kind import UNKNOWN, Unknown
from keras_layer_lint.values.value import (
    NONE,
    WEIGHT,
    Function,
    Layer,
    Nest,
    Origin,
    PythonValue,
    Self,
    Serialized,
    Shape,
    Super,
    Tensor,
    Value,
)

if TYPE_CHECKING:
    from keras_layer_lint.values.calls import Calls

_DTYPE_ARGUMENTS = frozenset({"dtype", "autocast", "experimental_autocast"})
"""Arguments of `add_weight` that may keep a weight from being cast to the compute dtype."""
_WEIGHT_MAKERS = ("add_weight", "add_variable")
_ON_BATCH = ("predict_on_batch", "test_on_batch", "train_on_batch")
_OF_ARRAYS = (*_ON_BATCH, "evaluate", "fit", "predict")
_UNKNOWN_CONFIG = Dict({}, complete=False, base=True)


@methods(Self, *_WEIGHT_MAKERS)
def _add_weight(calls: Calls, call: MethodCall[Self]) -> Value:
    return _weight(calls, call)


def _weight(calls: Calls, call: MethodCall[Self | Super]) -> Value:
    origin = Origin(WEIGHT, call.frame.unit, call.node)
    note_weight(calls, call, call.name, "add_weight", origin)
    is_cast = not call.arguments.explicit & _DTYPE_ARGUMENTS
    return Tensor(origin, variable=True, dtype="compute" if is_cast else "")


@methods(Self, "get_weights")
def _own_weights(calls: Calls, call: MethodCall[Self]) -> Value:
    origin = Origin("it reads the layer's weights")
    calls.emit(call.node, call.frame, HostRead, via=".get_weights()", origin=origin)
    return UNKNOWN


@methods((Self, Layer), *_OF_ARRAYS)
def _of_model(calls: Calls, call: MethodCall[Self | Layer]) -> Value:
    if isinstance(call.receiver, Layer) and not isinstance(call.receiver.of, str):
        return UNKNOWN  # a layer of the project may have a method of the name
    return _on_arrays(calls, call, call.name)


@methods((PythonValue, Unknown), *_ON_BATCH)
def _on_batch(calls: Calls, call: MethodCall[PythonValue | Unknown]) -> Value:
    return _on_arrays(calls, call, call.name)


def _on_arrays(calls: Calls, call: Call, name: str) -> Value:
    """`fit` and its like trace functions of their own, and take no tensor of another trace."""
    given = call.arguments.positional[0] if call.arguments.positional else None
    if isinstance(given, Tensor | Nest):
        calls.emit(call.node, call.frame, HostRead, via=f".{name}()", origin=given.origin)
    return UNKNOWN


@methods(Self, "compute_output_shape", "get_input_shape_at")
def _shape(calls: Calls, call: MethodCall[Self]) -> Value:
    return Shape()


@methods(Self, "add_metric", "add_update")
def _nothing(calls: Calls, call: MethodCall[Self]) -> Value:
    return NONE


@methods(Self, "add_loss")
def _loss(calls: Calls, call: MethodCall[Self]) -> Value:
    calls.emit(call.node, call.frame, ApiCalled, name="keras.layers.Layer.add_loss", arguments=call.arguments)
    return NONE


@methods(Self, "*")
def _inherited(calls: Calls, call: MethodCall[Self]) -> Value:
    layer = calls.run.layer
    if layer.known_base is None or not layer.is_complete:
        return UNKNOWN
    return base_method(calls, layer.known_base, call.name, call)


@methods(Super, "*")
def _of_super(calls: Calls, call: MethodCall[Super]) -> Value:
    layer, name, owner = calls.run.layer, call.name, call.receiver.owner
    if call.receiver.known is not None:
        calls.emit_super_call(name, call.arguments, call.node, call.frame, behind=call.receiver.known)
        return _UNKNOWN_CONFIG if name == "get_config" else UNKNOWN
    found = layer.method_after(owner, name)
    target = None if found is None else found.owner
    calls.emit_super_call(name, call.arguments, call.node, call.frame, target=target)
    if found is not None:
        receiver = None if "staticmethod" in syntax.decorator_names(found.node) else Self()
        function = Function(found.unit, found.node, receiver=receiver, owner=found.owner, method=name)
        return calls.apply(function, call.arguments, call.frame, call.node)
    if name in _WEIGHT_MAKERS:
        return _weight(calls, call)
    if layer.known_base is None or not layer.is_complete:
        return _UNKNOWN_CONFIG if name == "get_config" else UNKNOWN
    return base_method(calls, layer.known_base, call.name, call)


def base_method(calls: Calls, base: KnownName, name: str, call: Call) -> Value:
    """The value of a method of a Keras base class, called on self."""
    handler = method_handler_of(KnownName, name)
    called = MethodCall(call.arguments, call.node, call.frame, base, name)
    return UNKNOWN if handler is None else handler(calls, called)


@methods(KnownName, "get_config")
def _base_config(calls: Calls, call: MethodCall[KnownName]) -> Value:
    keys = config_keys(canonical(call.receiver.name), calls.run.layer.generations)
    entries = {key: Entry(UNKNOWN, call.frame.unit, call.node, inherited=True) for key in sorted(keys or ())}
    return Dict(entries, complete=keys is not None, base=True)


@methods(KnownName, "call", "__call__")
def _base_call(calls: Calls, call: MethodCall[KnownName]) -> Value:
    origin = Origin("`%` returns one", call.frame.unit, call.node)
    name = canonical(call.receiver.name)
    first = call.arguments.positional[0] if call.arguments.positional else None
    is_structure = isinstance(first, Sequence | Dict) and not has_trait(name, Trait.MERGING)
    may_be_more = is_structure or may_return_more(name) or has_trait(name, Trait.RETURNS_AS_GIVEN)
    return Tensor(origin) if returns_one_tensor(name) and not may_be_more else Nest(origin)


@methods(KnownName, "compute_output_shape")
def _base_shape(calls: Calls, call: MethodCall[KnownName]) -> Value:
    return Shape()


@methods(KnownName, *frozenset().union(*RETURNING_TENSOR.values()))
def _base_tensor(calls: Calls, call: MethodCall[KnownName]) -> Value:
    if call.name not in RETURNING_TENSOR.get(canonical(call.receiver.name), ()):
        return UNKNOWN
    return Tensor(Origin("`%` returns one", call.frame.unit, call.node))


@methods(KnownName, "__init__", "build", "add_loss")
def _base_nothing(calls: Calls, call: MethodCall[KnownName]) -> Value:
    return NONE


@methods(Layer, "get_weights")
def _other_weights(calls: Calls, call: MethodCall[Layer]) -> Value:
    origin = Origin("it reads the weights of a layer")
    calls.emit(call.node, call.frame, HostRead, via=".get_weights()", origin=origin)
    return UNKNOWN


@methods(Layer, "get_config")
def _other_config(calls: Calls, call: MethodCall[Layer]) -> Value:
    return Serialized(syntax.source(call.node.func), call.receiver)


@methods(Layer, "call", "__call__")
def _other_call(calls: Calls, call: MethodCall[Layer]) -> Value:
    return Nest(Origin("the layer call `%` returns one", call.frame.unit, call.node))
