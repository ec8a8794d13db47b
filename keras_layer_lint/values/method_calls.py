"""What methods of tensors, containers, the layer itself and its bases do."""

from __future__ import annotations

import re
from dataclasses import replace

import libcst as cst

from keras_layer_lint.keras import results
from keras_layer_lint.keras.layers import config_keys
from keras_layer_lint.keras.names import canonical
from keras_layer_lint.keras.result import Result
from keras_layer_lint.model import syntax
from keras_layer_lint.model.class_graph import KnownName
from keras_layer_lint.values.arguments import CallArguments
from keras_layer_lint.values.call_events import ApiCalled, WeightAdded
from keras_layer_lint.values.events import (
    AttributeMutated,
    HostRead,
    LateGrowth,
    ListGrowth,
    ParameterTaken,
    ScalarRead,
)
from keras_layer_lint.values.expressions import merged
from keras_layer_lint.values.state import Frame, State
from keras_layer_lint.values.value import (
    NONE,
    NUMPY_VALUE,
    STATIC,
    UNKNOWN,
    WEIGHT,
    BoundMethod,
    Dict,
    Entry,
    Function,
    Instance,
    Layer,
    Nest,
    NumpyValue,
    Opaque,
    Origin,
    PythonValue,
    Self,
    Sequence,
    Serialized,
    Shape,
    Super,
    Tensor,
    TensorArray,
    Text,
    Unserializable,
    Value,
    element_of,
    holds_tensor,
    join,
    layers_in,
    shown_tensor,
)

_WEIGHT_MAKERS = frozenset({"add_weight", "add_variable"})
_GROWING = frozenset({"append", "extend", "insert"})
_FORMAT_SPECIFICATION = re.compile(r"\{[^{}:]*:[^{}]+\}")


class MethodCalls(State):
    """Calls of `BoundMethod` values, by the kind of the receiver."""

    def method(self, bound: BoundMethod, arguments: CallArguments, node: cst.Call, frame: Frame) -> Value:
        """The value of `receiver.name(...)`."""
        receiver, name = bound.receiver, bound.name
        match receiver:
            case Tensor() | Nest() if name == "to_tensor":  # only ragged tensors have it
                self.emit(node, frame, ApiCalled, name="tensorflow.RaggedTensor.to_tensor", arguments=arguments)
                return Tensor(Origin("`%` returns one", frame.unit, node))
            case Instance():
                self.emit(node, frame, ApiCalled, name=f"{receiver.of}.{name}", arguments=arguments)
                return UNKNOWN
            case Tensor():
                return self._tensor_method(receiver, name, node, frame)
            case Nest():
                return self._nest_method(receiver, name, node, frame)
            case Self():
                return self._self_method(name, arguments, node, frame)
            case Super():
                return self._super_method(receiver, name, arguments, node, frame)
            case Sequence():
                return self._list_method(receiver, bound, arguments, node, frame)
            case Dict():
                return self._dict_method(receiver, bound, arguments, node, frame)
            case TensorArray():
                if name in ("write", "unstack", "scatter", "split"):
                    return receiver
                return Tensor(Origin("`%` returns one", frame.unit, node))
            case Layer():
                if name == "get_weights":
                    origin = Origin("it reads the weights of a layer")
                    self.emit(node, frame, HostRead, via=".get_weights()", origin=origin)
                if name == "get_config":
                    return Serialized(syntax.source(node.func), receiver)
                if name in ("call", "__call__"):
                    return Nest(Origin("the layer call `%` returns one", frame.unit, node))
                return UNKNOWN
            case PythonValue():
                return self._static_method(receiver, name, arguments, node, frame)
            case Shape():
                return self._shape_method(receiver, name)
            case NumpyValue():
                return NUMPY_VALUE
            case Opaque() | Unserializable():
                return self._opaque_method(receiver, bound, arguments, node, frame)
            case _:
                return UNKNOWN

    def _opaque_method(
        self,
        receiver: Opaque | Unserializable,
        bound: BoundMethod,
        arguments: CallArguments,
        node: cst.Call,
        frame: Frame,
    ) -> Value:
        if bound.name in ("add", "append", "appendleft", "extend", "update") and bound.place is not None:
            added = [layer for value in arguments.positional for layer in layers_in(value)]
            self.rebind(bound.place, replace(receiver, held=(*receiver.held, *added)), node, frame)
            return NONE
        return UNKNOWN

    def _tensor_method(self, receiver: Tensor, name: str, node: cst.Call, frame: Frame) -> Value:
        match results.tensor_method(name):
            case "host":
                self.emit(node, frame, HostRead, via=f".{name}()", origin=receiver.origin)
                return UNKNOWN
            case Result.TENSOR:
                return Tensor(receiver.origin)
            case Result.SHAPE:
                return Shape(batched=receiver.batched)
            case Result.STATIC:
                return STATIC
            case Result.NOTHING:
                return NONE
            case _:
                return UNKNOWN

    def _nest_method(self, receiver: Nest, name: str, node: cst.Call, frame: Frame) -> Value:
        if name in ("numpy", "item", "tolist", "eval"):
            self.emit(node, frame, HostRead, via=f".{name}()", origin=receiver.origin)
            return UNKNOWN
        if name == "get_shape":
            return Shape(batched=receiver.batched)
        if name in ("values", "get", "pop", "copy"):
            return Nest(receiver.origin)
        if name == "items":
            return Sequence(None, Sequence((STATIC, Nest(receiver.origin)), UNKNOWN))
        return STATIC if name == "keys" else UNKNOWN

    def _self_method(self, name: str, arguments: CallArguments, node: cst.Call, frame: Frame) -> Value:
        if name in _WEIGHT_MAKERS:
            origin = Origin(WEIGHT, frame.unit, node)
            self.emit_weight(name, "add_weight", arguments, origin, node, frame)
            plain = not arguments.explicit & {"dtype", "autocast", "experimental_autocast"}
            return Tensor(origin, variable=True, dtype="compute" if plain else "")
        if name == "get_weights":
            self.emit(node, frame, HostRead, via=".get_weights()", origin=Origin("it reads the layer's weights"))
            return UNKNOWN
        if name in ("compute_output_shape", "get_input_shape_at"):
            return Shape()
        if name in ("add_loss", "add_metric", "add_update"):
            return NONE
        base = self.run.layer.known_base
        if base is None or not self.run.layer.is_complete:
            return UNKNOWN
        return self.base_method(name, base, node, frame)

    def emit_weight(
        self, via: str, api: str, arguments: CallArguments, origin: Origin, node: cst.Call, frame: Frame
    ) -> None:
        """Record that a weight or variable is made."""
        name = arguments.text("name")
        if name is None and arguments.positional and api == "add_weight":
            first = arguments.positional[0]
            name = first.constant if isinstance(first, PythonValue) and isinstance(first.constant, str) else None
        self.emit(
            node,
            frame,
            WeightAdded,
            via=via,
            name=name,
            api=api,
            origin=origin,
            arguments=arguments.only_explicit(),
            name_scope=bool(frame.name_scopes) or frame.context.name_scope,
        )

    def _super_method(
        self, receiver: Super, name: str, arguments: CallArguments, node: cst.Call, frame: Frame
    ) -> Value:
        layer = self.run.layer
        if receiver.known is not None:
            self.emit_super_call(name, arguments, node, frame)
            return Dict({}, complete=False, base=True) if name == "get_config" else UNKNOWN
        found = layer.method_after(receiver.owner, name)
        target = None if found is None else found.owner
        self.emit_super_call(name, arguments, node, frame, target=target)
        if found is not None:
            static = "staticmethod" in syntax.decorator_names(found.node)
            function = Function(
                found.unit, found.node, receiver=None if static else Self(), owner=found.owner, method=name
            )
            return self.apply(function, arguments, frame, node)
        base = layer.known_base
        if name in _WEIGHT_MAKERS:
            return self._self_method(name, arguments, node, frame)
        if base is None or not layer.is_complete:
            return Dict({}, complete=False, base=True) if name == "get_config" else UNKNOWN
        return self.base_method(name, base, node, frame)

    def base_method(self, name: str, base: KnownName, node: cst.Call, frame: Frame) -> Value:
        """A method of a Keras base class, called on self."""
        match name:
            case "get_config":
                keys = config_keys(canonical(base.name), self.run.layer.generations)
                entries = {key: Entry(UNKNOWN, frame.unit, node, inherited=True) for key in sorted(keys or ())}
                return Dict(entries, complete=keys is not None, base=True)
            case "call" | "__call__":
                return Nest(Origin("`%` returns one", frame.unit, node))
            case "compute_output_shape":
                return Shape()
            case "build" | "__init__" | "add_loss":
                return NONE
            case _:
                return UNKNOWN

    def _list_method(
        self, receiver: Sequence, bound: BoundMethod, arguments: CallArguments, node: cst.Call, frame: Frame
    ) -> Value:
        name = bound.name
        if name in _GROWING and arguments.positional:
            added = arguments.positional[-1]
            element = element_of(added) if name == "extend" else added
            self.grown(bound.place, name, node, frame)
            self._given_away(bound.place, added, node, frame)
            if bound.place is not None:
                exact = name == "append" and receiver.items is not None and not frame.loops and not frame.conditions
                if exact and receiver.items is not None:
                    grown = Sequence((*receiver.items, added), join(receiver.element, added), receiver.is_list)
                else:
                    old = element_of(receiver) if receiver.items != () else element
                    grown = Sequence(None, join(old, element), receiver.is_list)
                self.rebind(bound.place, grown, node, frame, grown=True)
            return NONE
        if name in ("pop", "__getitem__"):
            return element_of(receiver)
        if name == "copy":
            return receiver
        if name in ("index", "count"):
            return STATIC
        if bound.place is not None and name in ("reverse", "sort", "clear", "remove"):
            self.rebind(bound.place, Sequence(None, element_of(receiver), receiver.is_list), node, frame)
            if name == "clear":
                self.run.attributes.note_written(bound.place.removeprefix("self."))
            return NONE
        return UNKNOWN

    def _given_away(self, place: str | None, added: Value, node: cst.Call, frame: Frame) -> None:
        """Keep account of lists that an attribute holds under another name as well."""
        holder = node.func.value if isinstance(node.func, cst.Attribute) else None
        attribute = None if place is None or not place.startswith("self.") else place[5:]
        if attribute is not None and isinstance(added, Sequence):
            self.run.attributes.note_nesting(attribute)
            if isinstance(node.args[-1].value, cst.Name):
                frame.aliases[node.args[-1].value.value] = (attribute, "inside")
        if not (layers := tuple(layers_in(added))):
            return
        if isinstance(holder, cst.Subscript):
            inner = syntax.self_attribute(holder.value)
            if inner is not None and self.run.attributes.is_nesting(inner):
                self.emit(node, frame, LateGrowth, name=inner, how="inside", layers=layers)
        elif place in frame.aliases:
            name, how = frame.aliases[place]
            self.emit(node, frame, LateGrowth, name=name, how=how, layers=layers)

    def grown(self, place: str | None, how: str, node: cst.CSTNode, frame: Frame) -> None:
        """Record that a list grows, where that is in a loop over a tensor."""
        loop = next((loop for loop in frame.loops if loop.origin is not None), None)
        if loop is None or loop.origin is None or place is None:
            return
        later = any(block.reads_later(place) for block in frame.rest[: loop.depth])
        self.emit(node, frame, ListGrowth, name=place, how=how, read_later=later, loop=loop.origin)

    def rebind(self, place: str, value: Value, node: cst.CSTNode, frame: Frame, *, grown: bool = False) -> None:
        """Give a variable or attribute the value it has after it was changed in place."""
        self.note_cut(value, node, frame)
        if place.startswith("self."):
            attribute = place[5:]
            self.run.attributes.store(attribute, value)
            for caller in frame.callers():
                caller.env.pop(place, None)  # what a condition said of it
            after = self.run.attributes.is_written(attribute)
            self.emit(node, frame, AttributeMutated, name=attribute, value=value, grown=grown, after_write=after)
        elif place in frame.env or place in frame.outer:
            frame.bind(place, value)

    def _dict_method(
        self, receiver: Dict, bound: BoundMethod, arguments: CallArguments, node: cst.Call, frame: Frame
    ) -> Value:
        name = bound.name
        first = arguments.positional[0] if arguments.positional else None
        key = first.constant if isinstance(first, PythonValue) and isinstance(first.constant, str) else None
        if receiver.arguments and key is not None and name in ("pop", "get", "setdefault"):
            required = name == "pop" and len(arguments.positional) == 1
            self.emit(node, frame, ParameterTaken, name=key, required=required, removed=name == "pop")
        if name == "update":
            result = self._updated(receiver, arguments, node, frame)
            if bound.place is not None:
                self.rebind(bound.place, result, node, frame)
            return NONE
        if name in ("pop", "setdefault"):
            result = receiver
            if key is None:
                result = replace(receiver, complete=False)
            elif name == "pop":
                result = replace(receiver, entries={k: e for k, e in receiver.entries.items() if k != key})
            elif len(arguments.positional) > 1 and key not in receiver.entries:
                entry = Entry(arguments.positional[1], frame.unit, node)
                result = replace(receiver, entries={**receiver.entries, key: entry})
            if bound.place is not None:
                self.rebind(bound.place, result, node, frame)
            popped = receiver.entries.get(key) if key is not None else None
            return PythonValue(parameter=key) if receiver.arguments else UNKNOWN if popped is None else popped.value
        if name == "get":
            found = receiver.entries.get(key) if key is not None else None
            if receiver.arguments:
                return PythonValue(parameter=key)
            return UNKNOWN if found is None else found.value
        if name == "copy":
            return receiver
        if name == "items":
            return Sequence((receiver,), UNKNOWN)
        if name == "values":
            values = [entry.value for entry in receiver.entries.values()]
            return Sequence(tuple(values), UNKNOWN) if receiver.complete else UNKNOWN
        if name == "keys":
            names = tuple(PythonValue(constant=key) for key in receiver.entries)
            return Sequence(names, STATIC) if receiver.complete else UNKNOWN
        return UNKNOWN

    def _updated(self, receiver: Dict, arguments: CallArguments, node: cst.Call, frame: Frame) -> Dict:
        result = receiver
        for value in (*arguments.positional, *arguments.star_kwargs):
            result = merged(result, value) if isinstance(value, Dict) else replace(result, complete=False)
        entries = dict(result.entries)
        for arg in node.args:
            if arg.keyword is not None:
                entries[arg.keyword.value] = Entry(arguments.keywords[arg.keyword.value], frame.unit, arg)
        return replace(result, entries=entries)

    def _static_method(
        self, receiver: PythonValue, name: str, arguments: CallArguments, node: cst.Call, frame: Frame
    ) -> Value:
        if name == "get_config":
            return Serialized(syntax.source(node.func), receiver)
        if name != "format":
            return STATIC
        text = receiver.constant
        origin = next((found for value in arguments.values() if (found := holds_tensor(value))), None)
        if origin is not None and isinstance(text, str) and _FORMAT_SPECIFICATION.search(text):
            self.emit(node, frame, ScalarRead, via="format specification", origin=origin)
        shown = next((found for value in arguments.values() if (found := shown_tensor(value))), None)
        return STATIC if shown is None else Text(shown)

    def _shape_method(self, receiver: Shape, name: str) -> Value:
        if name in ("as_list", "with_rank", "with_rank_at_least", "merge_with", "copy"):
            return receiver
        if name in ("concatenate", "dims"):
            return replace(receiver, batched=False)
        return STATIC
