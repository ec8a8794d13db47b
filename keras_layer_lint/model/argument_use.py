"""Whether a method makes use of one of its arguments."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from keras_layer_lint.model import syntax
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
            for argument, parameter in _handed_on(node, helper) if helper is not None else ():
                assert helper is not None
                if argument.value == name and not _uses(layer, of, helper, parameter, active | {key}):
                    unused.add(id(argument))
    return any(id(read) not in unused for read in syntax.reads_of(method.node.body) if read.value == name)


def _handed_on(call: cst.Call, method: Method) -> Iterator[tuple[cst.Name, str]]:
    """Names given to a method of `self`, with the parameters that take them."""
    if method.node.decorators:
        return
    positional = [*method.node.params.posonly_params, *method.node.params.params][1:]
    for number, arg in enumerate(call.args):
        if arg.star:
            return
        if isinstance(arg.value, cst.Name):
            if arg.keyword is not None:
                if any(param.name.value == arg.keyword.value for param in syntax.parameters(method.node)):
                    yield arg.value, arg.keyword.value
            elif number < len(positional):
                yield arg.value, positional[number].name.value
