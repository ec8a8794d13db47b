"""What the methods that `call` hands an argument on to take it for."""

from __future__ import annotations

import libcst as cst

from keras_layer_lint.model import syntax
from keras_layer_lint.model.layer import LayerClass, Method
from keras_layer_lint.model.uses import Form, Use, uses_of
from keras_layer_lint.values.parameter_use import is_used_as_structure

_DEEPEST = 3
"""How many calls of methods are followed."""


def is_structure_to_methods(layer: LayerClass, code: cst.CSTNode, name: str, depth: int = 0) -> bool:
    """Whether a method that some code hands an argument on to takes it for a list or dict, or asks whether it is one.

    What is handed on under another name is not followed.
    """
    if depth >= _DEEPEST:
        return False
    for use in uses_of(code):
        if use.name != name or use.form is not Form.PASSED or not isinstance(use.parent, cst.Call):
            continue
        called = syntax.self_attribute(use.parent.func)
        method = None if called is None else layer.method(called)
        parameter = None if method is None else _parameter(method, use, use.parent)
        if method is None or parameter is None:
            continue
        if is_used_as_structure(method.node, parameter):
            return True
        if is_structure_to_methods(layer, method.node.body, parameter, depth + 1):
            return True
    return False


def _parameter(method: Method, use: Use, call: cst.Call) -> str | None:
    """The parameter that an argument fills."""
    names = [param.name.value for param in syntax.parameters(method.node)]
    if not isinstance(use.argument, int):
        return use.argument if use.argument in names else None
    is_static = "staticmethod" in syntax.decorator_names(method.node)
    at = use.argument + (not is_static)
    return names[at] if at < len(names) and not any(arg.star for arg in call.args[: use.argument]) else None
