"""What `get_config` returns, and what becomes of each argument of `__init__` when a class is saved and loaded."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

import libcst as cst

from keras_layer_lint.keras.methods import LIFE, SAVING
from keras_layer_lint.keras.objects import NO_MORE_ATTRIBUTES
from keras_layer_lint.model import syntax
from keras_layer_lint.model.attribute_sources import has_no_more, may_be_set
from keras_layer_lint.model.attributes import assigned_by_method
from keras_layer_lint.model.class_graph import ClassRef, KnownName
from keras_layer_lint.model.layer import Method
from keras_layer_lint.model.uses import Form, Use, uses_of
from keras_layer_lint.serialization.argument_flow import Flow, attributes_behind, flow_of
from keras_layer_lint.serialization.automatic_config import is_certain, unservable
from keras_layer_lint.serialization.from_config import does_no_more, keys_in_question
from keras_layer_lint.serialization.set_again import is_set_again
from keras_layer_lint.serialization.signature import Parameter
from keras_layer_lint.serialization.subclassing import Subclassing
from keras_layer_lint.values.containers import Dict, Entry
from keras_layer_lint.values.value import BoundMethod, PythonValue, Self, Value

MODEL_KEYS = frozenset({"inputs", "outputs", "layers"})
"""What makes a functional or Sequential model of a Model."""

_TAKES_CONFIG = re.compile(r"(?:\A|_)(?:initializer|regularizer|constraint|activation)\Z")
"""Keywords by which `add_weight` and the layers of Keras take an object, its name or its config."""
_SAVES = re.compile(r"config|save|load|state|export|dump|pickle|reduce|restore")
"""Names of methods that may hold the state of a layer for later."""


class Serialization(Subclassing):
    """The two sides of serialization of one class."""

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

    def writes_own(self, key: str) -> bool:
        """Whether a `get_config` writes one of Keras's keys from an attribute that is not Keras's: `self._given`."""
        read = self._read_by_key.get(key, set())
        return bool(read) and key not in read

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

    def is_taken_out_of_config(self, parameter: Parameter) -> bool:
        """Whether a subclass takes the argument out of the config that it inherits: `config.pop("filters")`."""
        for base in self.layer.mro:
            method = self.layer.method_in(base, "get_config") if isinstance(base, ClassRef) else None
            if method is None or method.owner is parameter.owner or parameter.name not in method.unit.text:
                continue
            if parameter.name in _taken_out(method.node):
                return True
        return False

    @cached_property
    def _saved_beside_config(self) -> set[str]:
        """Names in the methods that save and load what is no configuration, such as a vocabulary."""
        bases = [base for base in self.layer.mro if isinstance(base, ClassRef)]
        methods = [found for base in bases for name in SAVING if (found := self.layer.method_in(base, name))]
        return {name.lstrip("_") for method in methods for name in syntax.names_in_text(method.node)}

    def may_be_saved(self, attribute: str) -> bool:
        """Whether a method that saves or loads, by its name, mentions an attribute, or the dict of all."""
        return not {attribute.lstrip("_"), "vars", "dict__"}.isdisjoint(self._named_by_saving)

    @cached_property
    def _named_by_saving(self) -> set[str]:
        bases = [base for base in self.layer.mro if isinstance(base, ClassRef)]
        methods = [
            found
            for base in bases
            for name in base.entry.methods
            if _SAVES.search(name) and (found := self.layer.method_in(base, name))
        ]
        return {name.lstrip("_") for method in methods for name in syntax.names_in_text(method.node)}

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
    def from_config(self) -> Method | None:
        """A `from_config` of the project that may take keys apart in ways of its own: more than `cls(**config)`."""
        method = self.layer.method("from_config")
        return None if method is None or does_no_more(method.node) else method

    def is_in_question(self, key: str) -> bool:
        """Whether `from_config` may do other with a key than hand it on to the class, or may give it by itself."""
        return self.from_config is not None and (self._in_question is None or key in self._in_question)

    @cached_property
    def _in_question(self) -> frozenset[str] | None:
        return None if self.from_config is None else keys_in_question(self.from_config.node)

    @cached_property
    def cannot_be_saved(self) -> bool:
        """Whether Keras 3 certainly refuses to save: nothing makes a config of what `__init__` requires."""
        signature = self.init
        if signature is None or self.get_config is not None or self.is_supplied_elsewhere:
            return False
        if self.layer.info.builtin_base is not None or self.is_sequential or self.is_functional is not False:
            return False
        own = self.parameters
        if self.is_model:
            return any(parameter.required for parameter in own)
        reasons = ((parameter, unservable(parameter, self.analysis)) for parameter in own)
        return any(parameter.positional_only for parameter in own) or any(
            reason is not None and is_certain(parameter, reason, self.analysis) for parameter, reason in reasons
        )

    def is_read_back(self, key: str) -> bool:
        """Whether an argument goes to something that also takes a serialized object: `add_weight(initializer=...)`.

        Layers of Keras, `add_weight` and `get` of a section all take the dict that `serialize_keras_object` makes.
        """
        kept = {f"self.{name}" for name, value in self.analysis.attributes.items() if _is_argument(value, key)}
        methods = [method for name in LIFE if (method := self.layer.method(name)) is not None]
        return any(
            use.name in kept | {key} and use.form is Form.PASSED and _takes_config(use)
            for method in methods
            for use in uses_of(method.node.body)
        )

    @cached_property
    def given_by_from_config(self) -> frozenset[str]:
        """Arguments that `from_config` hands to the class by itself: `cls(layers, units=4, **config)`."""
        method = self.from_config
        if method is None:
            return frozenset()
        positions = [parameter.name for parameter in self.init.parameters] if self.init is not None else []
        receiver = syntax.parameters(method.node)[:1]
        found: set[str] = set()
        for node in syntax.walk(method.node.body):
            if not isinstance(node, cst.Call) or not receiver or syntax.dotted(node.func) != receiver[0].name.value:
                continue
            for number, arg in enumerate(node.args):
                if arg.star:
                    break
                if arg.keyword is not None:
                    found.add(arg.keyword.value)
                elif number < len(positions):
                    found.add(positions[number])
        return frozenset(found)

    def is_derived_from_given(self, parameter: Parameter) -> bool:
        """Whether what an argument decides is also decided by one that `from_config` hands over by itself."""
        init = self.layer.method("__init__")
        if init is None or parameter.owner is not init.owner:
            return False
        kept = flow_of(self.layer, init, parameter.name).attributes
        return any(
            bool(kept & flow_of(self.layer, init, name).attributes)
            for name in sorted(self.given_by_from_config - {parameter.name})
            if any(name == other.name for other in self.parameters)
        )

    def is_set_by_others(self, parameter: Parameter) -> bool:
        """Whether an argument does nothing where `__init__` gets what the config holds."""
        found = self.layer.definition("__init__")
        if found is None or found[0] is not parameter.owner or self.config is None:
            return False
        return is_set_again(found[1], parameter.name, frozenset(self.config.entries))

    def may_have(self, attribute: str) -> bool:
        """Whether the layer may have an attribute: from its own code, from Keras, or from code around it."""
        layer = self.layer
        if may_be_set(layer, attribute):
            return True
        if layer.info.builtin_base is not None and attribute.lstrip("_") in self.builtin_parameters:
            return True
        bases = [base for base in layer.mro if isinstance(base, KnownName)]
        return attribute not in self._names_of_parameters and not all(has_no_more(base.name) for base in bases)

    def unset_attribute(self, entry: Entry) -> str | None:
        """The attribute that an entry of the config certainly reads, where nothing gives the layer one of the name."""
        match entry.value:
            case BoundMethod(receiver=Self(), name=attribute) if entry.always:
                # Which attributes a base gives is known of layers, models and some more; else those of its arguments.
                is_known = (
                    self.layer.is_layer
                    or attribute in self._names_of_parameters
                    or self.known_base_name in NO_MORE_ATTRIBUTES
                )
                return attribute if is_known and not (self.may_have(attribute) or self.is_abstract) else None
        return None

    @cached_property
    def saving_raises(self) -> bool:
        """Whether `get_config` certainly reads what nothing sets: then there is nothing to be loaded."""
        config = self.config
        return config is not None and any(self.unset_attribute(entry) is not None for entry in config.entries.values())

    def meant_by(self, key: str) -> Parameter | None:
        """The argument that a key of the config holds under a name that nothing takes: a misspelt one."""
        entries = {} if self.config is None else self.config.entries
        entry = entries.get(key)
        if entry is None or not isinstance(entry.value, PythonValue) or entry.value.derived is not None:
            return None
        if self.is_in_question(key) or key in self.taken or self.has_more_kwargs_uses:
            return None
        if self.is_sequential or self.is_functional is not False or (self.is_model and key in MODEL_KEYS):
            return None  # what such a model takes is more than arguments
        known = {name for signature in self.chain for name in signature.names} | self.builtin_parameters
        name = entry.value.parameter
        if key in known | self.base_arguments or name in entries:
            return None
        return next((parameter for parameter in self.parameters if parameter.name == name), None)

    @cached_property
    def _names_of_parameters(self) -> frozenset[str]:
        names = {parameter.name for parameter in self.parameters}
        return frozenset(names | {f"_{name}" for name in names})

    def restores(self, key: str) -> bool:
        """Whether `from_config`, of the project or of the built-in base, may turn a value of the config back."""
        return key in self.builtin_parameters or self.is_in_question(key)

    @cached_property
    def merges_base(self) -> bool:
        """Whether the config holds Keras's own: name, trainable, dtype."""
        if self.get_config is None:
            return True
        config = self.config
        return config is not None and config.base


def _is_argument(value: Value, key: str) -> bool:
    return isinstance(value, PythonValue) and value.parameter == key


def _taken_out(code: cst.FunctionDef) -> Iterator[str]:
    for part in syntax.walk(code.body):
        match part:
            case cst.Call(
                func=cst.Attribute(attr=cst.Name(value="pop")),
                args=[cst.Arg(value=cst.SimpleString(evaluated_value=str(key))), *_],
            ):
                yield key
            case cst.Del(
                target=cst.Subscript(
                    slice=[cst.SubscriptElement(slice=cst.Index(value=cst.SimpleString(evaluated_value=str(key))))]
                )
            ):
                yield key


def _takes_config(use: Use) -> bool:
    """Whether the call that a name is handed to reads a config back."""
    if isinstance(use.argument, str):
        return _TAKES_CONFIG.search(use.argument) is not None
    called = syntax.dotted(use.parent.func) if isinstance(use.parent, cst.Call) else None
    parts = (called or "").split(".")
    return parts[-1].startswith("deserialize") or (
        parts[-1] == "get"
        and len(parts) > 1
        and parts[-2] in ("initializers", "regularizers", "constraints", "activations")
    )
