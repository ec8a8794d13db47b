"""How a step of a Model calls the Model itself."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from keras_layer_lint.model import syntax
from keras_layer_lint.model.layer import Method

_STATELESS = 3
"""`stateless_call` gets so many arguments before `training`: two lists of variables, and the inputs."""


def without_training(method: Method) -> Iterator[cst.Call]:
    """`self(x)` and `self.stateless_call(trainable, other, x)` in a method: calls that certainly pass no `training`."""
    own = method.self_name
    for node in syntax.walk(method.node.body):
        match node:
            case cst.Call(func=cst.Name(value=name)) if name == own:
                at_most = 1
            case cst.Call(func=cst.Attribute(value=cst.Name(value=name), attr=cst.Name(value="stateless_call"))) if (
                name == own
            ):
                at_most = _STATELESS
            case _:
                continue
        named = {None if arg.keyword is None else arg.keyword.value for arg in node.args}
        if any(arg.star for arg in node.args) or "training" in named:
            continue
        if sum(arg.keyword is None for arg in node.args) <= at_most:
            yield node
