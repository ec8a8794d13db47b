"""What the `build` of a layer makes, and what it leaves to others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cached_property

import libcst as cst

from keras_layer_lint.keras.layers import Trait, facts_of, has_trait
from keras_layer_lint.model import patterns, syntax, uses
from keras_layer_lint.model.attributes import assigned_by_method
from keras_layer_lint.model.class_graph import ClassRef
from keras_layer_lint.model.layer import LayerClass, Method
from keras_layer_lint.model.variables import Counted, holds_variables
from keras_layer_lint.target import Generation, Target
from keras_layer_lint.values.analysis import Analysis
from keras_layer_lint.values.attribute_events import AttributeMutated, AttributeStored, ParameterUsed
from keras_layer_lint.values.call_events import LayerMade, SuperCall, WeightAdded
from keras_layer_lint.values.containers import Dict, Sequence
from keras_layer_lint.values.contents import layers_in, parts_of
from keras_layer_lint.values.events import Event
from keras_layer_lint.values.kind import Unknown
from keras_layer_lint.values.value import Layer, NumpyValue, PythonValue, Tensor, Value

_LEAD_TO_ALL = frozenset(
    """
    layers _layers _flatten_layers submodules sublayers __dict__ call __call__ compute_output_spec _build_by_run
    build_from_config _build_sublayers
    """.split()
)
"""Attributes of a layer that lead `build` to all sublayers."""


_OUTPUT = ("compute_output_spec", "compute_output_shape")
_MAX_WRAPPERS = 4
"""Wrappers in wrappers are looked into no deeper."""


class Building:
    """The `build` of one class, with what it runs."""

    def __init__(self, layer: LayerClass, analysis: Analysis) -> None:
        self._layer = layer
        self._analysis = analysis

    def makes_weights(self) -> bool:
        """Whether something that the class's own `build` makes holds weights, as far as can be seen."""
        if any(self._analysis.events(WeightAdded, "build")):
            return True
        method = self._layer.own_method("build")
        codes = () if method is None else (method.node, *self._helpers(method))
        for event in self._analysis.events(AttributeStored, "build"):
            if isinstance(event.value, Layer | Sequence | Dict | Unknown) and not event.is_partial_function:
                if _is_unbuilt(event.value) and not any(self._builds(code) for code in codes):
                    continue  # its weights are made when it is called
                return True
        if method is None or self._sublayers_build_once():
            return False
        return any(_builds_again(code) for code in codes)

    def _helpers(self, method: Method) -> Iterator[cst.FunctionDef]:
        names = {
            syntax.self_attribute(node.func) for node in syntax.walk(method.node.body) if isinstance(node, cst.Call)
        }
        for name in names:
            if name is not None and (helper := self._layer.method(name)) is not None:
                yield helper.node

    def _sublayers_build_once(self) -> bool:
        """Whether the `build` of each layer that it keeps begins with a test of `self.built`."""
        held = [part for value in self._analysis.attributes.values() for part in layers_in(value)]
        builds = [self._layer.method_of(part.of, "build") for part in held if isinstance(part.of, ClassRef)]
        return (
            bool(held)
            and len(builds) == len(held)
            and all(method is not None and patterns.tests_attribute(method.node.body, "built") for method in builds)
        )

    def skipped_base(self, target: Target) -> str | None:
        """The base whose `build` makes what `call` needs, and does not run: of the project, or of Keras itself."""
        base = self._layer.info.builtin_base
        skipped = self._skipped_base_of_project()
        if skipped is None and base is not None and self._needs_build_of(base, target):
            return base.rpartition(".")[2]
        return skipped

    def _skipped_base_of_project(self) -> str | None:
        """The base of the project whose `build` alone sets an attribute that `call` reads."""
        layer = self._layer
        skipped = layer.method_after(layer.ref, "build")
        if skipped is None:
            return None
        made = assigned_by_method(skipped.owner.entry).get("build", frozenset())
        for base in layer.mro:
            if isinstance(base, ClassRef):
                for name, assigned in assigned_by_method(base.entry).items():
                    if (base, name) != (skipped.owner, "build"):
                        made -= assigned
        running = [layer.method("call")]
        running += [
            layer.method_of(event.target, "call")
            for event in self._analysis.events(SuperCall, "call")
            if event.method == "call" and event.target is not None
        ]
        read: set[str] = set()
        for method in running:
            if method is not None:
                read |= patterns.attributes_of_self(method.node.body)
        needed = {name for name in made & read if layer.assigned_in_body(name) is None and layer.method(name) is None}
        return skipped.owner.entry.name if needed else None

    def _needs_build_of(self, base: str, target: Target) -> bool:
        """Whether a built-in layer's own `call` still runs, and nothing but its own `build` makes what that reads."""
        if not any(fact.defines_build for fact in facts_of(base, (target.generation,))):
            return False
        if self._layer.method("call") is None:
            return not any(self._analysis.events(WeightAdded, "build"))
        return any(event.method == "call" for event in self._analysis.events(SuperCall, "call"))

    def is_closed_before_call(self) -> bool:
        """Whether Keras 3 certainly closes the layer, to new weights and layers, before `call` runs for the first time.

        It does so after `build`. Only a layer without one, that holds layers which are not built, is built by a run of
        its `call` (measured with Keras 3.15).
        """
        base = self._layer.info.builtin_base
        if self._layer.method("build") is not None or (
            base is not None and any(fact.defines_build for fact in facts_of(base, (Generation.KERAS3,)))
        ):
            return True
        if not self._layer.is_complete or any(self._analysis.events(ParameterUsed, "call")):
            return False
        supers = [event for event in self._analysis.events(SuperCall, "__init__") if event.method == "__init__"]
        if any(event.argument(0, "inputs") is not None or event.arguments.star is not None for event in supers):
            return False  # a functional model
        kept = [event.value for event in self._analysis.events(AttributeStored, "__init__")]
        return all(isinstance(part, PythonValue | NumpyValue | Tensor) for value in kept for part in parts_of(value))

    def unbuilt(self) -> list[str]:
        """The attributes with layers that hold weights, none of whose names is mentioned where layers are built."""
        built = self._mentioned()
        if built is None:
            return []
        holders: dict[int, list[str]] = {}
        heavy: set[int] = set()
        stored = [
            (event.name, event.value)
            for phase in ("__init__", "build")
            for event in self._analysis.events(AttributeStored, phase)
        ]
        for name, value in [*stored, *self._analysis.attributes.items()]:
            for part in layers_in(value):
                if part.node is None:
                    continue
                if self._has_weights(part):
                    heavy.add(id(part.node))
                for held in (part, *self._given.get(id(part.node), ())):
                    holders.setdefault(id(held.node), []).append(name)  # what a layer is given, its `build` builds
        found = (names[0] for node, names in holders.items() if node in heavy and not built & set(names))
        return list(dict.fromkeys(found))

    def _has_weights(self, part: Layer, depth: int = 0) -> bool:
        """Whether building a layer certainly makes weights: an RNN has those of the cells that it was given."""
        if not has_trait(part.of, Trait.WRAPPER_OF_CELLS):
            return holds_variables(self._layer.project, part.of, Counted(only_in_build=True, in_loops=True))
        given = self._given.get(id(part.node), ())
        return depth < _MAX_WRAPPERS and any(self._has_weights(inner, depth + 1) for inner in given)

    @cached_property
    def _given(self) -> dict[int, list[Layer]]:
        """For each layer that is made, by the node of its call, the new layers that it was given."""
        found: dict[int, list[Layer]] = {}
        for event in self._analysis.events(LayerMade):
            for value in (*event.arguments.positional, *event.arguments.keywords.values()):
                made = [part for part in layers_in(value) if part.node is not None]
                found.setdefault(id(event.site.node), []).extend(made)
        return found

    def _builds(self, code: cst.FunctionDef) -> bool:
        """Whether it builds something, by `build` or by a call of an attribute of `self` that is no method."""
        return any(
            patterns.method_called(node) == "build"
            or ((name := syntax.self_attribute(node.func)) is not None and self._layer.method(name) is None)
            or (isinstance(node.func, cst.Name) and node.func.value in ("self", "super"))
            for node in syntax.walk(code.body)
            if isinstance(node, cst.Call)
        )

    def _called(self, method: Method) -> set[str]:
        """Attributes that a method calls as layers, which builds them."""
        names = (syntax.self_attribute(node.func) for node in syntax.calls_in(method.node.body))
        return {name for name in names if name is not None and self._layer.method(name) is None}

    def _only_made(self, code: cst.FunctionDef) -> set[str]:
        """Attributes that are given new layers in a method and read for nothing else: nothing in it builds them."""
        stored = (
            event for event in self._analysis.events(Event) if isinstance(event, AttributeStored | AttributeMutated)
        )
        new = {id(part.node) for event in stored for part in layers_in(event.value) if part.node is not None}
        made: set[str] = set()
        appended: Counter[str] = Counter()
        for part in syntax.walk(code.body):
            match part:
                case cst.Assign(value=value) if not new.isdisjoint(map(id, _made_by(value))):
                    made.update(name for target in part.targets if (name := syntax.self_attribute(target.target)))
                case cst.Call(
                    func=cst.Attribute(value=holder, attr=cst.Name(value="append")), args=[cst.Arg(value=value)]
                ) if id(value) in new and (name := syntax.self_attribute(holder)):
                    appended[f"self.{name}"] += 1
                    made.add(name)
        read = Counter(use.name for use in uses.uses_of(code.body) if use.is_read)
        return {name for name in made if read[f"self.{name}"] <= appended[f"self.{name}"]}

    def _mentioned(self) -> frozenset[str] | None:
        """Attributes that `build` and the methods it calls may build; None where that may be all of them."""
        layer = self._layer
        init, build = layer.method("__init__"), layer.method("build")
        if init is not None and patterns.calls_method(init.node.body, {"build"}):
            return None
        bases = [layer.method_after(ref, "build") for ref in layer.mro if isinstance(ref, ClassRef)]
        waiting = [] if build is None else [build, *(base for base in bases if base is not None)]
        # Keras 3 runs these when it makes a model anew.
        waiting += [
            method for name in _OUTPUT if (method := layer.method(name)) is not None and self._builds(method.node)
        ]
        found = set() if init is None else self._called(init)
        seen: set[int] = set()
        while waiting:
            method = waiting.pop()
            if id(method.node) in seen:
                continue
            seen.add(id(method.node))
            if patterns.may_reach_any_attribute(method.node.body):
                return None
            named = patterns.attributes_of_self(method.node.body) - self._only_made(method.node)
            found |= named
            waiting += [called for name in named if (called := layer.method(name)) is not None]
        plain = {
            event.name for event in self._analysis.events(AttributeStored) if isinstance(event.value, PythonValue)
        }  # `self.layers = layers`, a number
        return None if found & (_LEAD_TO_ALL - plain) else frozenset(found)


def _is_unbuilt(value: Value) -> bool:
    """Whether it is layers of Keras just made, which have no weights before they are built."""
    layers = list(layers_in(value))
    if isinstance(value, Sequence | Dict) and not layers:
        return False
    return bool(layers) and all(
        isinstance(part.of, str)
        and part.node is not None
        and bool(facts_of(part.of))
        and not any(has_trait(part.of, trait) for trait in (Trait.WRAPPER, Trait.WRAPPER_OF_CELLS))
        and not part.of.endswith(("Model", "Sequential", "Functional"))
        for part in layers
    )


def _made_by(value: cst.BaseExpression) -> list[cst.BaseExpression]:
    """The expression, or the items of a list that it displays."""
    match value:
        case cst.List(elements=elements) | cst.Tuple(elements=elements):
            return [element.value for element in elements]
        case cst.ListComp(elt=element):
            return [element]
        case _:
            return [value]


def _builds_again(code: cst.FunctionDef) -> bool:
    """Whether it builds something without a test that keeps a built layer as it is."""
    names = {child.attr.value for child in syntax.walk(code.body) if isinstance(child, cst.Attribute)}
    return "build" in names and "built" not in names
