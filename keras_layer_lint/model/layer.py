"""A layer class as analyses and checks see it: its bases within reach, its methods and constants."""

from __future__ import annotations

import ast
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

import libcst as cst

from keras_layer_lint.errors import UnreadableFile
from keras_layer_lint.immutable import dataclass
from keras_layer_lint.keras.kinds import FUNCTIONS, ClassKind, kind_of_known
from keras_layer_lint.keras.methods import CALLS_STEP, DEFINED_BY_KERAS, FUNCTION, OWN_CALL, TRACED, TracedMethod
from keras_layer_lint.keras.names import canonical
from keras_layer_lint.keras.objects import LAYERS
from keras_layer_lint.model import patterns, syntax
from keras_layer_lint.model.callers import called_in_call_by
from keras_layer_lint.model.class_graph import ClassInfo, ClassRef, KnownName, Project
from keras_layer_lint.model.code import ClassBody, CodeCache, CodeUnit
from keras_layer_lint.source.module_index import FunctionNode
from keras_layer_lint.source.tree_walk import walk
from keras_layer_lint.target import Generation


@dataclass(frozen=True, slots=True, eq=False)
class Method:
    """A method of a class of the project."""

    owner: ClassRef
    unit: CodeUnit
    node: cst.FunctionDef

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names of its parameters without `self`; not those of `*args` and `**kwargs`."""
        return tuple(param.name.value for param in syntax.parameters(self.node)[1:])

    @property
    def self_name(self) -> str:
        """The name of its first parameter; empty where it has none."""
        return next((param.name.value for param in syntax.parameters(self.node)), "")

    @property
    def required(self) -> tuple[str, ...]:
        """The names of those without a default."""
        return tuple(param.name.value for param in syntax.parameters(self.node)[1:] if param.default is None)

    def function_named(self, name: str) -> cst.FunctionDef | None:
        """The method itself, or the function in it that has a name; None where there is none."""
        functions = (node for node in syntax.walk(self.node) if isinstance(node, cst.FunctionDef))
        return next((node for node in functions if node.name.value == name), None)

    def takes_by_position(self, count: int) -> bool:
        """Whether it takes that many arguments by position beside `self`."""
        params = self.node.params
        return isinstance(params.star_arg, cst.Param) or len(params.posonly_params) + len(params.params) > count

    def parameter(self, name: str) -> cst.Param | None:
        """A parameter by name."""
        return next((param for param in syntax.parameters(self.node) if param.name.value == name), None)

    def names_in_defaults(self) -> Iterator[tuple[cst.Attribute, str]]:
        """The names with dots in its defaults, which Python evaluates with the class: `Reduction.AUTO`."""
        for param in syntax.parameters(self.node):
            for node in syntax.walk(param.default) if param.default is not None else ():
                if isinstance(node, cst.Attribute) and (written := syntax.dotted(node)) is not None:
                    yield node, written

    def default_of(self, name: str) -> Any:
        """The default of a parameter; `...` where it has none, or none that is a literal."""
        param = self.parameter(name)
        return ... if param is None or param.default is None else syntax.literal(param.default)


class LayerClass:
    """One Keras class of the project and what it inherits."""

    def __init__(self, info: ClassInfo, code: CodeCache, generations: frozenset[Generation]) -> None:
        self.info = info
        self.ref = info.ref
        self.code = code
        self.generations = generations
        self._methods: dict[str, Method | None] = {}

    @property
    def project(self) -> Project:
        """Where names are resolved."""
        return self.code.project

    @cached_property
    def is_called_by_itself(self) -> bool:
        """Whether a `__call__` of the project stands in for Keras's, which would build the layer and trace `call`."""
        method = self.method("__call__") if self.is_layer else None
        if method is None:
            return False
        return all(
            node.attr.value != "__call__" for node in syntax.walk(method.node.body) if isinstance(node, cst.Attribute)
        )

    @cached_property
    def saves_others(self) -> bool:
        """Whether a `save` of the project stands in for that of Keras, and saves anything but the model itself."""
        method = self.method("save") if self.kind is ClassKind.MODEL else None
        if method is None:
            return False
        asked = [call.func for call in syntax.calls_in(method.node.body) if isinstance(call.func, cst.Attribute)]
        saved = [syntax.self_attribute(asks.value) for asks in asked if asks.attr.value in ("save", "save_model")]
        return bool(saved) and None not in saved

    @cached_property
    def traced(self) -> Mapping[str, TracedMethod]:
        """The methods of the class that Keras traces, in the order in which it calls them.

        Keras calls no step that takes more than a batch, and none of a Model that trains in a loop of its own. A loss
        with a `__call__` of its own gives `call` what it likes, and an optimizer that applies the gradients in its own
        way `update_step`: often all gradients, as a list.
        """
        of_kind = {} if self.kind is None else TRACED.get(self.kind, {})
        if self.kind in FUNCTIONS:
            return {self.name: of_kind[FUNCTION]} if FUNCTION in of_kind else {}
        if self.kind is ClassKind.LOSS and self.definition("__call__") is not None:
            return {}
        if self.is_called_by_itself and self._is_called_in_call:
            of_kind = {**of_kind, "__call__": OWN_CALL}
        if any(self.definition(caller) is not None for caller in CALLS_STEP.get(self.kind, ())):
            return {name: replace(traced, given=()) for name, traced in of_kind.items()}
        return {
            name: traced
            for name, traced in of_kind.items()
            if not (traced.is_step or traced.names) or self._is_run_by_keras(name, traced)
        }

    @property
    def _is_called_in_call(self) -> bool:
        """Whether the `call` of another layer or model calls it, and so its `__call__` is traced with that.

        To put a functional model together, a class may well make its layers there.
        """
        return any(self.project.class_info(ref).kind in LAYERS for ref in called_in_call_by(self.ref))

    def _is_run_by_keras(self, name: str, traced: TracedMethod) -> bool:
        method = self.method(name)
        if method is None or any(self.definition(loop) is not None for loop in ("fit", "__call__")):
            return False
        if traced.names:
            return method.parameters[: len(traced.names)] == traced.names
        return len(method.parameters) == len(method.required) == 1

    def reads_only_static(self, attribute: str) -> bool:
        """Whether the methods of the class ask a tensor in an attribute only for its shape and the like."""
        names = {name for base in self.mro if isinstance(base, ClassRef) for name in base.entry.methods}
        methods = [method for name in sorted(names) if (method := self.method(name)) is not None]
        reads = [read for method in methods for read in patterns.reads_static(method.node.body, attribute)]
        return bool(reads) and all(reads)

    @property
    def name(self) -> str:
        """The class's name."""
        return self.ref.entry.name

    @property
    def kind(self) -> ClassKind | None:
        """Layer, Model, ..."""
        return self.info.kind

    @property
    def mro(self) -> tuple[ClassRef | KnownName, ...]:
        """The class and its bases in lookup order."""
        return self.info.mro

    @property
    def is_complete(self) -> bool:
        """Whether every base is known."""
        return self.info.complete

    @cached_property
    def unit(self) -> CodeUnit:
        """The head of the class."""
        return self.code.of_class(self.ref)

    @cached_property
    def known_base(self) -> KnownName | None:
        """The first base outside the project that is a Keras class."""
        return next((base for base in self.mro if isinstance(base, KnownName) and _is_of_keras(base)), None)

    def body(self, ref: ClassRef) -> ClassBody:
        """The body of a class among the bases; empty where a base cannot be parsed.

        Raises UnreadableFile where the class itself cannot.
        """
        try:
            return self.code.body(ref)
        except UnreadableFile as error:
            if ref is self.ref:
                raise
            self.project.tell(ref.module.path, error)
            return ClassBody()

    def method(self, name: str) -> Method | None:
        """The method that `self.name` finds, where it is code of the project and no other base comes first."""
        if name not in self._methods:
            self._methods[name] = self._parsed(self.definition(name))
        return self._methods[name]

    def parse_methods(self, names: Iterable[str]) -> None:
        """Parse the methods of some names, all of which will be asked for."""
        by_owner: dict[ClassRef, list[FunctionNode]] = {}
        for name in names:
            if name not in self._methods and (found := self.definition(name)) is not None:
                by_owner.setdefault(found[0], []).append(found[1])
        for owner, nodes in by_owner.items():
            self.code.parse_methods(owner, nodes)

    def method_after(self, owner: ClassRef, name: str) -> Method | None:
        """What `super().name` finds in a method of `owner`."""
        position = self.mro.index(owner) if owner in self.mro else 0
        return self._first(self.mro[position + 1 :], name)

    def method_of(self, ref: ClassRef, name: str) -> Method | None:
        """What `Class.name` finds."""
        return self._first(self.project.class_info(ref).mro, name)

    def has_method(self, ref: ClassRef, name: str) -> bool:
        """Whether `Class.name` finds code of the project."""
        return self._defined(self.project.class_info(ref).mro, name) is not None

    def own_method(self, name: str) -> Method | None:
        """The method as defined in the class itself."""
        return self.method_in(self.ref, name)

    def method_in(self, ref: ClassRef, name: str) -> Method | None:
        """The method as defined in one class, of the bases or any other."""
        return self._first((ref,), name)

    def definition(self, name: str) -> tuple[ClassRef, FunctionNode] | None:
        """As `method`, not parsed yet."""
        for position, owner in self._owners.get(name, ()):
            if position > self._first_of_keras and name in DEFINED_BY_KERAS:
                return None
            if (node := self.body(owner).methods.get(name)) is not None:
                return owner, node
        return None

    @cached_property
    def _owners(self) -> dict[str, list[tuple[int, ClassRef]]]:
        """By the name of a method: the classes that may define it, each with its place in the lookup order."""
        found: dict[str, list[tuple[int, ClassRef]]] = {}
        for position, base in enumerate(self.mro):
            if isinstance(base, ClassRef):
                for name in base.entry.methods:
                    found.setdefault(name, []).append((position, base))
        return found

    @cached_property
    def _first_of_keras(self) -> int:
        """The place of the first Keras class in the lookup order, behind its end where there is none."""
        return next((n for n, base in enumerate(self.mro) if _is_of_keras(base)), len(self.mro))

    def _first(self, order: tuple[ClassRef | KnownName, ...], name: str) -> Method | None:
        return self._parsed(self._defined(order, name))

    def _parsed(self, found: tuple[ClassRef, FunctionNode] | None) -> Method | None:
        if found is None:
            return None
        owner, node = found
        try:
            unit = self.code.of_method(owner, node)
        except UnreadableFile as error:
            if owner is self.ref:
                raise
            self.project.tell(owner.module.path, error)
            return None
        return Method(owner, unit, unit.function)

    def _defined(self, order: tuple[ClassRef | KnownName, ...], name: str) -> tuple[ClassRef, FunctionNode] | None:
        for base in order:
            if isinstance(base, ClassRef):
                if name in base.entry.methods and (node := self.body(base).methods.get(name)) is not None:
                    return base, node
            elif name in DEFINED_BY_KERAS and _is_of_keras(base):
                return None
        return None

    def reads(self, attributes: Container[str], *, outside: Container[str]) -> bool:
        """Whether a method, except those named `outside`, reads one of these attributes or its private form."""
        return any(
            isinstance(node, ast.Attribute) and node.attr.lstrip("_") in attributes and isinstance(node.ctx, ast.Load)
            for base in self.mro
            if isinstance(base, ClassRef)
            for name, method in self.body(base).methods.items()
            if name not in outside
            for node in walk(method)
        )

    def assigned_in_body(self, name: str) -> ast.expr | None:
        """What a class attribute is assigned."""
        for base in self.mro:
            if isinstance(base, ClassRef) and (node := self.body(base).assignments.get(name)) is not None:
                return node
        return None

    def is_keras_class(self, ref: ClassRef) -> bool:
        """Whether a class of the project is a layer or model."""
        return self.project.class_info(ref).kind in (ClassKind.LAYER, ClassKind.MODEL)

    @property
    def is_layer(self) -> bool:
        """Whether it is a layer or model, which `build` and `call` are for, and no loss, metric or other object."""
        return self.kind in (ClassKind.LAYER, ClassKind.MODEL)

    def is_keras_object(self, ref: ClassRef) -> bool:
        """Whether a class of the project is one that Keras knows."""
        return self.project.class_info(ref).kind is not None

    def has_base(self, canonical_name: str) -> bool:
        """Whether a class outside the project is among the bases."""
        return any(isinstance(base, KnownName) and canonical(base.name) == canonical_name for base in self.mro)

    def may_define(self, unit: CodeUnit, name: str) -> bool:
        """Whether a module-level name may exist although nothing is known of it."""
        module = unit.module
        return name in module.bindings or name in module.imports or bool(module.star_imports)


def layer_of(info: ClassInfo, code: CodeCache, generations: frozenset[Generation]) -> LayerClass:
    """A class of the project: the same object for all who ask, so that what it comes to is found out once."""
    key = (info, generations)
    if key not in code.layers:
        code.layers[key] = LayerClass(info, code, generations)
    return code.layers[key]


def _is_of_keras(base: ClassRef | KnownName) -> bool:
    """Whether a base is a Keras class outside the project."""
    return isinstance(base, KnownName) and kind_of_known(canonical(base.name)) is not None
