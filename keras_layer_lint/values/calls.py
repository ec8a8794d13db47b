"""What a call expression does and returns."""

from __future__ import annotations

from dataclasses import replace

import libcst as cst

from keras_layer_lint.keras import results
from keras_layer_lint.keras.kinds import ClassKind, kind_of_known
from keras_layer_lint.keras.methods import COMPILED
from keras_layer_lint.keras.result import Result
from keras_layer_lint.keras.result_traits import takes_one_tensor
from keras_layer_lint.model.class_graph import ClassRef, KnownName
from keras_layer_lint.model.patterns import method_called
from keras_layer_lint.values.apis.keras_methods import base_method
from keras_layer_lint.values.apis.registry import ApiCall, MethodCall, handler_of, method_handler_of
from keras_layer_lint.values.apis.variables import makes_variable
from keras_layer_lint.values.arguments import CallArguments
from keras_layer_lint.values.attribute_events import ParameterUsed
from keras_layer_lint.values.batch_axis import gives_sizes, keeps_batch
from keras_layer_lint.values.call_events import ApiCalled, CallRefused
from keras_layer_lint.values.containers import Dict, Sequence
from keras_layer_lint.values.contents import keras_tensor_in
from keras_layer_lint.values.frames import Frame
from keras_layer_lint.values.join import element_of, join
from keras_layer_lint.values.kind import UNKNOWN
from keras_layer_lint.values.last_axis import last_of_call
from keras_layer_lint.values.layer_calls import LayerCalls
from keras_layer_lint.values.mutations import Mutations
from keras_layer_lint.values.provenance import BOOLEAN, of_call, values_of_call
from keras_layer_lint.values.ranks import rank_of_call
from keras_layer_lint.values.refused_calls import Refusal, refused_by_call, refused_by_class, refused_by_function
from keras_layer_lint.values.super_calls import SuperCalls
from keras_layer_lint.values.value import (
    NONE,
    NUMPY_VALUE,
    STATIC,
    BoundMethod,
    ClassObject,
    ExternalName,
    Function,
    KerasTensor,
    Layer,
    Nest,
    Origin,
    PythonValue,
    Self,
    Shape,
    Super,
    Tensor,
    TensorArray,
    Value,
)


class Calls(SuperCalls, LayerCalls, Mutations):
    """Call handlers."""

    def call(self, node: cst.Call, frame: Frame) -> Value:
        if isinstance(node.func, cst.Name) and node.func.value == "super":
            return self._super(node, frame)
        function = self.evaluate(node.func, frame)
        arguments = self.arguments(node, frame)
        on_self = bool(arguments.positional) and isinstance(arguments.positional[0], Self)
        if on_self and isinstance(function, BoundMethod) and _is_init_of_base(function):
            self.emit_super_call("__init__", arguments.without_first(), node, frame)
            return NONE
        return self.call_value(function, arguments, node, frame)

    def arguments(self, node: cst.Call, frame: Frame) -> CallArguments:
        """Evaluate the arguments of a call."""
        positional: list[Value] = []
        after_star: list[Value] = []
        keywords: dict[str, Value] = {}
        star: Value | None = None
        star_kwargs: list[Value] = []
        explicit: set[str] = set()
        written: set[str] = set()
        for arg in node.args:
            value = self.evaluate(arg.value, frame)
            if arg.star == "*":
                self.iterate(arg.value, value, "star", frame)
                if isinstance(value, Sequence) and value.items is not None:
                    (positional if star is None else after_star).extend(value.items)
                else:
                    star = element_of(value) if star is None else join(star, element_of(value))
            elif arg.star == "**":
                star_kwargs.append(value)
                if isinstance(value, Dict):
                    keywords.update({key: entry.value for key, entry in value.entries.items()})
                    explicit |= set() if value.arguments else set(value.entries)
                    written |= _written(value) if value.arguments else set()
            elif arg.keyword is not None:
                keywords[arg.keyword.value] = value
                explicit.add(arg.keyword.value)
            else:
                (positional if star is None else after_star).append(value)
        return CallArguments(
            tuple(positional),
            keywords,
            star,
            tuple(after_star),
            tuple(star_kwargs),
            frozenset(explicit),
            frozenset(written),
        )

    def call_value(self, function: Value, arguments: CallArguments, node: cst.Call, frame: Frame) -> Value:
        """What calling `function` returns."""
        match function:
            case Function():
                self._note_base_call(function, arguments, node, frame)
                name = function.node.name.value if isinstance(function.node, cst.FunctionDef) else "lambda"
                self._note_refused(name, refused_by_function(function, arguments), arguments, node, frame)
                return self.apply(function, arguments, frame, node)
            case ExternalName():
                return self._known(ApiCall(arguments, node, frame, function.name))
            case ClassObject(ref):
                found = refused_by_class(self.run.layer, ref, arguments)
                self._note_refused(ref.entry.name, found, arguments, node, frame)
                if not self.run.layer.is_keras_class(ref):
                    return self._plain_object(ref, arguments, node)
                return self._made(ref, arguments, node, frame)
            case Layer():
                if isinstance(function.of, ClassRef):
                    found = refused_by_call(self.run.layer, function.of, arguments)
                    self._note_refused(f"{function.of.entry.name}.call", found, arguments, node, frame)
                return self._layer_result(function, arguments, node, frame)
            case PythonValue():
                self.note_parameter(function, "called", node, frame)
                if function.element_of is not None:
                    self.emit(node, frame, ParameterUsed, name=function.element_of, use="elements called")
                return UNKNOWN
            case BoundMethod(receiver, name, place):
                kind: type = type(receiver)
                handler = method_handler_of(kind, name)
                called = MethodCall(arguments, node, frame, receiver, name, place)
                return UNKNOWN if handler is None else handler(self, called)
            case _:
                return UNKNOWN

    def _note_refused(
        self, of: str, found: Refusal | None, arguments: CallArguments, node: cst.Call, frame: Frame
    ) -> None:
        if found is not None:
            self.emit(node, frame, CallRefused, of=of, why=found.why, takes=found.takes, arguments=arguments)

    def _known(self, call: ApiCall) -> Value:
        is_builtin = call.name.startswith("builtins.")
        if not is_builtin:
            self.emit(call.node, call.frame, ApiCalled, name=call.name, arguments=call.arguments)
        if takes_one_tensor(call.name):
            self.note_one_tensor(call.first, call.frame)
        handler = handler_of(call.name)
        if handler is not None and (returned := handler(self, call)) is not None:
            return returned
        if is_builtin:
            return UNKNOWN
        if (returned := self._unbound_method(call)) is not None:
            return returned
        kind = kind_of_known(call.name)
        if kind in (ClassKind.LAYER, ClassKind.MODEL):
            return self._made(call.name, call.arguments, call.node, call.frame)
        if kind is not None and results.result_of(call.name) is not Result.VARIABLE:
            return UNKNOWN
        return self._result(call)

    def _unbound_method(self, call: ApiCall) -> Value | None:
        """What `keras.layers.Dense.build(self, shape)` does, which is a method of a base called on self."""
        base, _, last = call.name.rpartition(".")
        if not call.arguments.positional or last not in ("__init__", "build", "get_config"):
            return None
        on_self = isinstance(call.first, Self)
        if on_self:
            self.emit_super_call(last, call.arguments.without_first(), call.node, call.frame)
        if last == "__init__":
            return NONE
        return base_method(self, KnownName(base), last, call) if on_self else None

    def _result(self, call: ApiCall) -> Value:
        """What the table of results says of a call."""
        origin = Origin("`%` returns one", call.frame.unit, call.node)
        first, arguments = call.first, call.arguments
        if call.name.startswith("keras.") and keras_tensor_in(first) is not None:
            is_one = results.result_of(call.name) is Result.TENSOR
            return KerasTensor(origin) if is_one else UNKNOWN
        match results.result_of(call.name, len(arguments.positional) + len(arguments.keywords)):
            case Result.TENSOR:
                self.emit_missing_mask(first, call.node, call.frame)
                like_input, dtype = of_call(call.name, arguments)
                if dtype == BOOLEAN and self.run.phase not in COMPILED:
                    dtype = ""
                batched = keeps_batch(call.name, arguments)
                rank = rank_of_call(call.name, arguments)
                varies, of_input = values_of_call(call.name, arguments)
                sizes = gives_sizes(call.name, arguments)
                last = last_of_call(call.name, arguments)
                return Tensor(origin, False, False, batched, like_input, dtype, rank, varies, sizes, of_input, last)
            case Result.TENSORS:
                varies, of_input = values_of_call(call.name, arguments)
                batched = keeps_batch(call.name, arguments)
                return Sequence(None, Tensor(origin, batched=batched, varies=varies, of_input=of_input))
            case Result.NEST:
                return Nest(origin)
            case Result.STATIC:
                return STATIC
            case Result.SHAPE:
                return Shape()
            case Result.OPS_SHAPE:
                batched = isinstance(first, Tensor | Nest) and first.batched
                return Shape(batched=batched, symbolic=True, origin=replace(origin, is_size=True))
            case Result.TENSOR_ARRAY:
                return TensorArray()
            case Result.NOTHING:
                return NONE
            case Result.NUMPY_VALUE:
                return NUMPY_VALUE
            case Result.VARIABLE:
                return makes_variable(self, call)
            case _:
                return UNKNOWN

    def note_parameter(self, value: Value, use: str, node: cst.Call, frame: Frame) -> None:
        """Record that an argument of `__init__` turns out to be an object."""
        if isinstance(value, PythonValue) and value.parameter is not None:
            self.emit(node, frame, ParameterUsed, name=value.parameter, use=use)


def _written(value: Dict) -> set[str]:
    """Keys that were put into `**kwargs` in any case; `setdefault` leaves them to the caller."""
    return {key for key, entry in value.entries.items() if entry.always and method_called(entry.node) != "setdefault"}


def _is_init_of_base(function: BoundMethod) -> bool:
    """Whether it is `Base.__init__`, whose first argument is the object: `super().__init__` has it already."""
    return function.name == "__init__" and not isinstance(function.receiver, Super)
