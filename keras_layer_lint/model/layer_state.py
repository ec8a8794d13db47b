"""Whether a layer of the project holds variables, read with `ast` like the attributes: its body need not be parsed."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_layer_lint.keras.kinds import kind_of_known
from keras_layer_lint.keras.layers import has_weights
from keras_layer_lint.keras.names import canonical
from keras_layer_lint.model.certainty import certain_nodes
from keras_layer_lint.model.class_graph import ClassRef, KnownName, Project

WRAPPERS = frozenset(
    f"keras.layers.{name}" for name in ("Bidirectional", "RNN", "StackedRNNCells", "TimeDistributed", "Wrapper")
)
"""Layers whose variables are those of the layers given to them."""

_VARIABLES = frozenset(
    {"tensorflow.Variable", "keras.Variable", "keras.backend.variable", "keras.random.SeedGenerator"}
)
_MAX_DEPTH = 4


def holds_variables(project: Project, of: ClassRef | str, keras: str, depth: int = 0) -> bool:
    """Whether every instance of the class has variables in a generation, seeds of random layers included."""
    if isinstance(of, str):
        return of not in WRAPPERS and has_weights(of, (keras,))
    if depth > _MAX_DEPTH:
        return False
    for base in project.class_info(of).mro:
        if isinstance(base, KnownName):
            if holds_variables(project, canonical(base.name), keras):
                return True
        elif any(_makes_variable(project, base, call, keras, depth) for call in _certain_calls(base)):
            return True
    return False


def _certain_calls(ref: ClassRef) -> Iterator[ast.Call]:
    """The calls in `__init__` and `build` that no condition stands before."""
    for method in ref.entry.node.body:
        if isinstance(method, ast.FunctionDef) and method.name in ("__init__", "build"):
            yield from (node for node in certain_nodes(method.body) if isinstance(node, ast.Call))


def _makes_variable(project: Project, ref: ClassRef, call: ast.Call, keras: str, depth: int) -> bool:
    parts: list[str] = []
    node = call.func
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return False
    if node.id == "self":
        return parts in (["add_weight"], ["add_variable"])
    found = project.resolve(ref.module, ".".join([node.id, *reversed(parts)]), scope=ref.entry)
    match found:
        case KnownName(name=name):
            name = canonical(name)
            return name in _VARIABLES or (kind_of_known(name) is not None and holds_variables(project, name, keras))
        case ClassRef():
            return holds_variables(project, found, keras, depth + 1)
        case _:
            return False
