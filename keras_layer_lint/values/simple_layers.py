"""What a layer of the project returns whose `call` says so at a glance: its first argument, or what one function gives.

Its code is run where its own class is linted, not wherever it is called.
"""

from __future__ import annotations

from functools import lru_cache

import libcst as cst

from keras_layer_lint.keras import results
from keras_layer_lint.keras.names import canonical
from keras_layer_lint.keras.result import Result
from keras_layer_lint.model import syntax
from keras_layer_lint.model.class_graph import KnownName, Project
from keras_layer_lint.model.layer import Method

ARGUMENT, TENSOR = "argument", "tensor"


@lru_cache(maxsize=512)
def returned_at_a_glance(project: Project, call: Method) -> str | None:
    """`ARGUMENT`: its first argument as it is. `TENSOR`: one tensor. None where `call` is not as simple as that."""
    params = syntax.parameters(call.node)
    lines = [part for line in syntax.statements(call.node.body) for part in syntax.simple(line)]
    lines = [part for part in lines if not syntax.is_docstring(part)]
    if len(params) < 2 or not lines:
        return None
    match lines:
        case [cst.Return(value=cst.Name(value=name))] if name == params[1].name.value:
            return ARGUMENT
    if not (type(lines[-1]) is cst.Return and _is_tensor(project, call, lines[-1].value)):
        return None
    returns = [node for node in syntax.walk(call.node.body) if type(node) is cst.Return]
    return TENSOR if all(_is_tensor(project, call, node.value) for node in returns) else None


def _is_tensor(project: Project, call: Method, value: cst.BaseExpression | None) -> bool:
    match value:
        case cst.BinaryOperation(left=left, right=right):
            return _is_tensor(project, call, left) or _is_tensor(project, call, right)
        case cst.Call(func=function):
            name = syntax.dotted(function)
            if name is None or name.startswith("self."):
                return False
            resolved = project.resolve(call.unit.module, name, scope=call.owner.entry)
            return isinstance(resolved, KnownName) and results.result_of(canonical(resolved.name)) is Result.TENSOR
        case _:
            return False
