"""Containers that are changed in place."""

from __future__ import annotations

import libcst as cst

from keras_layer_lint.model import syntax
from keras_layer_lint.values.attribute_events import AttributeMutated, ItemRead, ItemStored
from keras_layer_lint.values.containers import Dict, Sequence
from keras_layer_lint.values.events import ListGrowth
from keras_layer_lint.values.frames import Frame, layer_attribute
from keras_layer_lint.values.state import State
from keras_layer_lint.values.value import NumpyValue, Value


class Mutations(State):
    """What a change in place does to the variable or attribute that holds the container."""

    def grown(self, place: str | None, how: str, node: cst.CSTNode, frame: Frame) -> None:
        """Record that a list grows, where that is in a loop over a tensor."""
        loop = next((loop for loop in frame.loops if loop.origin is not None), None)
        if loop is None or loop.origin is None or place is None:
            return
        later = any(block.reads_later(place) for block in frame.rest[: loop.depth])
        self.emit(node, frame, ListGrowth, name=place, how=how, read_later=later, loop=loop.origin)

    def note_item_read(self, holder: cst.BaseExpression, value: Value, key: cst.CSTNode | None, frame: Frame) -> None:
        """Record that `call` reads an item of a container on self; without a key, all of them."""
        name = layer_attribute(holder, frame) if self.run.is_traced else None
        if name is None or not isinstance(value, Dict | Sequence | NumpyValue):
            return
        text = "" if key is None else syntax.key_text(key)
        attributes = self.run.attributes
        after = attributes.is_written(name) or attributes.is_written(f"{name}[{text}]")
        self.emit(holder, frame, ItemRead, name=name, key=text, after_write=after)

    def note_item_stored(
        self,
        name: str,
        key: str,
        text: str,
        value: Value,
        node: cst.CSTNode,
        frame: Frame,
        *,
        counts_on: bool = False,
    ) -> None:
        """Record that `call` stores an item of a container on self, which it has not made itself."""
        if not self.run.attributes.is_written(name):
            self.emit(node, frame, ItemStored, name=name, key=key, text=text, value=value, counts_on=counts_on)
        self.run.attributes.note_written(f"{name}[{key}]")

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
