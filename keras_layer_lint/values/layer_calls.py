"""What constructing a layer or another object gives, and calling a layer."""

from __future__ import annotations

from dataclasses import replace

import libcst as cst

from keras_layer_lint.keras.layers import Trait, has_trait, may_return_more, returns_one_tensor
from keras_layer_lint.model import syntax
from keras_layer_lint.model.class_graph import ClassRef
from keras_layer_lint.model.sublayers import kept_arguments, layers_of_plain, plain_kind
from keras_layer_lint.values import simple_layers
from keras_layer_lint.values.arguments import CallArguments
from keras_layer_lint.values.batch_axis import all_batched
from keras_layer_lint.values.call_events import LayerCalled, LayerMade
from keras_layer_lint.values.containers import Dict, Sequence
from keras_layer_lint.values.contents import keras_tensor_in, layers_in
from keras_layer_lint.values.frames import Frame, held_in, layer_attribute
from keras_layer_lint.values.kind import UNKNOWN
from keras_layer_lint.values.last_axis import last_of_result, made_last
from keras_layer_lint.values.provenance import values_of_call
from keras_layer_lint.values.simple_layers import returned_at_a_glance
from keras_layer_lint.values.state import State
from keras_layer_lint.values.value import (
    Function,
    KerasTensor,
    Layer,
    Nest,
    Opaque,
    Origin,
    PythonValue,
    Rank,
    Tensor,
    Value,
)

_LAMBDA = "keras.layers.Lambda"
"""It returns what its function returns."""


class LayerCalls(State):
    """Layers and other objects that are made, and layers that are called."""

    def _made(self, of: ClassRef | str, arguments: CallArguments, node: cst.Call, frame: Frame) -> Layer:
        self.emit(node, frame, LayerMade, of=of, arguments=arguments)
        functions = _functions(arguments) if isinstance(of, str) else ()
        last = made_last(of, arguments) if isinstance(of, str) else None
        return Layer(of, node, returns_more=_returns_more(of, arguments), functions=functions, last=last)

    def _plain_object(self, ref: ClassRef, arguments: CallArguments, node: cst.Call) -> Value:
        """An instance of a class that is no Keras class: what is known is which layers it holds."""
        kind = plain_kind(self.run.layer.project, ref)
        if kind is None:
            return UNKNOWN
        held = [Layer(of, node) for of in layers_of_plain(self.run.layer.project, ref)]
        for position, (name, is_kept) in enumerate(kept_arguments(ref.entry)):
            given = arguments.get(position, name)
            held += layers_in(given) if is_kept and given is not None else []
        return Opaque(kind, tuple(held)) if held else UNKNOWN

    def _layer_result(self, layer: Layer, arguments: CallArguments, node: cst.Call, frame: Frame) -> Value:
        origin = Origin("the layer call `%` returns one", frame.unit, node)
        attribute = layer_attribute(node.func, frame)
        over_list = bool(layer.each_of) and len(frame.loops) == 1
        held_as = layer.each_of if over_list else held_in(node.func, frame)
        where = {"attribute": attribute, "held_as": held_as, "goes_over_list": over_list}
        self.emit(node, frame, LayerCalled, layer=layer.of, arguments=arguments, **where)
        if any(name.startswith("return_") for name in arguments.keywords):
            return Nest(origin)
        first = arguments.positional[0] if arguments.positional else None
        if first is not None and has_trait(layer.of, Trait.TAKES_ONE_TENSOR):
            self.note_one_tensor(first, frame)
        if first is not None and keras_tensor_in(first) is not None:
            return KerasTensor(origin) if self._is_called_by_keras(layer) else UNKNOWN
        for value in (*arguments.positional, *arguments.keywords.values()):
            if isinstance(value, Sequence) and value.items is not None and not value.items:
                return UNKNOWN
        given = first if isinstance(first, Tensor | Nest | Sequence) else Nest(origin)
        results = [self.apply(function, CallArguments((given,)), frame, node) for function in layer.functions]
        of_input = values_of_call("", arguments)[1]
        if layer.of == _LAMBDA and len(results) == 1 and isinstance(results[0], Tensor):
            return replace(results[0], origin=origin, variable=False, rank=None, last=None)
        if isinstance(layer.of, ClassRef):
            return self._of_project(layer, first, Tensor(origin, of_input=of_input))
        if returns_one_tensor(layer.of) and not _may_return_more(layer, first):
            fixed = None if over_list else self._fixed_rank(layer.of, held_as)
            if not isinstance(first, Tensor | Nest):
                batched = first is not None and all_batched(first)
                return Tensor(origin, batched=batched, rank=fixed, of_input=of_input, last=layer.last)
            like_input = first.like_input and has_trait(layer.of, Trait.KEEPS_AXES)
            rank = _rank_of_result(layer.of, first)
            if rank is None or frame.conditions or frame.loops or frame.context.optional:
                rank = fixed or rank  # calls that may not run are compared on one path only
            batched = all_batched(first)
            last = last_of_result(layer, first)
            return Tensor(origin, batched=batched, like_input=like_input, rank=rank, of_input=of_input, last=last)
        return Nest(origin, of_input=of_input)

    def _of_project(self, layer: Layer, first: Value | None, tensor: Tensor) -> Tensor | Nest:
        """What a layer of the project gives: that `tensor`, where each `return` of its `call` is one."""
        if not isinstance(layer.of, ClassRef):
            return Nest(tensor.origin, of_input=tensor.of_input)
        call = self.run.layer.method_of(layer.of, "call")
        if call is not None and self._is_called_by_keras(layer):
            match returned_at_a_glance(self.run.layer.project, call):
                case simple_layers.ARGUMENT if isinstance(first, Tensor):
                    return replace(first, origin=tensor.origin, variable=False, rank=None, last=None)
                case simple_layers.TENSOR:
                    return tensor
            given = self.run.tensor_of(layer.of)
            if given is not None:
                return replace(tensor, batched=given and first is not None and all_batched(first))
        return Nest(tensor.origin, of_input=tensor.of_input)

    def _fixed_rank(self, of: str, held_as: str | None) -> Rank | None:
        """The rank of all that the sublayer takes and returns, where it is built for one and stays the same layer."""
        if held_as is None or not has_trait(of, Trait.FIXES_RANK):
            return None
        attribute = held_as.removeprefix("self.").partition("[")[0]
        return None if attribute in self.run.stored_in_call else Rank(held_as, 0)

    def _is_called_by_keras(self, layer: Layer) -> bool:
        """Whether the `__call__` of Keras runs, which gives a KerasTensor for each tensor that `call` returns."""
        if isinstance(layer.of, str):
            return True
        known = self.run.layer
        return known.project.class_info(layer.of).complete and not known.has_method(layer.of, "__call__")


def _rank_of_result(of: str, first: Tensor | Nest) -> Rank | None:
    if of == "keras.layers.Flatten":
        return Rank("", 2)
    keeps_rank = has_trait(of, Trait.KEEPS_AXES) and of not in ("keras.layers.Embedding", "keras.layers.EinsumDense")
    return first.rank if keeps_rank and isinstance(first, Tensor) else None


def _may_return_more(layer: Layer, first: Value | None) -> bool:
    """Whether a built-in layer that returns one tensor of one may return several here."""
    if layer.returns_more or has_trait(layer.of, Trait.RETURNS_AS_GIVEN):
        return True
    return isinstance(first, Sequence | Dict) and not has_trait(layer.of, Trait.MERGING)


def _functions(arguments: CallArguments) -> tuple[Function, ...]:
    """The functions that a layer made so calls with its inputs or results; AutoGraph does not convert them."""
    given = [*arguments.positional[:1]]
    given += [value for name, value in arguments.keywords.items() if name == "function" or name.endswith("activation")]
    given += arguments.positional[1:2]
    found = [value for value in given if isinstance(value, Function) and value.receiver is None]
    return tuple(replace(function, autograph="off") for function in found if _takes_one(function))


def _takes_one(function: Function) -> bool:
    """Whether it can be called with the inputs alone."""
    required = [param for param in syntax.parameters(function.node) if param.default is None]
    return len(required) == 1


def _returns_more(of: ClassRef | str, arguments: CallArguments) -> bool:
    """Whether a layer made so, `LSTM(4, return_state=True)` or a wrapper around it, may return several tensors."""
    if any(isinstance(value, Layer) and value.returns_more for value in arguments.values()):
        return True
    if has_trait(of, Trait.MERGES_DIRECTIONS):
        mode = arguments.get(1, "merge_mode")
        if mode is not None and not (isinstance(mode, PythonValue) and isinstance(mode.constant, str)):
            return True
    return (bool(arguments.star_kwargs) and (not isinstance(of, str) or may_return_more(of))) or any(
        name.startswith("return_")
        and name != "return_sequences"
        and not (isinstance(value, PythonValue) and value.constant is False)
        for name, value in arguments.keywords.items()
    )
