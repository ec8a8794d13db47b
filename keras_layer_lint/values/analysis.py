"""Everything that is known of one layer class: the facts that checks read."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TypeVar

from keras_layer_lint.model.attributes import HOOKS, assigned_by_method, may_change_layer
from keras_layer_lint.model.class_graph import ClassRef
from keras_layer_lint.model.layer import LayerClass
from keras_layer_lint.values.events import AttributeStored, Event, SuperCall
from keras_layer_lint.values.interpreter import Interpreter, Returned
from keras_layer_lint.values.machine import PHASES
from keras_layer_lint.values.value import Static, Tensor, Value, parts_of

E = TypeVar("E", bound=Event)


def _stored_late(layer: LayerClass) -> frozenset[str]:
    """Attributes that methods other than `__init__` and `build` assign, in the class and its bases in the project."""
    return frozenset(
        name
        for ref in layer.mro
        if isinstance(ref, ClassRef)
        for method, names in assigned_by_method(ref.entry).items()
        if method not in ("__init__", "build")
        for name in names
    )


class Analysis:
    """The abstract run of a class's methods, in the order of a layer's life."""

    def __init__(self, layer: LayerClass) -> None:
        self.layer = layer
        self._interpreter = Interpreter(layer)
        self._interpreter.run.stored_in_call = _stored_late(layer)
        for name in PHASES if layer.is_layer else ("__init__", "get_config"):
            if (method := layer.method(name)) is not None:
                self._interpreter.run_method(name, method)
        late = self._interpreter.run.stored_in_call
        for name, node in layer.body(layer.ref).methods.items() if layer.is_layer else ():
            if layer.code.is_parsed(node) or name in HOOKS or may_change_layer(layer.ref, node, late):
                method = layer.own_method(name)
                if method is not None and id(method.node) not in self._interpreter.run.visited:
                    self._interpreter.run_method(name, method)

    @property
    def attributes(self) -> dict[str, Value]:
        """What `self.name` holds after `__init__`, `build` and `call`."""
        return self._interpreter.run.attributes

    def returned(self, method: str) -> Returned | None:
        """What a method of the class returned."""
        return self._interpreter.returned.get(method)

    def events(self, kind: type[E], phase: str | None = None) -> Iterator[E]:
        """The events of one kind, in order."""
        for event in self._by_kind.get(kind, ()):
            if phase is None or event.site.phase == phase:
                yield event  # type: ignore[misc]  # filed under its own type

    @cached_property
    def _by_kind(self) -> dict[type[Event], list[Event]]:
        found: dict[type[Event], list[Event]] = {}
        for event in self._interpreter.events:
            for kind in type(event).__mro__[:-1]:
                found.setdefault(kind, []).append(event)
        return found

    @cached_property
    def kept_variables(self) -> dict[int, str]:
        """The variables that attributes hold, alone or in a container: where one is made to the attribute's name."""
        stored = [(event.name, event.value) for event in self.events(AttributeStored)]
        return {
            id(tensor.origin.node): name
            for name, value in [*self.attributes.items(), *stored]
            for tensor in parts_of(value)
            if isinstance(tensor, Tensor) and tensor.variable
        }

    def order(self, event: Event) -> int:
        """The position of an event among all."""
        return next(i for i, other in enumerate(self._interpreter.events) if other is event)

    @cached_property
    def is_dynamic(self) -> bool:
        """Whether the layer is made with `dynamic=True`, which Keras 2 runs eagerly."""
        return any(
            isinstance(value, Static) and value.constant is True
            for event in self.events(SuperCall, "__init__")
            for name, value in event.keywords
            if event.method == "__init__" and name == "dynamic"
        )
