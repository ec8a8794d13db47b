"""What `__init__` takes and `get_config` returns, through inheritance."""

from __future__ import annotations

import ast
import re
from functools import cached_property
from typing import TYPE_CHECKING

import libcst as cst

from keras_layer_lint.keras.attributes import is_inherited
from keras_layer_lint.keras.kinds import ROOT_CLASSES, ClassKind
from keras_layer_lint.keras.layers import facts_of
from keras_layer_lint.keras.names import canonical
from keras_layer_lint.keras.objects import object_bases
from keras_layer_lint.model import syntax
from keras_layer_lint.model.attributes import assigned_by_method
from keras_layer_lint.model.class_graph import ClassRef, KnownName
from keras_layer_lint.model.layer import LayerClass, Method
from keras_layer_lint.values.argument_flow import Flow, attributes_behind, flow_of, loaded
from keras_layer_lint.values.events import ParameterTaken, SuperCall
from keras_layer_lint.values.signature import Parameter, Signature, signature_of
from keras_layer_lint.values.value import Dict

if TYPE_CHECKING:
    from keras_layer_lint.source.module_index import FunctionNode
from keras_layer_lint.values.analysis import Analysis

BASE_KEYS = frozenset({"name", "trainable", "dtype"})
"""What the base config of a layer holds, in both generations."""

_BASE_ARGUMENTS = {
    "2": BASE_KEYS
    | {
        "activity_regularizer", "autocast", "batch_input_shape", "batch_size", "dynamic", "implementation", "input_dim",
        "input_shape", "weights", "experimental_autocast",
    },
    "3": BASE_KEYS
    | {"activity_regularizer", "autocast", "input_dim", "input_shape", "batch_shape", "batch_input_shape"},
}  # fmt: skip
"""Keyword arguments that `Layer.__init__` takes; measured with tf_keras 2.21 and keras 3.15."""


class Configuration:
    """The two sides of serialization of one class."""

    def __init__(self, layer: LayerClass, analysis: Analysis) -> None:
        self.layer = layer
        self.analysis = analysis

    @cached_property
    def init(self) -> Signature | None:
        """The `__init__` that constructs the class, where it is code of the project."""
        method = self.layer.method("__init__")
        return None if method is None else signature_of(method)

    @cached_property
    def chain(self) -> tuple[Signature, ...]:
        """The `__init__` methods of the project that `**kwargs` travels through, the class's own first."""
        found: list[Signature] = []
        method = self.layer.method("__init__")
        while method is not None and all(signature.method.node is not method.node for signature in found):
            signature = signature_of(method)
            found.append(signature)
            if signature.star_kwarg is None or not self._forwards(signature):
                break
            method = self._next(method.owner)
        return tuple(found)

    def _next(self, owner: ClassRef) -> Method | None:
        """The `__init__` that the one of `owner` calls."""
        targets = [event.target for event in self.super_init_calls(owner) if event.target is not None]
        return self.layer.method_of(targets[0], "__init__") if targets else None

    def super_init_calls(self, owner: ClassRef) -> list[SuperCall]:
        """The calls of a base's `__init__` in the `__init__` of `owner`."""
        return [
            event
            for event in self.analysis.events(SuperCall, "__init__")
            if event.method == "__init__" and event.site.owner is owner
        ]

    def _forwards(self, signature: Signature) -> bool:
        return any(event.arguments.star_kwargs for event in self.super_init_calls(signature.method.owner))

    @cached_property
    def reaches_base(self) -> bool:
        """Whether what the class's `**kwargs` catches arrives at Keras's own `__init__`."""
        chain = self.chain
        if not chain:
            return True
        last = chain[-1]
        return last.star_kwarg is not None and self._forwards(last)

    @cached_property
    def taken(self) -> dict[str, ParameterTaken]:
        """Arguments that some `__init__` reads out of its `**kwargs` by name."""
        return {event.name: event for event in self.analysis.events(ParameterTaken, "__init__")}

    @cached_property
    def parameters(self) -> tuple[Parameter, ...]:
        """All arguments that construct the class, through `**kwargs` too, apart from Keras's own."""
        found: dict[str, Parameter] = {}
        fixed: set[str] = set()
        for signature in self.chain:
            for parameter in signature.parameters:
                if parameter.name not in fixed:
                    found.setdefault(parameter.name, parameter)
            for event in self.super_init_calls(signature.method.owner):
                fixed |= set(event.arguments.keywords)
                after = self._next(signature.method.owner)
                if after is not None:
                    fixed |= {p.name for p in signature_of(after).parameters[: len(event.arguments.positional)]}
        return tuple(p for name, p in found.items() if name not in self.base_arguments)

    @cached_property
    def base_arguments(self) -> frozenset[str]:
        """Keyword arguments of the known base's `__init__`."""
        generations = self.layer.generations
        if self.layer.is_layer:
            return frozenset().union(*(_BASE_ARGUMENTS[keras] for keras in generations))
        return frozenset().union(*(base.arguments for base in object_bases(self.known_base_name, generations)))

    @cached_property
    def base_keys(self) -> frozenset[str]:
        """What the base config holds that a reload needs."""
        if self.layer.is_layer:
            # A functional Model has no dtype of its own.
            return BASE_KEYS if self.is_functional is False else BASE_KEYS - {"dtype"}
        bases = object_bases(self.known_base_name, self.layer.generations)
        return frozenset().union(*(base.config or () for base in bases))

    @cached_property
    def builtin_parameters(self) -> frozenset[str]:
        """Arguments of the built-in layer that the class derives from, which its own config carries."""
        name = self.layer.info.builtin_base
        if name is None:
            return frozenset()
        return frozenset(p for fact in facts_of(name, self.layer.generations) for p in fact.parameters)

    @cached_property
    def has_more_kwargs_uses(self) -> bool:
        """Whether some `__init__` does more with its `**kwargs` than read names out of it and pass it on."""
        for signature in self.chain:
            uses = sum(
                isinstance(node, cst.Name) and node.value == signature.star_kwarg
                for node in syntax.walk(signature.method.node.body)
            )
            passed = sum(bool(event.arguments.star_kwargs) for event in self.super_init_calls(signature.method.owner))
            if uses > passed + len(self.taken):
                return True
        return False

    def uses_kwargs_elsewhere(self, signature: Signature) -> bool:
        """Whether an `__init__` does more with its `**kwargs` than read names out of it and pass it to a base."""
        name = signature.star_kwarg
        uses = sum(found == name for found in loaded(signature.method.node.body))
        for node in syntax.walk(signature.method.node.body):
            match node:
                case cst.Attribute(value=cst.Name(value=found), attr=cst.Name(value="pop" | "get" | "setdefault")):
                    uses -= found == name
                case cst.Subscript(value=cst.Name(value=found)):
                    uses -= found == name
                case cst.ComparisonTarget(operator=cst.In() | cst.NotIn(), comparator=cst.Name(value=found)):
                    uses -= found == name
                case _:
                    pass
        passed = sum(bool(event.arguments.star_kwargs) for event in self.super_init_calls(signature.method.owner))
        return uses > passed

    def is_lost(self, parameter: Parameter) -> bool:
        """Whether an optional argument that the config has no key for is lost with it.

        It is not where it has no use, where anything but the default raises, where it only gives the weights their
        first values, where files beside the config hold it, where it only shapes other arguments that are saved, and
        where nothing reads what it shapes.
        """
        if parameter.name in self._saved_beside_config:
            return False
        init = next(s.method for s in self.chain if s.method.owner is parameter.owner)
        flow = flow_of(self.layer, init, parameter.name)
        if not flow.is_used or flow.is_refused or flow.sets_weights:
            return False
        return flow.is_kept or not (self._is_derived(parameter, flow) or self._comes_to_nothing(flow))

    def _comes_to_nothing(self, flow: Flow) -> bool:
        """Whether an argument decides no more than private attributes that no method reads."""
        if flow.does_more or not flow.attributes:
            return False
        bases = (base for base in self.layer.mro if isinstance(base, ClassRef))
        public = {name for base in bases for names in assigned_by_method(base.entry).values() for name in names}
        return public.isdisjoint(flow.attributes) and not self.layer.reads(flow.attributes, outside=("__init__",))

    def _is_derived(self, parameter: Parameter, flow: Flow) -> bool:
        others = {name for signature in self.chain for name in signature.names} - {parameter.name}
        return any(read & flow.attributes for key, read in self._read_by_key.items() if key in others)

    @cached_property
    def _read_by_key(self) -> dict[str, set[str]]:
        """Keys written in the `get_config` methods, each with the attributes that its value reads."""
        found: dict[str, set[str]] = {}
        for base in self.layer.mro:
            method = self.layer.method_in(base, "get_config") if isinstance(base, ClassRef) else None
            if method is None:
                continue
            for child in syntax.walk(method.node.body):
                match child:
                    case cst.DictElement(key=cst.SimpleString(evaluated_value=str(key)), value=value):
                        pass
                    case cst.Arg(keyword=cst.Name(value=key), value=value):
                        pass
                    case cst.Assign(
                        targets=[
                            cst.AssignTarget(
                                target=cst.Subscript(
                                    slice=[
                                        cst.SubscriptElement(
                                            slice=cst.Index(value=cst.SimpleString(evaluated_value=str(key)))
                                        )
                                    ]
                                )
                            )
                        ],
                        value=value,
                    ):
                        pass
                    case _:
                        continue
                found.setdefault(key, set()).update(attributes_behind(value, method.node))
        return found

    @cached_property
    def _saved_beside_config(self) -> set[str]:
        """Names in the methods that save and load what is no configuration, such as a vocabulary."""
        bases = [base for base in self.layer.mro if isinstance(base, ClassRef)]
        methods = [found for base in bases for name in _SAVING_METHODS if (found := self.layer.method_in(base, name))]
        return {name.lstrip("_") for method in methods for name in syntax.names_in_text(method.node)}

    def is_fixed_by_subclasses(self, parameter: Parameter) -> bool:
        """Whether the module has subclasses, and none of them takes the argument: they decide it for their users."""
        found = False
        for ref in self._subclasses_in_module:
            init = self.layer.method_in(ref, "__init__")
            if init is None:
                continue
            if parameter.name in {param.name.value for param in syntax.parameters(init.node)}:
                return False
            found = True
        return found

    @cached_property
    def is_abstract(self) -> bool:
        """Whether `call` is left to subclasses, or something that it, `build` or `__init__` runs."""
        names = {name for base in self.layer.mro if isinstance(base, ClassRef) for name in base.entry.methods}
        kind = self.layer.kind
        needed = _NEEDED.get(kind) if kind is not None and self.known_base_name in ROOT_CLASSES else None
        if needed is not None and needed not in names:
            return True
        methods = {name: found[1] for name in sorted(names) if (found := self.layer.definition(name)) is not None}
        left_open = {name for name, node in methods.items() if _is_left_open(node)}
        trains = "train_step" in methods  # such a Model is trained, not called
        if (not left_open.isdisjoint({"call", "__call__", "update_step"}) and not trains) or any(
            _is_marked_abstract(methods[name]) for name in left_open
        ):
            return True
        overridden = {
            name for entry in self._subclasses_in_module for name in left_open if name in self.layer.body(entry).methods
        }
        for method in [method for name in ("__init__", "build", "call") if (method := self.layer.method(name))]:
            for statement in syntax.statements(method.node.body):
                always = not isinstance(statement, cst.BaseCompoundStatement)
                if any(f"self.{name}" in loaded(statement) for name in (left_open if always else overridden)):
                    return True
        return False

    @property
    def is_base_by_name(self) -> bool:
        """Whether the class is called a base: what its config leaves out is for its subclasses to settle."""
        return _BASE_NAME.search(self.layer.name) is not None

    @cached_property
    def _subclasses_in_module(self) -> tuple[ClassRef, ...]:
        module, project = self.layer.ref.module, self.layer.project
        others = (ClassRef(module, entry) for entry in module.classes.values())
        return tuple(ref for ref in others if ref != self.layer.ref and self.layer.ref in project.class_info(ref).mro)

    @cached_property
    def is_functional(self) -> bool | None:
        """Whether a Model is made of `inputs` and `outputs`; None where that depends on who constructs it."""
        if not self.is_model:
            return False
        for signature in self.chain or ():
            for event in self.super_init_calls(signature.method.owner):
                if len(event.arguments.positional) > 1 or {"inputs", "outputs"} <= event.arguments.keywords.keys():
                    return True
                if event.arguments.star is not None:
                    return None
        return False

    @property
    def is_sequential(self) -> bool:
        """Whether the class is a Sequential, which saves its layers in place of its arguments."""
        return self.known_base_name == "keras.Sequential"

    @cached_property
    def config(self) -> Dict | None:
        """What `get_config` returns; None where there is none in reach or it cannot be read."""
        returned = self.analysis.returned("get_config")
        if returned is None or not isinstance(returned.value, Dict):
            return None
        return returned.value

    @cached_property
    def get_config(self) -> Method | None:
        """The `get_config` of the project that serves the class."""
        return self.layer.method("get_config")

    @cached_property
    def own_get_config(self) -> Method | None:
        """The `get_config` that the class itself defines."""
        return self.layer.own_method("get_config")

    @cached_property
    def own_init(self) -> Method | None:
        """The `__init__` that the class itself defines."""
        return self.layer.own_method("__init__")

    @cached_property
    def from_config(self) -> Method | None:
        """A `from_config` of the project, which may take keys apart in ways of its own."""
        return self.layer.method("from_config")

    def may_have(self, attribute: str) -> bool:
        """Whether the layer may have an attribute: from its own code, from Keras, or from code around it."""
        layer = self.layer
        if is_inherited(attribute) or not layer.is_complete:
            return True
        if layer.info.builtin_base is not None and attribute.lstrip("_") in self.builtin_parameters:
            return True
        for base in layer.mro:
            if isinstance(base, KnownName):
                if (
                    canonical(base.name) not in _ATTRIBUTES_KNOWN | ROOT_CLASSES
                    and attribute not in self._names_of_parameters
                ):
                    return True
                continue
            body = layer.body(base)
            if attribute in body.methods or attribute in body.assignments:
                return True
            if any(attribute in names for names in assigned_by_method(base.entry).values()):
                return True
            if _SETS_ATTRIBUTES.search("".join(base.module.lines[base.entry.line - 1 : base.entry.end_line])):
                return True
            if re.search(rf"\.{re.escape(attribute)}\b\s*(?:=(?!=)|:)", base.module.text):
                return True
        return False

    @cached_property
    def _names_of_parameters(self) -> frozenset[str]:
        names = {parameter.name for parameter in self.parameters}
        return frozenset(names | {f"_{name}" for name in names})

    def restores(self, key: str) -> bool:
        """Whether `from_config`, of the project or of the built-in base, may turn a value of the config back."""
        if key in self.builtin_parameters:
            return True
        if self.from_config is None:
            return False
        names = syntax.names_in_text(self.from_config.node.body)
        return key in names or not names <= _PLAIN_FROM_CONFIG

    @cached_property
    def is_supplied_elsewhere(self) -> bool:
        """Whether a class decorator or an unknown base may add a `get_config`."""
        if not self.layer.is_complete:
            return True
        for base in self.layer.mro:
            if not isinstance(base, ClassRef):
                continue
            for decorator in base.entry.node.decorator_list:
                if not _is_harmless(decorator):
                    return True
            if base.entry.keywords:
                return True
        return False

    @property
    def decorators(self) -> list[str]:
        """The decorators of the class itself, as written."""
        return _decorators(self.layer.ref)

    @property
    def decorators_of_subclasses(self) -> list[str]:
        """The decorators of the classes of the module that derive from it."""
        return [decorator for ref in self._subclasses_in_module for decorator in _decorators(ref)]

    @cached_property
    def merges_base(self) -> bool:
        """Whether the config holds Keras's own: name, trainable, dtype."""
        if self.get_config is None:
            return True
        config = self.config
        return config is not None and config.base

    @cached_property
    def is_model(self) -> bool:
        """Whether the class is a Model."""
        return self.layer.kind is ClassKind.MODEL

    @cached_property
    def known_base_name(self) -> str:
        """Canonical name of the Keras class that the project's part of the chain ends in."""
        base = self.layer.known_base
        return canonical(base.name) if isinstance(base, KnownName) else ""


_ATTRIBUTES_KNOWN = frozenset({"builtins.object", "abc.ABC"})
_SETS_ATTRIBUTES = re.compile(r"\b(?:setattr|__dict__|__getattr__|__getattribute__|__setattr__|vars)\b")
_BASE_NAME = re.compile(r"^_*Base(?=[A-Z_\d]|$)|(?<=[a-z\d_])Base$")
_PLAIN_FROM_CONFIG = frozenset({"cls", "config", "super", "from_config", "dict", "copy"})
"""The names in a `from_config` that does no more than the one it overrides."""
_NEEDED = {
    ClassKind.LOSS: "call",
    ClassKind.METRIC: "result",
    ClassKind.INITIALIZER: "__call__",
    ClassKind.REGULARIZER: "__call__",
    ClassKind.CONSTRAINT: "__call__",
    ClassKind.SCHEDULE: "__call__",
}
"""What such a class has to define before it can be used."""
_SAVING_METHODS = ("save_assets", "load_assets", "save_own_variables", "load_own_variables")


def _is_left_open(node: FunctionNode) -> bool:
    """Whether a method is there to be overridden: it only raises NotImplementedError, or is marked abstract."""
    if _is_marked_abstract(node):
        return True
    match [part for part in node.body if not isinstance(part, ast.Expr)]:
        case [ast.Raise(exc=ast.Name(id=name) | ast.Call(func=ast.Name(id=name)))]:
            return name == "NotImplementedError"
        case _:
            return False


def _is_marked_abstract(node: FunctionNode) -> bool:
    return any(name in ("abstractmethod", "abc.abstractmethod") for name in map(ast.unparse, node.decorator_list))


_HARMLESS_DECORATORS = frozenset(
    """
    register_keras_serializable keras_export tf_export export keras_hub_export keras_nlp_export keras_cv_export final
    dataclass_transform deprecated do_not_generate_docs do_not_doc_inheritable typechecked set_module runtime_checkable
    keras_mixin doc_controls add_start_docstrings api_export KERAS_API
    """.split()
)


def _is_harmless(decorator: object) -> bool:
    node = decorator.func if isinstance(decorator, ast.Call) else decorator
    name = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
    return name in _HARMLESS_DECORATORS


def _decorators(ref: ClassRef) -> list[str]:
    return [ast.unparse(decorator) for decorator in ref.entry.node.decorator_list]
