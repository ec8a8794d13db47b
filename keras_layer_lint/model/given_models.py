"""Which models a module gives to the constructor of one of its classes: read with `ast`."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from keras_layer_lint.keras.names import canonical
from keras_layer_lint.model.class_graph import ClassRef, KnownName, Project
from keras_layer_lint.source.module_entries import dotted_name
from keras_layer_lint.source.module_index import FunctionNode, parse

_MODELS = frozenset({"keras.Model", "keras.Sequential"})


def layers_given(project: Project, ref: ClassRef, parameters: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """For each argument of `__init__`, the layers of Keras in the model that the module makes and gives for it.

    Only where each object of the class that the module makes gets such a model: `Distiller(student=student)`, where
    `student` is bound once, to a Sequential or to what a function of the module builds.
    """
    text = ref.module.text
    if text.count(f"{ref.entry.name}(") < 2:
        return {}  # the definition alone
    reader = _Reader(project, ref, parse(text))
    found: list[dict[str, tuple[str, ...]]] = []
    for call, scope in reader.constructions():
        given = dict(zip(parameters, call.args, strict=False))
        given.update({word.arg: word.value for word in call.keywords if word.arg is not None})
        found.append({name: layers for name, value in given.items() if (layers := reader.layers_of(value, scope))})
    names = set.intersection(*map(set, found)) if found else set()
    return {name: tuple(layer for each in found for layer in each[name]) for name in sorted(names)}


class _Reader:
    """One module: where it makes objects of a class, and what it makes them of."""

    def __init__(self, project: Project, ref: ClassRef, tree: ast.Module) -> None:
        self._project = project
        self._ref = ref
        self._tree = tree
        self._functions = {node.name: node for node in tree.body if isinstance(node, FunctionNode)}

    def constructions(self) -> Iterator[tuple[ast.Call, ast.AST]]:
        """Calls of the class, each with the function or module around it."""
        for scope in (self._tree, *self._functions.values()):
            for node in _within(scope):
                if isinstance(node, ast.Call) and dotted_name(node.func) == self._ref.entry.name:
                    yield node, scope

    def layers_of(self, value: ast.expr, scope: ast.AST) -> tuple[str, ...]:
        """The layers in a model; none where it is not known how that is made."""
        if isinstance(value, ast.Name):
            bound = [each for place in (scope, self._tree) if (each := list(_bound(place, value.id)))]
            if not bound or len(bound[0]) != 1 or f"{value.id}.trainable =" in self._ref.module.text:
                return ()
            added = [node for node in _within(scope) if _is_added(node, value.id)]
            return self._made(bound[0][0], added)
        return self._made(value, [])

    def _made(self, value: ast.expr, added: Sequence[ast.AST]) -> tuple[str, ...]:
        if not isinstance(value, ast.Call):
            return ()
        name = dotted_name(value.func) or ""
        if (function := self._functions.get(name)) is not None:
            parts: Sequence[ast.AST] = list(_within(function))
            return self._layers(parts) if not _MODELS.isdisjoint(self._called(parts)) else ()
        if self._known(name) != "keras.Sequential":
            return ()
        return self._layers([inner for part in (value, *added) for inner in ast.walk(part)])

    def _layers(self, parts: Sequence[ast.AST]) -> tuple[str, ...]:
        return tuple(name for name in self._called(parts) if name.startswith("keras.layers."))

    def _called(self, parts: Sequence[ast.AST]) -> Iterator[str]:
        for part in parts:
            if isinstance(part, ast.Call) and (known := self._known(dotted_name(part.func) or "")) is not None:
                yield known

    def _known(self, dotted: str) -> str | None:
        found = self._project.resolve(self._ref.module, dotted) if dotted else None
        return canonical(found.name) if isinstance(found, KnownName) else None


def _within(scope: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a scope, without those of functions and classes in it."""
    waiting = list(ast.iter_child_nodes(scope))
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, FunctionNode | ast.ClassDef):
            waiting.extend(ast.iter_child_nodes(node))


def _bound(scope: ast.AST, name: str) -> Iterator[ast.expr]:
    for node in _within(scope):
        match node:
            case ast.Assign(targets=[ast.Name(id=target)], value=value) if target == name:
                yield value


def _is_added(node: ast.AST, name: str) -> bool:
    """Whether a layer is put into a Sequential: `student.add(...)`."""
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Name(id=holder), attr="add")):
            return holder == name
        case _:
            return False
