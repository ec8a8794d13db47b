"""What methods of lists, dicts and other Python containers do."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import libcst as cst

from keras_layer_lint.model import syntax
from keras_layer_lint.values.apis.registry import MethodCall, methods
from keras_layer_lint.values.attribute_events import LateGrowth, ParameterTaken
from keras_layer_lint.values.containers import Dict, Entry, Sequence
from keras_layer_lint.values.contents import layers_in, merged, shown_tensor
from keras_layer_lint.values.join import element_of, is_filled, join
from keras_layer_lint.values.kind import UNKNOWN
from keras_layer_lint.values.value import NONE, STATIC, Opaque, PythonValue, Unserializable, Value

if TYPE_CHECKING:
    from keras_layer_lint.values.calls import Calls


@methods(Sequence, "append", "extend", "insert")
def _grows(calls: Calls, call: MethodCall[Sequence]) -> Value:
    if not call.arguments.positional:
        return UNKNOWN
    receiver, frame = call.receiver, call.frame
    added = call.arguments.positional[-1]
    calls.grown(call.place, call.name, call.node, frame)
    _given_away(calls, call, added)
    if call.place is not None:
        exact = call.name == "append" and receiver.items is not None and not frame.loops and not frame.conditions
        if exact and receiver.items is not None:
            grown = Sequence((*receiver.items, added), join(receiver.element, added), receiver.is_list)
        else:
            element = element_of(added) if call.name == "extend" else added
            old = element_of(receiver) if receiver.items != () else element
            batch = receiver.holds_batch_size
            grown = Sequence(None, join(old, element), receiver.is_list, is_filled(receiver), batch)
        calls.rebind(call.place, grown, call.node, frame, grown=True)
    return NONE


def _given_away(calls: Calls, call: MethodCall[Sequence], added: Value) -> None:
    """Keep account of lists that an attribute holds under another name as well."""
    node, frame, place = call.node, call.frame, call.place
    holder = node.func.value if isinstance(node.func, cst.Attribute) else None
    attribute = None if place is None or not place.startswith("self.") else place[5:]
    if attribute is not None and isinstance(added, Sequence):
        calls.run.attributes.note_nesting(attribute)
        if isinstance(node.args[-1].value, cst.Name):
            frame.aliases[node.args[-1].value.value] = (attribute, "inside")
    if not (layers := tuple(layers_in(added))):
        return
    if isinstance(holder, cst.Subscript):
        inner = syntax.self_attribute(holder.value)
        if inner is not None and calls.run.attributes.is_nesting(inner):
            calls.emit(node, frame, LateGrowth, name=inner, how="inside", layers=layers)
    elif place in frame.aliases:
        name, how = frame.aliases[place]
        calls.emit(node, frame, LateGrowth, name=name, how=how, layers=layers)


@methods(Sequence, "pop", "__getitem__")
def _item(calls: Calls, call: MethodCall[Sequence]) -> Value:
    return element_of(call.receiver)


@methods((Sequence, Dict), "copy")
def _copy(calls: Calls, call: MethodCall[Sequence | Dict]) -> Value:
    return call.receiver


@methods(Sequence, "index", "count")
def _number(calls: Calls, call: MethodCall[Sequence]) -> Value:
    return STATIC


@methods(Sequence, "reverse", "sort", "clear", "remove")
def _changed(calls: Calls, call: MethodCall[Sequence]) -> Value:
    if call.place is None:
        return UNKNOWN
    items = () if call.name == "clear" else None
    changed = Sequence(items, element_of(call.receiver), call.receiver.is_list)
    calls.rebind(call.place, changed, call.node, call.frame)
    if call.name == "clear":
        calls.run.attributes.note_written(call.place.removeprefix("self."))
    return NONE


@methods((Opaque, Unserializable), "add", "append", "appendleft", "extend", "update")
def _put_in(calls: Calls, call: MethodCall[Opaque | Unserializable]) -> Value:
    if call.place is None:
        return UNKNOWN
    added = [layer for value in call.arguments.positional for layer in layers_in(value)]
    changed = replace(call.receiver, held=(*call.receiver.held, *added))
    grown = any(shown_tensor(value) is not None for value in call.arguments.positional)
    calls.rebind(call.place, changed, call.node, call.frame, grown=grown)
    return NONE


@methods(Dict, "update")
def _update(calls: Calls, call: MethodCall[Dict]) -> Value:
    result = call.receiver
    for value in (*call.arguments.positional, *call.arguments.star_kwargs):
        result = merged(result, value) if isinstance(value, Dict) else replace(result, complete=False)
    given = call.keyword_entries()
    if calls.run.is_traced and call.place is not None and call.place.startswith("self."):
        for key, entry in given.items():
            text = f"{call.place}[{key!r}]"
            calls.note_item_stored(call.place[5:], repr(key), text, entry.value, call.node, call.frame)
    result = replace(result, entries={**result.entries, **given})
    if call.place is not None:
        calls.rebind(call.place, result, call.node, call.frame)
    return NONE


@methods(Dict, "pop", "setdefault")
def _taken_out(calls: Calls, call: MethodCall[Dict]) -> Value:
    receiver, key, given = call.receiver, call.text(0), call.arguments.positional
    _note_parameter_taken(calls, call)
    _note_read(calls, call)
    result = receiver
    if key is None:
        result = replace(receiver, complete=False)
    elif call.name == "pop":
        result = replace(receiver, entries={k: e for k, e in receiver.entries.items() if k != key})
    elif len(given) > 1 and key not in receiver.entries:
        result = replace(receiver, entries={**receiver.entries, key: Entry(given[1], call.frame.unit, call.node)})
    if call.place is not None:
        calls.rebind(call.place, result, call.node, call.frame)
    return _entry(receiver, key)


@methods(Dict, "get")
def _get(calls: Calls, call: MethodCall[Dict]) -> Value:
    _note_parameter_taken(calls, call)
    _note_read(calls, call)
    return _entry(call.receiver, call.text(0))


def _note_parameter_taken(calls: Calls, call: MethodCall[Dict]) -> None:
    """Record that an argument is read out of `**kwargs` by name."""
    key = call.text(0)
    if call.receiver.arguments and key is not None:
        required = call.name == "pop" and len(call.arguments.positional) == 1
        removed = call.name == "pop"
        calls.emit(call.node, call.frame, ParameterTaken, name=key, required=required, removed=removed)


def _note_read(calls: Calls, call: MethodCall[Dict]) -> None:
    """Record that an item of a dict on self is read, or all of them."""
    if isinstance(call.node.func, cst.Attribute):
        key = call.node.args[0].value if call.node.args else None
        calls.note_item_read(call.node.func.value, call.receiver, key, call.frame)


def _entry(receiver: Dict, key: str | None) -> Value:
    if receiver.arguments:
        return PythonValue(parameter=key)
    found = None if key is None else receiver.entries.get(key)
    return UNKNOWN if found is None else found.value


@methods(Dict, "items")
def _items(calls: Calls, call: MethodCall[Dict]) -> Value:
    _note_read(calls, call)
    return Sequence((call.receiver,), UNKNOWN)


@methods(Dict, "values")
def _values(calls: Calls, call: MethodCall[Dict]) -> Value:
    _note_read(calls, call)
    values = tuple(entry.value for entry in call.receiver.entries.values())
    return Sequence(values, UNKNOWN) if call.receiver.complete else UNKNOWN


@methods(Dict, "keys")
def _keys(calls: Calls, call: MethodCall[Dict]) -> Value:
    names = tuple(PythonValue(constant=key) for key in call.receiver.entries)
    return Sequence(names, STATIC) if call.receiver.complete else UNKNOWN
