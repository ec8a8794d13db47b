"""What a method does with one of its arguments: whether it uses it, and what it hands on."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from keras_layer_lint.model import syntax, uses
from keras_layer_lint.model.class_graph import ClassRef
from keras_layer_lint.model.layer import LayerClass, Method


def uses_argument(layer: LayerClass, of: ClassRef, method: Method, name: str) -> bool:
    """Whether a method of class `of` does more with it than `del`, or than to hand it to methods that ignore it."""
    return _uses(layer, of, method, name, frozenset())


def _uses(layer: LayerClass, of: ClassRef, method: Method, name: str, active: frozenset[tuple[int, str]]) -> bool:
    key = (id(method.node), name)
    if key in active:
        return False
    unused = set()
    for node in syntax.walk(method.node.body):
        if isinstance(node, cst.Call) and (called := syntax.self_attribute(node.func)) is not None:
            helper = layer.method_of(of, called)
            if helper is None or helper.node.decorators:
                continue  # a decorator may use what it passes on
            for argument, parameter in handed_on(node, helper):
                value = argument.value
                is_name = isinstance(value, cst.Name) and value.value == name
                if is_name and not _uses(layer, of, helper, parameter, active | {key}):
                    unused.add(id(value))
    found = [use for use in uses.uses_of(method.node.body) if use.name == name and use.is_read]
    return any(id(use.node) not in unused for use in found)


def handed_on(call: cst.Call, method: Method) -> Iterator[tuple[cst.Arg, str]]:
    """What a call of a method of `self` gives it, with the parameters that take it; what `*` hides has none."""
    is_static = "staticmethod" in syntax.decorator_names(method.node)
    positional = [*method.node.params.posonly_params, *method.node.params.params][0 if is_static else 1 :]
    named = {param.name.value for param in syntax.parameters(method.node)}
    is_known = True
    for number, arg in enumerate(call.args):
        if arg.keyword is not None:
            if arg.keyword.value in named:
                yield arg, arg.keyword.value
        elif arg.star:
            is_known = False
        elif is_known and number < len(positional):
            yield arg, positional[number].name.value
