"""How a step of a Model calls the Model itself, and what the Model holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

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
        if _says_nothing(node, at_most):
            yield node


def calls_of_attribute(method: Method, attribute: str) -> list[cst.Call]:
    """The calls of `self.attribute(x)` in a method that certainly pass no `training`."""
    called = (call for call in syntax.calls_in(method.node.body) if syntax.self_attribute(call.func) == attribute)
    return [call for call in called if _says_nothing(call, 1)]


def never_with_training(methods: Iterable[Method], step: Method, attribute: str) -> list[cst.Call]:
    """The calls of `self.attribute(x)` in a step, where neither these nor those of any other method say `training`.

    Empty where some do, or where the attribute is used in another way than asked for something: it may be called there.
    So it may where the step calls the Model itself.
    """
    calls: list[cst.Call] = []
    if any(syntax.dotted(call.func) == step.self_name for call in syntax.calls_in(step.node.body)):
        return calls
    for method in methods:
        body = method.node.body
        called = [call for call in syntax.calls_in(body) if syntax.self_attribute(call.func) == attribute]
        if not all(_says_nothing(call, 1) for call in called):
            return []
        known = {id(call.func) for call in called}
        for node in syntax.walk(body):
            if isinstance(node, cst.Attribute):
                known.add(id(node.value))  # `self.encoder.trainable_weights`
            elif isinstance(node, cst.AssignTarget | cst.AnnAssign):
                known.add(id(node.target))
        if any(syntax.self_attribute(node) == attribute and id(node) not in known for node in syntax.walk(body)):
            return []
        if method.node is step.node:
            calls = called
    return calls


def _says_nothing(call: cst.Call, at_most: int) -> bool:
    """Whether a call certainly passes no `training`, which is none of its first arguments."""
    named = {None if arg.keyword is None else arg.keyword.value for arg in call.args}
    if any(arg.star for arg in call.args) or "training" in named:
        return False
    return sum(arg.keyword is None for arg in call.args) <= at_most
