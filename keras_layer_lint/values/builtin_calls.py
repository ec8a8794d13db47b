"""What Python's builtin functions do with tensors."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import libcst as cst

from keras_layer_lint.values.arguments import CallArguments
from keras_layer_lint.values.events import BatchSizeUsed, PythonPrint, ScalarRead, TensorTruth, along
from keras_layer_lint.values.expressions import merged
from keras_layer_lint.values.narrowing import type_names
from keras_layer_lint.values.state import Frame, State
from keras_layer_lint.values.type_tests import has_attribute, is_instance
from keras_layer_lint.values.value import (
    NONE,
    STATIC,
    UNKNOWN,
    BoundMethod,
    Dict,
    Dimension,
    Entry,
    Nest,
    PythonValue,
    Range,
    Self,
    SelfClass,
    Sequence,
    Shape,
    Tensor,
    Text,
    Unserializable,
    Value,
    element_of,
    holds_tensor,
    join_all,
    layers_in,
    shown_tensor,
)

_CONCRETE = frozenset({"bool", "any", "all", "max", "min", "sorted"})
_ITERATING = frozenset({"list", "tuple", "set", "frozenset", "iter", "next", "reversed", "sum", "any", "all"})


class BuiltinCalls(State):
    """`len`, `range`, `zip`, ..."""

    def builtin(self, name: str, arguments: CallArguments, node: cst.Call, frame: Frame) -> Value:
        """The value of `name(...)`."""
        values = arguments.positional
        first = values[0] if values else None
        handler = getattr(self, f"_builtin_{name}", None)
        if handler is not None:
            result = handler(arguments, node, frame)
            return result if isinstance(result, Value) else UNKNOWN
        if name in ("float", "int", "complex"):
            if isinstance(first, Tensor):
                self.emit(node, frame, ScalarRead, via=name, origin=first.origin)
                if name == "complex" or self.run.phase == "get_config":
                    return UNKNOWN
                return replace(first, origin=replace(first.origin, is_number=True))
            if isinstance(first, Dimension) and first.batch:
                self.emit(node, frame, BatchSizeUsed, how=name)
            if isinstance(first, PythonValue) and first.derived is not None:
                return PythonValue(derived=first.derived)
            return replace(first, is_float=name == "float") if isinstance(first, Dimension) else STATIC
        if name in ("any", "all") and isinstance(first, Sequence) and (origin := holds_tensor(first)):
            self.emit(node, frame, TensorTruth, form=name, origin=origin)
            return STATIC
        if name in ("max", "min") and len(values) > 1:
            if origin := next((v.origin for v in values if isinstance(v, Tensor)), None):
                self.emit(node, frame, TensorTruth, form=name, origin=origin)
                return UNKNOWN
            if any(isinstance(v, Dimension) and v.batch for v in values):
                self.emit(node, frame, BatchSizeUsed, how=name)
            return Dimension() if any(isinstance(v, Dimension) for v in values) else STATIC
        if name in _CONCRETE and isinstance(first, Tensor):
            self.emit(node, frame, TensorTruth, form=name, origin=first.origin, **along(first))
            return STATIC
        if name in ("max", "min", "sorted") and isinstance(first, Sequence) and (origin := holds_tensor(first)):
            self.emit(node, frame, TensorTruth, form=name, origin=origin)
            return UNKNOWN
        if name in ("set", "frozenset"):
            return Unserializable("a set", () if first is None else tuple(layers_in(first)))
        if name in _ITERATING and first is not None:
            return self._collected(name, first, node, frame)
        if name in ("str", "repr", "format"):
            origin = None if first is None else shown_tensor(first)
            return STATIC if origin is None else Text(origin)
        if name in ("callable", "type", "id", "issubclass", "ord", "chr", "hash"):
            return SelfClass() if name == "type" and isinstance(first, Self) else STATIC
        if name in ("abs", "pow", "round", "divmod"):
            if name == "round" and isinstance(first, Dimension) and len(values) == 1:
                return replace(first, is_float=False)
            return (
                first
                if isinstance(first, Tensor | Dimension)
                else STATIC
                if isinstance(first, PythonValue)
                else UNKNOWN
            )
        return UNKNOWN

    def _collected(self, name: str, first: Value, node: cst.Call, frame: Frame) -> Value:
        if isinstance(first, Range):
            self.iterate(node, first, name, frame)
            return Sequence(None, Tensor(first.origin), is_list=name == "list")
        if isinstance(first, Tensor):
            if name == "sum":
                self.emit(node, frame, TensorTruth, form=name, origin=first.origin, **along(first))
                return Tensor(first.origin)
            self.iterate(node, first, name, frame)
            return Sequence(None, element_of(first), is_list=name == "list")
        if name == "sum":
            if isinstance(first, Sequence) and (origin := holds_tensor(first)):
                return Tensor(origin)
            return STATIC if isinstance(first, Shape | PythonValue) else UNKNOWN
        if name in ("any", "all"):
            return STATIC
        if name in ("list", "tuple", "reversed"):
            if isinstance(first, Sequence):
                items = first.items
                if items is not None and name == "reversed":
                    items = items[::-1]
                return Sequence(items, first.element, name == "list")
            if isinstance(first, Shape) and name != "reversed":
                return first
            if isinstance(first, PythonValue | Nest):
                return Sequence(None, element_of(first), name == "list")
        if name == "next":
            return element_of(first)
        if name in ("set", "frozenset"):
            return Unserializable("a set")
        return first if name == "iter" else UNKNOWN

    def _builtin_isinstance(self, arguments: CallArguments, node: cst.Call, frame: Frame) -> Value:
        if len(arguments.positional) != 2:
            return STATIC
        known = is_instance(arguments.positional[0], type_names(node.args[1].value))
        return STATIC if known is None else PythonValue(constant=known)

    def _builtin_hasattr(self, arguments: CallArguments, node: cst.Call, frame: Frame) -> Value:
        if len(arguments.positional) == 2:
            value, name = arguments.positional
            if isinstance(name, PythonValue) and isinstance(name.constant, str):
                known = has_attribute(value, name.constant)
                return STATIC if known is None else PythonValue(constant=known)
        return STATIC

    def _builtin_len(self, arguments: CallArguments, node: cst.Call, frame: Frame) -> Value:
        first = arguments.positional[0] if arguments.positional else UNKNOWN
        if isinstance(first, Tensor):
            self.emit(node, frame, ScalarRead, via="len", origin=first.origin, **along(first))
            return UNKNOWN
        if isinstance(first, Sequence) and first.items is not None and not first.is_list:
            return PythonValue(constant=len(first.items))
        return STATIC

    def _builtin_range(self, arguments: CallArguments, node: cst.Call, frame: Frame) -> Value:
        for value in arguments.positional:
            if isinstance(value, Tensor):
                self.emit(node, frame, ScalarRead, via="range", origin=value.origin)
                return Range(value.origin)
            if isinstance(value, Dimension) and value.batch:
                self.emit(node, frame, BatchSizeUsed, how="range")
        return Sequence(None, STATIC, is_filled=_counts(arguments.positional))

    def _builtin_print(self, arguments: CallArguments, node: cst.Call, frame: Frame) -> Value:
        origin = next((found for value in arguments.values() if (found := shown_tensor(value))), None)
        if origin is not None:
            self.emit(node, frame, PythonPrint, via="print", origin=origin)
        return NONE

    def _builtin_enumerate(self, arguments: CallArguments, node: cst.Call, frame: Frame) -> Value:
        first = arguments.positional[0] if arguments.positional else UNKNOWN
        element = self.iterate(node, first, "enumerate", frame) if isinstance(first, Tensor) else element_of(first)
        if isinstance(first, Sequence) and first.items is not None and len(first.items) <= 16:
            pairs = tuple(Sequence((PythonValue(constant=i), item), item) for i, item in enumerate(first.items))
            return Sequence(pairs, join_all(pairs))
        return Sequence(None, Sequence((STATIC, element), element))

    def _builtin_zip(self, arguments: CallArguments, node: cst.Call, frame: Frame) -> Value:
        elements = tuple(
            self.iterate(node, value, "zip", frame) if isinstance(value, Tensor) else element_of(value)
            for value in arguments.positional
        )
        known = [v.items for v in arguments.positional if isinstance(v, Sequence) and v.items is not None]
        if known and len(known) == len(arguments.positional) and len({len(items) for items in known}) == 1:
            rows = tuple(Sequence(row, join_all(row)) for row in zip(*known, strict=True))
            return Sequence(rows, join_all(rows))
        return Sequence(None, Sequence(elements, join_all(elements)))

    def _builtin_map(self, arguments: CallArguments, node: cst.Call, frame: Frame) -> Value:
        for value in arguments.positional[1:]:
            if isinstance(value, Tensor):
                self.iterate(node, value, "map", frame)
        return UNKNOWN

    def _builtin_filter(self, arguments: CallArguments, node: cst.Call, frame: Frame) -> Value:
        return self._builtin_map(arguments, node, frame)

    def _builtin_getattr(self, arguments: CallArguments, node: cst.Call, frame: Frame) -> Value:
        if len(arguments.positional) >= 2 and isinstance(arguments.positional[0], Self):
            name = arguments.positional[1]
            if isinstance(name, PythonValue) and isinstance(name.constant, str):
                found = self.self_attribute(name.constant, node, frame)
                has_default = len(arguments.positional) > 2 and isinstance(found, BoundMethod)
                return UNKNOWN if has_default else found
        return UNKNOWN

    def _builtin_setattr(self, arguments: CallArguments, node: cst.Call, frame: Frame) -> Value:
        if len(arguments.positional) == 3 and isinstance(arguments.positional[0], Self):
            name = arguments.positional[1]
            if isinstance(name, PythonValue) and isinstance(name.constant, str):
                self.store_attribute(name.constant, arguments.positional[2], node, frame)
        return NONE

    def _builtin_dict(self, arguments: CallArguments, node: cst.Call, frame: Frame) -> Value:
        result = Dict({})
        for value in (*arguments.positional, *arguments.star_kwargs):
            if isinstance(value, Dict):
                result = merged(result, value)
            elif isinstance(value, Sequence) and (pairs := self._pairs(value, node, frame)) is not None:
                result = merged(result, pairs)
            else:
                result = Dict(result.entries, complete=False, base=result.base, arguments=result.arguments)
        entries = dict(result.entries)
        for arg in node.args:
            if arg.keyword is not None:
                entries[arg.keyword.value] = Entry(arguments.keywords[arg.keyword.value], frame.unit, arg)
        return Dict(entries, result.complete, result.base, result.arguments)

    def _pairs(self, value: Sequence, node: cst.Call, frame: Frame) -> Dict | None:
        """`dict(list(a.items()) + list(b.items()))`, where each part is a dict's items or a pair."""
        if value.items is None:
            return None
        result = Dict({})
        for item in value.items:
            if isinstance(item, Dict):
                entries = {**result.entries, **item.entries}
                result = Dict(entries, result.complete and item.complete, result.base or item.base, item.arguments)
            elif (
                isinstance(item, Sequence)
                and item.items is not None
                and len(item.items) == 2
                and isinstance(key := item.items[0], PythonValue)
                and isinstance(key.constant, str)
            ):
                result = Dict(
                    {**result.entries, key.constant: Entry(item.items[1], frame.unit, node)},
                    result.complete,
                    result.base,
                )
            else:
                return None
        return result

    def _builtin_vars(self, arguments: CallArguments, node: cst.Call, frame: Frame) -> Value:
        return UNKNOWN


def _counts(bounds: Iterable[Value]) -> bool:
    """Whether `range` of these certainly has items."""
    numbers = [value.constant if isinstance(value, PythonValue) else None for value in bounds]
    start, stop = ([0, *numbers] if len(numbers) == 1 else [*numbers, None, None])[:2]
    return len(numbers) <= 2 and isinstance(start, int) and isinstance(stop, int) and start < stop
