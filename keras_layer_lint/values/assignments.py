"""What assignments do."""

from __future__ import annotations

from collections.abc import Sequence as Items
from dataclasses import replace

import libcst as cst

from keras_layer_lint.keras.layers import LAYER
from keras_layer_lint.model import syntax, uses
from keras_layer_lint.model.patterns import is_by_identity
from keras_layer_lint.values.attribute_events import (
    AttributeMutated,
    AttributeStored,
    LateGrowth,
    SublayerAttributeStored,
)
from keras_layer_lint.values.containers import Dict, Entry, Sequence
from keras_layer_lint.values.contents import layers_in
from keras_layer_lint.values.events import ItemAssigned, NumpyCall
from keras_layer_lint.values.frames import Frame, layer_attribute
from keras_layer_lint.values.item_stores import is_meant_for_tensor
from keras_layer_lint.values.join import element_of, join
from keras_layer_lint.values.kind import UNKNOWN
from keras_layer_lint.values.mutations import Mutations
from keras_layer_lint.values.operators import derived
from keras_layer_lint.values.value import Dimension, Layer, Nest, NumpyValue, PythonValue, Self, Shape, Tensor, Value

_WRAPPER = "keras.layers.Wrapper"


class Assignments(Mutations):
    """Names, attributes and items that get a value or are deleted."""

    def _assign(self, node: cst.Assign, frame: Frame) -> bool:
        value = self.evaluate(node.value, frame)
        for target in node.targets:
            self.assign(target.target, value, frame, node)
        return True

    def _annotated(self, node: cst.AnnAssign, frame: Frame) -> bool:
        if node.value is not None:
            self.assign(node.target, self.evaluate(node.value, frame), frame, node)
        return True

    def _augmented(self, node: cst.AugAssign, frame: Frame) -> bool:
        old, new = self.evaluate(node.target, frame), self.evaluate(node.value, frame)
        self.emit_missing_mask(new, node, frame)
        self.emit_mixed_dtypes(old, new, node, frame)
        self.emit_integers(old, new, node.value, node, frame)
        is_add = isinstance(node.operator, cst.AddAssign)
        if isinstance(old, Dict) and isinstance(new, Dict) and isinstance(node.operator, cst.BitOrAssign):
            value: Value = self.combined(old, new, is_add=False, is_or=True)
        else:
            value = self.combined(old, new, is_add=is_add)
            if isinstance(value, PythonValue):
                value = derived(old, node.operator, new, node)
        if is_add and isinstance(old, Sequence) and old.is_list:
            self.grown(_place(node.target, frame), "+=", node, frame)
            if (attribute := layer_attribute(node.target, frame)) is not None:
                after = self.run.attributes.is_written(attribute)
                data = {"name": attribute, "value": value, "grown": True, "after_write": after}
                self.emit(node, frame, AttributeMutated, **data)
        self.assign(node.target, value, frame, node)
        return True

    def assign(self, target: cst.CSTNode, value: Value, frame: Frame, node: cst.CSTNode) -> None:
        if isinstance(target, cst.Name):
            frame.bind(target.value, value)
            if frame.aliases:
                frame.aliases.pop(target.value, None)
            if type(node) is cst.Assign and isinstance(node.value, cst.BinaryOperation):
                self._rebuilt_list(target.value, node.value, value, node, frame)
            return
        match target:
            case cst.Tuple() | cst.List():
                self._unpack(target, value, frame, node)
            case cst.StarredElement():
                self.assign(target.value, value, frame, node)
            case cst.Attribute():
                holder = self.evaluate(target.value, frame)
                if isinstance(holder, Self):
                    self.store_attribute(target.attr.value, value, node, frame)
                    if (
                        isinstance(node, cst.Assign)
                        and isinstance(node.value, cst.Name)
                        and isinstance(value, Sequence)
                    ):
                        frame.aliases[node.value.value] = (target.attr.value, "copy")
                else:
                    of = holder.of if isinstance(holder, Layer) else None
                    is_wrapped = syntax.self_attribute(target.value) == "layer" and self.run.layer.has_base(_WRAPPER)
                    if of is not None or is_wrapped:
                        of = None if is_wrapped and of == LAYER else of
                        self.emit(node, frame, SublayerAttributeStored, name=target.attr.value, of=of)
            case cst.Subscript():
                self._store_item(target, value, frame, node)
            case _:
                pass

    def _rebuilt_list(
        self, name: str, operation: cst.BinaryOperation, value: Value, node: cst.CSTNode, frame: Frame
    ) -> None:
        """`outputs = outputs + [row]`."""
        same = isinstance(operation.left, cst.Name) and operation.left.value == name
        if same and isinstance(value, Sequence) and isinstance(operation.operator, cst.Add):
            self.grown(name, "+", node, frame)

    def _unpack(self, target: cst.Tuple | cst.List, value: Value, frame: Frame, node: cst.CSTNode) -> None:
        elements = target.elements
        if isinstance(value, Tensor) and not _is_mask(value):  # code that unpacks a mask knows that there are several
            self.iterate(node, value, "unpacking", frame)
        if isinstance(node, cst.Assign):
            self.note_item_read(node.value, value, None, frame)
        starred = any(isinstance(element, cst.StarredElement) for element in elements)
        if (
            isinstance(value, Sequence)
            and value.items is not None
            and len(value.items) == len(elements)
            and not starred
        ):
            values: Items[Value] = value.items
        elif isinstance(value, Shape):
            first: Value = Dimension(batch=value.batched)
            if value.symbolic and value.batched and value.origin is not None:
                first = Tensor(value.origin, sizes=True)
            rest: Value = UNKNOWN if value.symbolic and not value.batched else Dimension()
            values = [first, *(rest for _ in elements[1:])]
        else:
            values = [element_of(value)] * len(elements)
        for element, item in zip(elements, values, strict=True):
            if isinstance(element, cst.StarredElement):
                self.assign(element.value, Sequence(None, item, is_list=True), frame, node)
            else:
                self.assign(element.value, item, frame, node)

    def store_attribute(self, name: str, value: Value, node: cst.CSTNode, frame: Frame) -> None:
        run = self.run
        for caller in frame.callers():
            caller.env.pop(f"self.{name}", None)  # what a condition said of it
        method = run.layer.method(name)
        if method is not None and "property" in syntax.decorator_names(method.node):
            value = UNKNOWN  # what its setter makes of it
        old = run.attributes.get(name)
        self._note_paths(name, value, node, frame)
        run.attributes.note_written(name)
        self.emit(
            node, frame, AttributeStored, name=name, value=value, old=old, code=frame.function.node, statement=node
        )
        if isinstance(value, PythonValue) and value.attribute is None and value.parameter is not None:
            value = replace(value, constant=...)
        elif isinstance(value, PythonValue) and run.phase == "__init__":
            if value.is_none:
                run.none_at_first.add(name)
            value = replace(value, constant=..., attribute=name)
        if old is not None and run.phase not in ("__init__", "call"):
            value = self._after_init(name, old, value, frame)
        run.attributes.store(name, value)

    def _after_init(self, name: str, old: Value, value: Value, frame: Frame) -> Value:
        """What an attribute holds that `build` or another method binds anew: either, but no None that only opens it."""
        is_opened = name in self.run.none_at_first and isinstance(old, PythonValue) and old.attribute == name
        if not is_opened or isinstance(value, PythonValue):
            return join(old, value)
        is_certain = all(caller.is_certain for caller in frame.callers())
        return value if self.run.phase == "build" and is_certain else join(PythonValue(None), value)

    def _note_paths(self, name: str, value: Value, node: cst.CSTNode, frame: Frame) -> None:
        """Remember what an attribute holds on some path only, where no config can hold that."""
        if self.run.phase != "__init__":
            return
        if frame.is_certain and frame.caller is None:
            self.run.on_a_path.pop(name, None)
        given = self.run.alternatives.get(id(_copied(node.value)), ()) if isinstance(node, cst.Assign) else ()
        found = next((part for part in (value, *given) if _is_no_config_value(part)), None)
        if found is not None:
            self.run.on_a_path[name] = found

    def _store_item(self, target: cst.Subscript, value: Value, frame: Frame, node: cst.CSTNode) -> None:
        holder = self.evaluate(target.value, frame)
        place = _place(target.value, frame)
        self._note_item_stored(target, holder, value, node, frame)
        indices = [self._item_index(element.slice, frame) for element in target.slice]
        if isinstance(holder, Tensor | Nest) and is_meant_for_tensor(holder, target, indices, node, frame):
            how = syntax.source(node.operator) if isinstance(node, cst.AugAssign) else "="
            self.emit(target, frame, ItemAssigned, how=how, text=syntax.source(target), origin=holder.origin)
        for element, index in zip(target.slice, indices, strict=True):
            key = _key(index)
            if isinstance(holder, Dict) and place is not None:
                if place.startswith("self.") and isinstance(value, Sequence):
                    self.run.attributes.note_nesting(place[5:])
                if key is None:
                    literal = syntax.literal(element.slice.value) if isinstance(element.slice, cst.Index) else ...
                    numbered = holder.numbered or type(literal) in (int, float)
                    changed = replace(holder, complete=False, numbered=numbered)
                else:
                    entry = Entry(value, frame.unit, target)
                    changed = replace(holder, entries={**holder.entries, key: entry})
                self.rebind(place, changed, target, frame)
            elif isinstance(holder, Shape) and place is not None:
                # Entries that are None give way to tensors.
                self.rebind(place, replace(holder, batched=False), target, frame)
            elif isinstance(holder, NumpyValue) and isinstance(value, Tensor):
                self.emit(target, frame, NumpyCall, function=f"{syntax.source(target)} = ...", origin=value.origin)
            elif isinstance(holder, Sequence) and place is not None:
                if place.startswith("self.") and (layers := tuple(layers_in(value))):
                    self.emit(target, frame, LateGrowth, name=place[5:], how="item", layers=layers)
                changed_items = Sequence(None, join(element_of(holder), value), holder.is_list)
                self.rebind(place, changed_items, target, frame)

    def _note_item_stored(
        self, target: cst.Subscript, holder: Value, value: Value, node: cst.CSTNode, frame: Frame
    ) -> None:
        name = layer_attribute(target.value, frame) if self.run.is_traced else None
        if name is not None and isinstance(holder, Dict | Sequence | NumpyValue):
            piece = target.slice[0].slice
            key = syntax.key_text(piece.value) if isinstance(piece, cst.Index) else ""
            counts_on = isinstance(node, cst.AugAssign)
            if isinstance(holder, NumpyValue) and isinstance(node, cst.Assign):
                counts_on = f"self.{name}" in uses.names_read(node.value)
                if counts_on:
                    self.note_item_read(target.value, holder, None, frame)
            if isinstance(piece, cst.Index) and is_by_identity(piece.value, frame.function.node):
                return  # another trace has other tensors, and finds nothing of this one
            self.note_item_stored(name, key, syntax.source(target), value, node, frame, counts_on=counts_on)

    def _item_index(self, node: cst.BaseSlice, frame: Frame) -> Value | None:
        return self.evaluate(node.value, frame) if isinstance(node, cst.Index) else None

    def _delete(self, node: cst.Del, frame: Frame) -> bool:
        targets = [e.value for e in node.target.elements] if isinstance(node.target, cst.Tuple) else [node.target]
        for target in targets:
            if not isinstance(target, cst.Subscript):
                continue
            holder = self.evaluate(target.value, frame)
            place = _place(target.value, frame)
            if isinstance(holder, Tensor):
                text = syntax.source(target)
                self.emit(target, frame, ItemAssigned, how="del", text=text, origin=holder.origin)
            if isinstance(holder, Sequence) and place is not None and _is_everything(target):
                self.rebind(place, replace(holder, items=()), node, frame)
            if isinstance(holder, Dict) and place is not None:
                key = _key(self._item_index(target.slice[0].slice, frame))
                entries = {k: e for k, e in holder.entries.items() if k != key}
                self.rebind(
                    place, replace(holder, entries=entries, complete=holder.complete and key is not None), node, frame
                )
        return True


def _place(node: cst.BaseExpression, frame: Frame) -> str | None:
    if isinstance(node, cst.Name):
        return node.value
    attribute = layer_attribute(node, frame)
    return syntax.dotted(node) if attribute is None else f"self.{attribute}"


def _key(index: Value | None) -> str | None:
    return index.constant if isinstance(index, PythonValue) and isinstance(index.constant, str) else None


def _is_everything(target: cst.Subscript) -> bool:
    """`x[:]`."""
    match target.slice:
        case [cst.SubscriptElement(slice=cst.Slice(lower=None, upper=None, step=None))]:
            return True
        case _:
            return False


def _copied(node: cst.BaseExpression) -> cst.BaseExpression:
    """`x` of `dict(x)`."""
    match node:
        case cst.Call(func=cst.Name(value="dict"), args=[cst.Arg(value=value, keyword=None)]):
            return value
        case _:
            return node


def _is_no_config_value(value: Value) -> bool:
    match value:
        case Tensor(variable=False) | NumpyValue(is_array=True) | Dict(numbered=True):
            return True
        case _:
            return False


def _is_mask(value: Tensor) -> bool:
    """Whether a value is the `mask` that Keras passes to `call`: a list where there are several inputs."""
    param = value.origin.node
    return isinstance(param, cst.Param) and param.name.value == "mask"
