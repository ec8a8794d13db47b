"""Everything that is known of one layer class: the facts that checks read."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from functools import cached_property, lru_cache, partial
from typing import TypeVar
from weakref import WeakKeyDictionary

import libcst as cst

from keras_layer_lint.keras.kinds import FUNCTIONS, ClassKind
from keras_layer_lint.keras.methods import LEARNING, LIFE, OCCASIONAL
from keras_layer_lint.model import syntax
from keras_layer_lint.model.attributes import assigned_by_method, assigned_late_by_functions, may_change_layer
from keras_layer_lint.model.class_graph import ClassRef
from keras_layer_lint.model.layer import LayerClass, layer_of
from keras_layer_lint.values.attribute_events import AttributeStored
from keras_layer_lint.values.batch_axis import all_batched
from keras_layer_lint.values.call_events import SuperCall, WeightAdded
from keras_layer_lint.values.contents import parts_of
from keras_layer_lint.values.events import Event
from keras_layer_lint.values.interpreter import Interpreter, Returned
from keras_layer_lint.values.value import PythonValue, Tensor, Value

E = TypeVar("E", bound=Event)
_MOST_KEPT = 16
"""Classes of which the run is kept: bases and those that derive from them mostly stand side by side."""
_DYNAMIC = "dynamic"
_AFTER_TRACED: dict[ClassKind | None, tuple[str, ...]] = {ClassKind.METRIC: ("build", "reset_state", "reset_states")}
"""What Keras calls between what it traces; and what a metric calls itself, mostly outside of the graph."""


def _stored_late(layer: LayerClass) -> frozenset[str]:
    """Attributes that are assigned not only in `__init__` and `build`, for the class and its bases in the project.

    Methods assign them, and functions to which a method hands `self`.
    """
    found: set[str] = set()
    for ref in layer.mro:
        if isinstance(ref, ClassRef):
            for method, names in assigned_by_method(ref.entry).items():
                if method not in ("__init__", "build"):
                    found |= names
            found |= assigned_late_by_functions(layer.project, ref)
    return frozenset(found)


def _stored_by_build(layer: LayerClass) -> frozenset[str]:
    """Attributes that `build` assigns, where a method of the class calls it: a test of them may ask whether it ran."""
    found: set[str] = set()
    is_called = False
    for ref in layer.mro:
        if isinstance(ref, ClassRef):
            found |= assigned_by_method(ref.entry).get("build", frozenset())
            lines = ref.module.lines[ref.entry.line - 1 : ref.entry.end_line]
            is_called = is_called or any("self.build(" in line for line in lines)
    return frozenset(found) if is_called else frozenset()


def _life_of(layer: LayerClass) -> tuple[str, ...]:
    """The methods that are run, in order."""
    if layer.is_layer:
        return LIFE
    if layer.kind in FUNCTIONS:
        return (layer.name,)
    return ("__init__", *layer.traced, *_AFTER_TRACED.get(layer.kind, ()), "get_config")


class _Waiting(threading.local):
    """The classes whose analysis waits for that of one which they hold."""

    def __init__(self) -> None:
        self.classes: list[ClassRef] = []


_WAITING = _Waiting()
_DEEPEST = 6
_TENSORS: WeakKeyDictionary[LayerClass, bool | None] = WeakKeyDictionary()
"""What `Run.tensor_of` says of each layer that was analysed."""


def _tensor_of(holder: LayerClass, ref: ClassRef) -> bool | None:
    """As `Run.tensor_of`. Nothing is known of a layer that holds another of its own class."""
    waiting = _WAITING.classes
    if ref == holder.ref or ref in waiting or len(waiting) > _DEEPEST:
        return None
    layer = layer_of(holder.project.class_info(ref), holder.code, holder.generations)
    if not layer.is_complete or not layer.is_layer:
        return None
    if layer not in _TENSORS:
        waiting.append(holder.ref)
        try:
            analysis_of(layer)
        finally:
            waiting.pop()
    return _TENSORS.get(layer)


def _one_tensor(returned: Returned | None) -> bool | None:
    values = [] if returned is None or returned.falls_through else [value for value, _ in returned.returns]
    if not values or not all(type(value) is Tensor and not value.optional for value in values):
        return None
    return all(map(all_batched, values))


class Analysis:
    """The abstract run of a class's methods, in the order of a layer's life."""

    def __init__(self, layer: LayerClass, *, with_memory: bool = True) -> None:
        """Run the methods of `layer`. `with_memory`: a call like one before is not run again, which changes nothing."""
        self.layer = layer
        self._interpreter = Interpreter(layer, with_memory=with_memory)
        self._interpreter.run.stored_in_call = _stored_late(layer)
        self._interpreter.run.stored_by_build = _stored_by_build(layer)
        self._interpreter.run.tensor_of = partial(_tensor_of, layer)
        life = _life_of(layer)
        layer.parse_methods(life)
        for name in life:
            if (method := layer.method(name)) is not None:
                self._interpreter.run_method(name, method)
        late = self._interpreter.run.stored_in_call
        own = layer.body(layer.ref).methods if layer.is_layer else {}
        for name, node in sorted(own.items(), key=lambda item: item[0] not in LEARNING):
            is_run = name in OCCASIONAL or name in LEARNING or name in layer.traced
            if is_run or may_change_layer(layer.ref, node, late):
                method = layer.own_method(name)
                if method is not None and id(method.node) not in self._interpreter.run.visited:
                    self._interpreter.run_method(name, method)

    @property
    def attributes(self) -> Mapping[str, Value]:
        """What `self.name` holds after `__init__`, `build` and `call`."""
        return self._interpreter.run.attributes.values

    @property
    def limits(self) -> tuple[tuple[int, str], ...]:
        """What was not analysed because a limit was reached: the line, and what it was."""
        return tuple(sorted(self._interpreter.run.limits))

    def returned(self, method: str) -> Returned | None:
        """What a method of the class returned."""
        return self._interpreter.returned.get(method)

    def events(self, kind: type[E], phase: str | None = None) -> Iterator[E]:
        """The events of one kind, in order."""
        for event in self._by_kind.get(kind, ()):
            if phase is None or event.site.phase == phase:
                yield event  # type: ignore[misc]  # filed under its own type

    def traced(self, kind: type[E]) -> Iterator[E]:
        """The events of one kind in what Keras traces of the class, method by method."""
        for method in self.layer.traced:
            yield from self.events(kind, method)

    def calls_of_base_init(self, owner: ClassRef) -> list[SuperCall]:
        """The calls of a base's `__init__` in the `__init__` of a class, which may stand in another file."""
        found = [event for event in self.events(SuperCall, "__init__") if event.site.owner is owner]
        if owner.module is not self.layer.ref.module:
            others = self._interpreter.run.base_calls.values()
            found += [call for call in others if call.site.owner is owner and call.site.phase == "__init__"]
        return [call for call in found if call.method == "__init__"]

    @cached_property
    def _by_kind(self) -> dict[type[Event], list[Event]]:
        found: dict[type[Event], list[Event]] = {}
        for event in self._interpreter.events:
            for kind in type(event).__mro__[:-1]:
                found.setdefault(kind, []).append(event)
        return found

    def is_replaced(self, event: AttributeStored) -> bool:
        """Whether the method that Keras called goes on, for certain, to bind the attribute to something else."""
        stores = [e for e in self.events(AttributeStored, event.site.phase) if e.name == event.name]
        after = stores[next(i for i, e in enumerate(stores) if e is event) + 1 :]
        return any(not (later.site.conditional or later.site.in_loop) for later in after)

    def kept_in(self, made: WeightAdded) -> str | None:
        """The attribute that holds a variable, alone or in a container."""
        names = self._kept_variables.get(id(made.origin.node), [])
        # A helper makes several at one place: the assignment around the call tells them apart.
        around = (name for name, store in names if store is not None and syntax.holds(store, made.site.node))
        return next(around, names[-1][0] if names else None)

    @cached_property
    def _kept_variables(self) -> dict[int, list[tuple[str, cst.CSTNode | None]]]:
        """Where a variable is made to the attributes that hold it, and where they are assigned."""
        kept: dict[int, list[tuple[str, cst.CSTNode | None]]] = {}
        held = [(name, value, None) for name, value in self.attributes.items()]
        for name, value, node in [*held, *((e.name, e.value, e.site.node) for e in self.events(AttributeStored))]:
            for tensor in parts_of(value):
                if isinstance(tensor, Tensor) and tensor.variable:
                    kept.setdefault(id(tensor.origin.node), []).append((name, node))
        return kept

    def order(self, event: Event) -> int:
        """The position of an event among all."""
        return next(i for i, other in enumerate(self._interpreter.events) if other is event)

    @cached_property
    def is_dynamic(self) -> bool:
        """Whether the layer is made with `dynamic=True`, which Keras 2 runs eagerly."""
        return any(
            event.method == "__init__" and self._is_true(event.argument(3, _DYNAMIC))
            for event in self.events(SuperCall, "__init__")
        )

    def _is_true(self, value: Value | None) -> bool:
        """Whether it is True, or an argument of `__init__` that is True by default."""
        if not isinstance(value, PythonValue) or value.parameter is None:
            return isinstance(value, PythonValue) and value.constant is True
        method = self._interpreter.run.layer.own_method("__init__")
        params = () if method is None else syntax.parameters(method.node)
        defaults = [param.default for param in params if param.name.value == value.parameter]
        return any(default is not None and syntax.literal(default) is True for default in defaults)


@lru_cache(maxsize=_MOST_KEPT)
def analysis_of(layer: LayerClass) -> Analysis:
    """The run of a class, made once for what asks of it and of the classes that derive from it."""
    analysis = Analysis(layer)
    if layer.is_layer:
        _TENSORS[layer] = _one_tensor(analysis.returned("call"))
    return analysis
