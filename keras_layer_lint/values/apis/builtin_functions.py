"""What Python's builtin functions of numbers, texts, types and attributes do with tensors."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from keras_layer_lint.model import syntax
from keras_layer_lint.values.apis.registry import ApiCall, handles
from keras_layer_lint.values.containers import Sequence
from keras_layer_lint.values.contents import holds_tensor, shown_tensor
from keras_layer_lint.values.events import BatchSizeUsed, PythonPrint, ScalarRead, TensorTruth, along
from keras_layer_lint.values.kind import UNKNOWN
from keras_layer_lint.values.narrowing import type_names
from keras_layer_lint.values.type_tests import has_attribute, is_instance
from keras_layer_lint.values.value import (
    NONE,
    STATIC,
    BoundMethod,
    Dimension,
    ExternalName,
    Instance,
    Layer,
    PythonValue,
    Self,
    SelfClass,
    Serialized,
    Tensor,
    Text,
    Value,
)

if TYPE_CHECKING:
    from keras_layer_lint.values.calls import Calls


@handles("builtins.float", "builtins.int", "builtins.complex")
def _number(calls: Calls, call: ApiCall) -> Value:
    name, first = _last(call), call.first
    if isinstance(first, Tensor):
        calls.emit(call.node, call.frame, ScalarRead, via=name, origin=first.origin)
        if name == "complex" or calls.run.phase == "get_config":
            return UNKNOWN
        return replace(first, origin=replace(first.origin, is_number=True))
    if isinstance(first, Dimension):
        if first.batch:
            calls.emit(call.node, call.frame, BatchSizeUsed, how=name)
        return replace(first, is_float=name == "float")
    if isinstance(first, PythonValue) and first.derived is not None:
        return PythonValue(derived=first.derived)
    return STATIC


@handles("builtins.max", "builtins.min")
def _extreme(calls: Calls, call: ApiCall) -> Value | None:
    values = call.arguments.positional
    if len(values) <= 1:
        return _ordered(calls, call)
    if origin := next((value.origin for value in values if isinstance(value, Tensor)), None):
        calls.emit(call.node, call.frame, TensorTruth, form=_last(call), origin=origin)
        return UNKNOWN
    if any(isinstance(value, Dimension) and value.batch for value in values):
        calls.emit(call.node, call.frame, BatchSizeUsed, how=_last(call))
    return Dimension() if any(isinstance(value, Dimension) for value in values) else STATIC


@handles("builtins.sorted")
def _ordered(calls: Calls, call: ApiCall) -> Value | None:
    """What compares the items of one iterable with each other."""
    if isinstance(call.first, Sequence) and (origin := holds_tensor(call.first)):
        calls.emit(call.node, call.frame, TensorTruth, form=_last(call), origin=origin)
    return truth_of_tensor(calls, call)


@handles("builtins.bool")
def truth_of_tensor(calls: Calls, call: ApiCall) -> Value | None:
    """What asks for a truth value gives where its argument is a tensor; None where it is none."""
    if not isinstance(call.first, Tensor):
        return None
    calls.emit(call.node, call.frame, TensorTruth, form=_last(call), origin=call.first.origin, **along(call.first))
    return STATIC


@handles("builtins.abs", "builtins.pow", "builtins.divmod")
def _arithmetic(calls: Calls, call: ApiCall) -> Value:
    if isinstance(call.first, Tensor | Dimension):
        return call.first
    return STATIC if isinstance(call.first, PythonValue) else UNKNOWN


@handles("builtins.round")
def _round(calls: Calls, call: ApiCall) -> Value | None:
    if isinstance(call.first, Dimension) and len(call.arguments.positional) == 1:
        return replace(call.first, is_float=False)
    return _arithmetic(calls, call)


@handles("builtins.str", "builtins.repr", "builtins.format")
def _text(calls: Calls, call: ApiCall) -> Value:
    origin = shown_tensor(call.first)
    is_argument = isinstance(call.first, PythonValue) and call.first.parameter is not None
    if calls.run.phase == "get_config" and (is_argument or isinstance(call.first, Layer | Instance | ExternalName)):
        return Serialized(syntax.source(call.node.func), call.first)
    return STATIC if origin is None else Text(origin)


@handles("builtins.print")
def _print(calls: Calls, call: ApiCall) -> Value:
    origin = next((found for value in call.arguments.values() if (found := shown_tensor(value))), None)
    if origin is not None:
        calls.emit(call.node, call.frame, PythonPrint, via="print", origin=origin)
    return NONE


@handles(*(f"builtins.{name}" for name in ("callable", "chr", "hash", "id", "issubclass", "ord")))
def _python_value(calls: Calls, call: ApiCall) -> Value:
    return STATIC


@handles("builtins.type")
def _type(calls: Calls, call: ApiCall) -> Value:
    return SelfClass() if isinstance(call.first, Self) else STATIC


@handles("builtins.isinstance")
def _isinstance(calls: Calls, call: ApiCall) -> Value:
    if len(call.arguments.positional) != 2:
        return STATIC
    known = is_instance(call.first, type_names(call.node.args[1].value))
    return STATIC if known is None else PythonValue(constant=known)


@handles("builtins.hasattr")
def _hasattr(calls: Calls, call: ApiCall) -> Value:
    name = call.text(1) if len(call.arguments.positional) == 2 else None
    known = None if name is None else has_attribute(call.first, name)
    return STATIC if known is None else PythonValue(constant=known)


@handles("builtins.getattr")
def _getattr(calls: Calls, call: ApiCall) -> Value:
    name = call.text(1)
    if name is None or not isinstance(call.first, Self):
        return UNKNOWN
    found = calls.self_attribute(name, call.node, call.frame)
    has_default = len(call.arguments.positional) > 2 and isinstance(found, BoundMethod)
    return UNKNOWN if has_default else found


@handles("builtins.setattr")
def _setattr(calls: Calls, call: ApiCall) -> Value:
    name = call.text(1)
    if name is not None and isinstance(call.first, Self) and len(call.arguments.positional) == 3:
        calls.store_attribute(name, call.arguments.positional[2], call.node, call.frame)
    return NONE


def _last(call: ApiCall) -> str:
    return call.name.removeprefix("builtins.")
