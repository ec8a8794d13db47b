"""The signature of an `__init__` of the project."""

from __future__ import annotations

from functools import cached_property

import libcst as cst

from keras_layer_lint.immutable import dataclass
from keras_layer_lint.model import syntax
from keras_layer_lint.model.class_graph import ClassRef
from keras_layer_lint.model.code import CodeUnit
from keras_layer_lint.model.layer import Method


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


@dataclass(frozen=True)
class Signature:
    """One `__init__` of the project, as written."""

    method: Method
    parameters: tuple[Parameter, ...]
    star_arg: str | None
    star_kwarg: str | None

    @cached_property
    def names(self) -> frozenset[str]:
        """Names of its parameters."""
        return frozenset(parameter.name for parameter in self.parameters)

    @cached_property
    def keyword_only(self) -> frozenset[str]:
        """Names of those that stand behind `*`."""
        return frozenset(param.name.value for param in self.method.node.params.kwonly_params)


def signature_of(method: Method) -> Signature:
    """Read the signature of an `__init__`."""
    params = method.node.params
    found = [
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
        for param in syntax.parameters(method.node)
    ]
    star = params.star_arg
    return Signature(
        method,
        tuple(found[1:]),
        star.name.value if isinstance(star, cst.Param) else None,
        params.star_kwarg.name.value if params.star_kwarg is not None else None,
    )


def default_of(init: Method, name: str) -> tuple[int | None, str | None]:
    """Where an argument stands in an `__init__`, without self, and its default, where that is a text."""
    for position, parameter in enumerate(signature_of(init).parameters):
        if parameter.name == name:
            default = None if parameter.default is None else syntax.literal(parameter.default)
            return position, default if isinstance(default, str) else None
    return None, None
