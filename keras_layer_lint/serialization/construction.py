"""How a class is constructed: the arguments of `__init__`, through inheritance and `**kwargs`."""

from __future__ import annotations

from functools import cached_property

import libcst as cst

from keras_layer_lint.keras.kinds import ClassKind
from keras_layer_lint.keras.layers import facts_of
from keras_layer_lint.keras.methods import BASE_ARGUMENTS
from keras_layer_lint.keras.names import canonical
from keras_layer_lint.keras.objects import object_bases
from keras_layer_lint.model import syntax
from keras_layer_lint.model.class_graph import ClassRef, KnownName
from keras_layer_lint.model.layer import LayerClass, Method
from keras_layer_lint.model.uses import Form, Use, names_read, uses_of
from keras_layer_lint.serialization.argument_flow import only_raises
from keras_layer_lint.serialization.signature import Parameter, Signature, signature_of
from keras_layer_lint.target import Generation
from keras_layer_lint.values.analysis import Analysis
from keras_layer_lint.values.attribute_events import ParameterTaken, ParameterUsed
from keras_layer_lint.values.call_events import LayerMade, SuperCall, WeightAdded
from keras_layer_lint.values.value import PythonValue

BASE_KEYS = frozenset(BASE_ARGUMENTS)
"""What the base config of a layer holds, in both generations."""

_BASE_ARGUMENTS = {
    Generation.KERAS2: BASE_KEYS
    | {
        "activity_regularizer", "autocast", "batch_input_shape", "batch_size", "dynamic", "implementation", "input_dim",
        "input_shape", "weights", "experimental_autocast",
    },
    Generation.KERAS3: BASE_KEYS
    | {"activity_regularizer", "autocast", "input_dim", "input_shape", "batch_shape", "batch_input_shape"},
}  # fmt: skip
"""Keyword arguments that `Layer.__init__` takes; measured with tf_keras 2.21 and keras 3.15."""


_IN_NO_CONFIG = frozenset({"batch_size", "implementation", "input_dim", "input_shape", "weights"})
"""What the config of the base does not hold: a class that requires one, and keeps it, has to give it back itself."""

_OBJECT_KINDS = {
    "activation": "activations",
    "constraint": "constraints",
    "initializer": "initializers",
    "regularizer": "regularizers",
}
"""The last word of keyword arguments that take objects, and the module of Keras that makes them."""


class Construction:
    """What `__init__` takes and hands on."""

    def __init__(self, layer: LayerClass, analysis: Analysis) -> None:
        self.layer = layer
        self.analysis = analysis

    @cached_property
    def init(self) -> Signature | None:
        """The `__init__` that constructs the class, where it is code of the project."""
        method = self.layer.method("__init__")
        return None if method is None else signature_of(method)

    @cached_property
    def cannot_be_made(self) -> bool:
        """Whether the class's own `__init__` is one `raise`."""
        own = self.own_init
        return own is not None and only_raises(own.node.body)

    @cached_property
    def own_init(self) -> Method | None:
        """The `__init__` that the class itself defines."""
        return self.layer.own_method("__init__")

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
        calls = self.super_init_calls(owner)
        # Beside a mixin that is called by name, `**kwargs` travels on to another.
        calls = [event for event in calls if event.arguments.star_kwargs] or calls
        targets = [event.target for event in calls if event.target is not None]
        return self.layer.method_of(targets[0], "__init__") if targets else None

    def super_init_calls(self, owner: ClassRef) -> list[SuperCall]:
        """The calls of a base's `__init__` in the `__init__` of `owner`."""
        return self.analysis.calls_of_base_init(owner)

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
                fixed |= event.arguments.written | set(event.arguments.keywords)
                after = self._next(signature.method.owner)
                if after is not None:
                    fixed |= {p.name for p in signature_of(after).parameters[: len(event.arguments.positional)]}
        handed_on = self._handed_on()
        return tuple(
            p
            for name, p in found.items()
            if name not in self.base_arguments
            or (self.layer.is_layer and p.required and name in _IN_NO_CONFIG and name not in handed_on)
        )

    def _handed_on(self) -> frozenset[str]:
        """What the class and its bases in the project hand to another `__init__` by name."""
        events = [event for each in self.chain for event in self.super_init_calls(each.method.owner)]
        return frozenset(name for event in events for name in event.arguments.keywords)

    @cached_property
    def base_arguments(self) -> frozenset[str]:
        """Keyword arguments of the known base's `__init__`."""
        generations = self.layer.generations
        if self.layer.is_layer:
            return frozenset().union(*(_BASE_ARGUMENTS[generation] for generation in generations))
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
            passed = sum(bool(event.arguments.star_kwargs) for event in self.super_init_calls(signature.method.owner))
            uses = 0 if _is_only_passed_on(signature, passed) else len(_reads(signature))
            # What code of another file takes out of its `**kwargs` is not known by name.
            is_here = signature.method.owner.module is self.layer.ref.module
            if uses > passed + (len(self.taken) if is_here else 0):
                return True
        return False

    def uses_kwargs_elsewhere(self, signature: Signature) -> bool:
        """Whether an `__init__` does more with its `**kwargs` than read names out of it and pass it to a base."""
        passed = sum(bool(event.arguments.star_kwargs) for event in self.super_init_calls(signature.method.owner))
        if _is_only_passed_on(signature, passed):
            return False
        return sum(not _takes_item(use) for use in _reads(signature)) > passed

    def swallowed(self, signature: Signature) -> set[str]:
        """Arguments of Keras's own that an `__init__` takes by name and hands on to nobody who keeps them."""
        calls = self.super_init_calls(signature.method.owner)
        passed = {name for event in calls for name in event.arguments.keywords}
        if self.is_functional is not False:
            passed.add("dtype")  # which a functional Model has not
        body = signature.method.node.body
        return {
            name
            for name in (signature.names & BASE_KEYS) - passed
            if not _is_delivered(name, signature.star_kwarg, body)
        }

    def object_kind(self, parameter: str) -> str | None:
        """The module of Keras that makes an object of an argument: `initializers`, `activations` and such."""
        for used in self.analysis.events(ParameterUsed, "__init__"):
            if used.name == parameter and used.use in _OBJECT_KINDS.values():
                return used.use
        made = (*self.analysis.events(LayerMade), *self.analysis.events(WeightAdded))
        for event in made:
            for keyword, value in event.arguments.keywords.items():
                kind = _OBJECT_KINDS.get(keyword.rpartition("_")[2])
                if kind is not None and isinstance(value, PythonValue) and value.parameter == parameter:
                    return kind
        return None

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
    def is_model(self) -> bool:
        """Whether the class is a Model."""
        return self.layer.kind is ClassKind.MODEL

    @cached_property
    def known_base_name(self) -> str:
        """Canonical name of the Keras class that the project's part of the chain ends in."""
        base = self.layer.known_base
        return canonical(base.name) if isinstance(base, KnownName) else ""


def _is_delivered(name: str, star_kwarg: str | None, body: cst.BaseSuite) -> bool:
    """Whether an argument reaches the layer: put into `**kwargs`, or set as an attribute of that name."""
    own = {f"self.{name}", f"self._{name}"}
    for statement in syntax.walk(body):
        if not isinstance(statement, cst.Assign | cst.AnnAssign | cst.AugAssign | cst.Expr):
            continue
        names = {use.name for use in uses_of(statement)}
        if name not in names:
            continue
        used = [use for use in uses_of(statement) if use.name == name]
        if (
            names & own
            or (star_kwarg is not None and star_kwarg in names)
            or any(use.form is Form.STORED for use in used)
        ):
            return True
        # What a method of the layer, or of its base, does with it is not followed.
        calls = [part for part in syntax.walk(statement) if isinstance(part, cst.Call)]
        if any(_is_of_layer(call) and name in names_read(call) for call in calls):
            return True
    return False


def _is_of_layer(call: cst.Call) -> bool:
    """`self.set_name(name)`, `super().set_up(name)`, `setattr(self, "_name", name)`, `Base.__init__(self, name)`."""
    holder = call.func.value if isinstance(call.func, cst.Attribute) else None
    if isinstance(holder, cst.Call):
        return isinstance(holder.func, cst.Name) and holder.func.value == "super"
    if isinstance(holder, cst.Name) and holder.value == "self":
        return syntax.self_attribute(call.func) not in ("add_weight", "add_variable")
    return any(isinstance(arg.value, cst.Name) and arg.value.value == "self" for arg in call.args)


def _is_only_passed_on(signature: Signature, times: int) -> bool:
    """Whether the text of an `__init__` names its `**kwargs` nowhere but where it passes them on, so many times."""
    name = signature.star_kwarg
    if name is None:
        return True
    method = signature.method
    docstring = syntax.docstring(method.node.body)
    named, passed = (method.unit.text.count(each) - docstring.count(each) for each in (name, f"**{name}"))
    return named == passed <= times + 1


def _reads(signature: Signature) -> list[Use]:
    """The uses of `**kwargs` in an `__init__`."""
    return [use for use in uses_of(signature.method.node.body) if use.is_read and use.name == signature.star_kwarg]


def _takes_item(use: Use) -> bool:
    """Whether `kwargs` is asked for one name: `kwargs.pop("x")`, `kwargs["x"]`, `"x" in kwargs`."""
    match use.parent:
        case cst.Attribute(attr=cst.Name(value="pop" | "get" | "setdefault")) | cst.Subscript():
            return use.form in (Form.ATTRIBUTE, Form.SUBSCRIPTED)
        case cst.ComparisonTarget(operator=cst.In() | cst.NotIn()):
            return True
        case _:
            return False
