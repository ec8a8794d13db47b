"""What `__init__` takes and `get_config` returns, through inheritance."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import libcst as cst

from keras_layer_lint.model import syntax
from keras_layer_lint.model.class_graph import ClassRef, KnownName
from keras_layer_lint.model.code import CodeUnit
from keras_layer_lint.model.keras_facts import ClassKind, canonical
from keras_layer_lint.model.known_layers import facts_of
from keras_layer_lint.model.layer import LayerClass, Method
from keras_layer_lint.values.events import ParameterTaken, SuperCall
from keras_layer_lint.values.value import Dict

if TYPE_CHECKING:
    from keras_layer_lint.values.analysis import Analysis

BASE_KEYS = frozenset({"name", "trainable", "dtype"})
"""What the base config of a layer holds, in both generations."""

_BASE_ARGUMENTS = {
    "2": BASE_KEYS
    | {
        "activity_regularizer", "autocast", "batch_input_shape", "batch_size", "dynamic", "implementation", "input_dim",
        "input_shape", "weights", "experimental_autocast",
    },
    "3": BASE_KEYS | {"activity_regularizer", "autocast", "input_dim", "input_shape", "batch_shape", "batch_input_shape"},
}  # fmt: skip
"""Keyword arguments that `Layer.__init__` takes; measured with tf_keras 2.21 and keras 3.15."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """An argument of `__init__`. `default` is its expression, None where it is required."""

    name: str
    required: bool
    owner: ClassRef
    unit: CodeUnit
    node: cst.CSTNode
    default: cst.BaseExpression | None = None
    annotation: cst.BaseExpression | None = None
    positional_only: bool = False


@dataclass(frozen=True, slots=True)
class Signature:
    """One `__init__` of the project, as written."""

    method: Method
    parameters: tuple[Parameter, ...]
    star_arg: str | None
    star_kwarg: str | None

    @property
    def names(self) -> frozenset[str]:
        """Names of its parameters."""
        return frozenset(parameter.name for parameter in self.parameters)


def signature_of(method: Method) -> Signature:
    """Read the signature of an `__init__`."""
    params = method.node.params
    found = []
    for param in syntax.parameters(method.node):
        found.append(
            Parameter(
                name=param.name.value,
                required=param.default is None,
                owner=method.owner,
                unit=method.unit,
                node=param,
                default=param.default,
                annotation=param.annotation.annotation if param.annotation is not None else None,
                positional_only=param in params.posonly_params,
            )
        )
    star = params.star_arg
    return Signature(
        method,
        tuple(found[1:]),
        star.name.value if isinstance(star, cst.Param) else None,
        params.star_kwarg.name.value if params.star_kwarg is not None else None,
    )


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
        return any(event.star_kwargs for event in self.super_init_calls(signature.method.owner))

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
                fixed |= {name for name, _ in event.keywords}
                after = self._next(signature.method.owner)
                if after is not None:
                    fixed |= {p.name for p in signature_of(after).parameters[: len(event.arguments)]}
        return tuple(p for name, p in found.items() if name not in self.base_arguments)

    @cached_property
    def base_arguments(self) -> frozenset[str]:
        """Keyword arguments of the known base's `__init__`."""
        generations = self.layer.generations
        names: set[str] = set()
        for keras in generations:
            names |= _BASE_ARGUMENTS[keras]
        return frozenset(names)

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
            passed = sum(bool(event.star_kwargs) for event in self.super_init_calls(signature.method.owner))
            if uses > passed + len(self.taken):
                return True
        return False

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


_HARMLESS_DECORATORS = frozenset(
    """
    register_keras_serializable keras_export tf_export export keras_hub_export keras_nlp_export keras_cv_export final
    dataclass_transform deprecated do_not_generate_docs do_not_doc_inheritable typechecked set_module runtime_checkable
    keras_mixin doc_controls add_start_docstrings api_export KERAS_API
    """.split()
)


def _is_harmless(decorator: object) -> bool:
    import ast

    node = decorator.func if isinstance(decorator, ast.Call) else decorator
    name = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
    return name in _HARMLESS_DECORATORS
