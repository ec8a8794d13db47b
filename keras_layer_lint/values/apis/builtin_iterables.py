"""What Python's builtin functions that make or go through iterables do with tensors."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from keras_layer_lint.values.apis.builtin_functions import truth_of_tensor
from keras_layer_lint.values.apis.registry import ApiCall, handles
from keras_layer_lint.values.arguments import CallArguments
from keras_layer_lint.values.containers import Dict, Entry, Sequence
from keras_layer_lint.values.contents import holds_tensor, layers_in, merged
from keras_layer_lint.values.events import BatchSizeUsed, ScalarRead, TensorTruth, along
from keras_layer_lint.values.join import element_of, is_filled, join_all
from keras_layer_lint.values.kind import UNKNOWN
from keras_layer_lint.values.value import (
    STATIC,
    Dimension,
    Nest,
    PythonValue,
    Range,
    Shape,
    Tensor,
    Unserializable,
    Value,
)

if TYPE_CHECKING:
    from keras_layer_lint.values.calls import Calls

_MAX_PAIRS = 16
"""Of longer sequences `enumerate` gives pairs that are not known one by one."""


@handles("builtins.len")
def _len(calls: Calls, call: ApiCall) -> Value:
    first = call.first
    if isinstance(first, Tensor):
        calls.emit(call.node, call.frame, ScalarRead, via="len", origin=first.origin, **along(first))
        return UNKNOWN
    if isinstance(first, Sequence) and first.items is not None and not first.is_list:
        return PythonValue(constant=len(first.items))
    return STATIC


@handles("builtins.range")
def _range(calls: Calls, call: ApiCall) -> Value:
    for value in call.arguments.positional:
        if isinstance(value, Tensor):
            calls.emit(call.node, call.frame, ScalarRead, via="range", origin=value.origin)
            return Range(replace(value.origin, is_number=True))
        if isinstance(value, Dimension) and value.batch:
            calls.emit(call.node, call.frame, BatchSizeUsed, how="range")
    return Sequence(None, STATIC, is_filled=_counts(call.arguments.positional))


def _counts(bounds: Iterable[Value]) -> bool:
    """Whether `range` of these certainly has items."""
    numbers = [value.constant if isinstance(value, PythonValue) else None for value in bounds]
    start, stop = ([0, *numbers] if len(numbers) == 1 else [*numbers, None, None])[:2]
    return len(numbers) <= 2 and isinstance(start, int) and isinstance(stop, int) and start < stop


@handles("builtins.any", "builtins.all")
def _truths(calls: Calls, call: ApiCall) -> Value:
    first, name = call.first, call.name.removeprefix("builtins.")
    if isinstance(first, Sequence) and (origin := holds_tensor(first)):
        calls.emit(call.node, call.frame, TensorTruth, form=name, origin=origin)
        return STATIC
    if (found := truth_of_tensor(calls, call)) is not None:
        return found
    if isinstance(first, Range):
        calls.iterate(call.node, first, name, call.frame)
    return STATIC if call.arguments.positional else UNKNOWN


@handles("builtins.sum")
def _sum(calls: Calls, call: ApiCall) -> Value:
    first = call.first
    if isinstance(first, Tensor) and truth_of_tensor(calls, call) is not None:
        return Tensor(first.origin)
    if isinstance(first, Range):
        calls.iterate(call.node, first, "sum", call.frame)
        return UNKNOWN
    if isinstance(first, Sequence) and (origin := holds_tensor(first)):
        return Tensor(origin)
    return STATIC if isinstance(first, Shape | PythonValue) else UNKNOWN


@handles("builtins.list", "builtins.tuple", "builtins.reversed")
def _sequence(calls: Calls, call: ApiCall) -> Value:
    first, name = call.first, call.name.removeprefix("builtins.")
    if isinstance(first, Tensor | Range):
        return _gone_through(calls, call, name)
    if isinstance(first, Sequence):
        items = first.items[::-1] if first.items is not None and name == "reversed" else first.items
        return Sequence(items, first.element, name == "list", first.is_filled, first.holds_batch_size)
    if isinstance(first, Shape) and name != "reversed":
        return first
    if isinstance(first, PythonValue | Nest):
        return Sequence(None, element_of(first), name == "list", is_filled(first))
    return UNKNOWN


def _gone_through(calls: Calls, call: ApiCall, name: str) -> Sequence:
    """The elements of a tensor, or of a range of one."""
    calls.iterate(call.node, call.first, name, call.frame)
    return Sequence(None, element_of(call.first), is_list=name == "list")


@handles("builtins.iter")
def _iter(calls: Calls, call: ApiCall) -> Value:
    return _gone_through(calls, call, "iter") if isinstance(call.first, Tensor | Range) else call.first


@handles("builtins.next")
def _next(calls: Calls, call: ApiCall) -> Value:
    if isinstance(call.first, Tensor | Range):
        calls.iterate(call.node, call.first, "next", call.frame)
        return UNKNOWN  # neither is an iterator: it raises
    return element_of(call.first)


@handles("builtins.set", "builtins.frozenset")
def _set(calls: Calls, call: ApiCall) -> Value:
    return Unserializable("a set", tuple(layers_in(call.first)))


@handles("builtins.enumerate")
def _enumerate(calls: Calls, call: ApiCall) -> Value:
    first = call.first
    element = _element(calls, call, first, "enumerate")
    if isinstance(first, Sequence) and first.items is not None and len(first.items) <= _MAX_PAIRS:
        pairs = tuple(Sequence((PythonValue(constant=i), item), item) for i, item in enumerate(first.items))
        return Sequence(pairs, join_all(pairs))
    return Sequence(None, Sequence((STATIC, element), element), is_filled=is_filled(first))


@handles("builtins.zip")
def _zip(calls: Calls, call: ApiCall) -> Value:
    given = call.arguments.positional
    elements = tuple(_element(calls, call, value, "zip") for value in given)
    known = [value.items for value in given if isinstance(value, Sequence) and value.items is not None]
    if known and len(known) == len(given) and len({len(items) for items in known}) == 1:
        rows = tuple(Sequence(row, join_all(row)) for row in zip(*known, strict=True))
        return Sequence(rows, join_all(rows))
    return Sequence(None, Sequence(elements, join_all(elements)), is_filled=bool(given) and all(map(is_filled, given)))


def _element(calls: Calls, call: ApiCall, value: Value, form: str) -> Value:
    return calls.iterate(call.node, value, form, call.frame) if isinstance(value, Tensor) else element_of(value)


@handles("builtins.map", "builtins.filter")
def _map(calls: Calls, call: ApiCall) -> Value:
    sources = call.arguments.positional[1:]
    elements = tuple(_element(calls, call, value, "map") for value in sources)
    if not elements or call.name == "builtins.filter":
        return Sequence(None, elements[0]) if elements else UNKNOWN
    certain = all(map(is_filled, sources))
    call.frame.skippable += not certain
    element = calls.call_value(call.first, CallArguments(elements), call.node, call.frame)
    call.frame.skippable -= not certain
    return Sequence(None, element, is_filled=certain)


@handles("builtins.dict")
def _dict(calls: Calls, call: ApiCall) -> Value:
    arguments = call.arguments
    result = Dict({})
    for value in (*arguments.positional, *arguments.star_kwargs):
        if isinstance(value, Dict):
            result = merged(result, value)
        elif isinstance(value, Sequence) and (pairs := _pairs(value, call)) is not None:
            result = merged(result, pairs)
        else:
            result = replace(result, complete=False)
    entries = {**result.entries, **call.keyword_entries()}
    return replace(result, entries=entries)


def _pairs(value: Sequence, call: ApiCall) -> Dict | None:
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
            entry = Entry(item.items[1], call.frame.unit, call.node)
            result = Dict({**result.entries, key.constant: entry}, result.complete, result.base)
        else:
            return None
    return result
