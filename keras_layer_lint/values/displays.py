"""The values of expressions that make a container."""

from __future__ import annotations

from dataclasses import replace

import libcst as cst

from keras_layer_lint.model import syntax
from keras_layer_lint.values.containers import Dict, Entry, Sequence
from keras_layer_lint.values.contents import layers_in, merged
from keras_layer_lint.values.events import TensorTest
from keras_layer_lint.values.frames import Frame, Path
from keras_layer_lint.values.join import element_of, is_filled, join_all
from keras_layer_lint.values.state import State
from keras_layer_lint.values.value import Dimension, PythonValue, Shape, Tensor, Unserializable, Value


class Displays(State):
    """Lists, tuples, sets, dicts and comprehensions."""

    def _tuple(self, node: cst.Tuple | cst.List, frame: Frame) -> Value:
        items: list[Value] = []
        exact = True
        for element in node.elements:
            value = self.evaluate(element.value, frame)
            if isinstance(element, cst.StarredElement):
                self.iterate(element.value, value, "star", frame)
                if isinstance(value, Sequence) and value.items is not None:
                    items.extend(value.items)
                else:
                    exact = False
                    items.append(value if isinstance(value, Shape) and not items else element_of(value))
            else:
                items.append(value)
        if not exact and (first := shape_of(items)) is not None:
            return first
        result = Sequence(tuple(items) if exact else None, join_all(items), isinstance(node, cst.List))
        self.note_cut(result, node, frame)
        return result

    def _set(self, node: cst.Set, frame: Frame) -> Value:
        values = [self.evaluate(element.value, frame) for element in node.elements]
        return Unserializable("a set", tuple(layer for value in values for layer in layers_in(value)))

    def _dict(self, node: cst.Dict, frame: Frame) -> Value:
        known = Dict({})  # what `**` brings
        entries: dict[str, Entry] = {}
        for element in node.elements:
            value = self.evaluate(element.value, frame)
            if isinstance(element, cst.StarredDictElement):
                known = replace(known, entries=entries)
                known = merged(known, value) if isinstance(value, Dict) else replace(known, complete=False)
                entries = dict(known.entries)
                continue
            assert isinstance(element, cst.DictElement)
            key = self.evaluate(element.key, frame)
            if isinstance(key, PythonValue) and isinstance(key.constant, str):
                entries[key.constant] = Entry(value, frame.unit, element.key)
            else:
                known = replace(known, complete=False, numbered=known.numbered or is_number(key))
        result = replace(known, entries=entries)
        self.note_cut(result, node, frame)
        return result

    def _comprehension(self, node: cst.BaseSimpleComp, frame: Frame) -> Value:
        start = self.here(frame)
        frame.env = start.env.fork()
        frame.skippable += 1
        filled = self._generators(node.for_in, frame)
        element = self.evaluate(node.elt, frame)
        frame.skippable -= 1
        self.meet([start, Path(start.env, self.run.attributes.fork())], frame)
        if isinstance(element, Dimension) and element.batch:  # an entry of a shape, the first one among them
            return Shape(batched=True)
        if isinstance(node, cst.SetComp) and (held := layers_in(element)):
            return Unserializable("a set", tuple(held))
        return Sequence(None, element, isinstance(node, cst.ListComp), filled)

    def _dict_comprehension(self, node: cst.DictComp, frame: Frame) -> Value:
        start = self.here(frame)
        source = self.evaluate(node.for_in.iter, frame)
        rounds = constants_in(source)
        counted = _counts_with(node.for_in, node.key) and self.run.phase == "__init__"
        result = Dict({}, complete=rounds is not None, numbered=counted)
        frame.skippable += 1
        for item in [None] if rounds is None else rounds:
            frame.env = start.env.fork()
            self._generators(node.for_in, frame, item)
            key = self.evaluate(node.key, frame)
            value = self.evaluate(node.value, frame)
            if isinstance(key, PythonValue) and isinstance(key.constant, str):
                entry = Entry(value, frame.unit, node.key, always=not node.for_in.ifs)
                result = replace(result, entries={**result.entries, key.constant: entry})
            else:
                result = replace(result, complete=False, numbered=result.numbered or is_number(key))
        frame.skippable -= 1
        self.meet([start, Path(start.env, self.run.attributes.fork())], frame)
        return result

    def _generators(self, clause: cst.CompFor, frame: Frame, item: Value | None = None) -> bool:
        """Bind the targets of a comprehension; whether it certainly makes an item."""
        source: Value | None = None
        element = item
        if element is None:
            source = self.evaluate(clause.iter, frame)
            element = self.iterate(clause.iter, source, "comprehension", frame)
            if isinstance(source, Shape) and source.batched and not source.symbolic and not clause.ifs:
                element = Dimension(batch=clause.inner_for_in is None)
        self.assign(clause.target, element, frame, clause)
        for test in clause.ifs:
            value = self.condition(test.test, frame)
            if isinstance(value, Tensor):
                self.emit(test, frame, TensorTest, form="comprehension", test=test.test, origin=value.origin)
            if (env := self.narrowed(test.test, frame, True)) is not None:
                frame.env = env
        inner = clause.inner_for_in is None or self._generators(clause.inner_for_in, frame)
        return inner and not clause.ifs and source is not None and is_filled(source)


def shape_of(items: list[Value]) -> Shape | None:
    """The shape that `[x.shape[0], *rest]` and `[*x.shape, 1]` spell out, of unknown rank; None for what is none."""
    match items:
        case [Shape() as shape, *_]:
            return shape
        case [Dimension(batch=True), *_]:
            return Shape(batched=True)
        case _:
            return None


def constants_in(value: Value) -> tuple[Value, ...] | None:
    """The items of a short literal sequence of strings, which a loop over it is run with one by one."""
    if isinstance(value, Sequence) and value.items is not None and 0 < len(value.items) <= 64:
        items = value.items
        if all(isinstance(item, PythonValue) and isinstance(item.constant, str) for item in items):
            return items
        if all(
            isinstance(item, Sequence) and item.items and constants_in(Sequence(item.items[:1], item.element))
            for item in items
        ):
            return items
    return None


def is_number(key: Value) -> bool:
    """Whether a key of a dict is a literal number, which JSON turns into text."""
    return isinstance(key, PythonValue) and type(key.constant) in (int, float)


def _counts_with(clause: cst.CompFor, key: cst.BaseExpression) -> bool:
    """Whether the key is what `range` or `enumerate` counts."""
    called = syntax.dotted(clause.iter.func) if isinstance(clause.iter, cst.Call) else None
    match called, clause.target:
        case "range", cst.Name(value=name):
            pass
        case "enumerate", cst.Tuple(elements=[cst.Element(value=cst.Name(value=name)), *_]):
            pass
        case _:
            return False
    return isinstance(key, cst.Name) and key.value == name
