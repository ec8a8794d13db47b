"""Which functions the calls of a module give to Keras: as loss or metric, to a `Lambda`, as `activation`.

A function is often given by another file than that which defines it. The text of a project says which names its files
give; only a file that may give a name of the module in question is parsed.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from keras_layer_lint.errors import UnreadableFile
from keras_layer_lint.keras.kinds import ClassKind
from keras_layer_lint.keras.names import canonical
from keras_layer_lint.keras.objects import LAYERS
from keras_layer_lint.model.class_graph import ClassRef, FunctionRef, KnownName, Project, Resolution
from keras_layer_lint.source.module_index import FunctionNode, ModuleIndex, dotted_name
from keras_layer_lint.source.module_walk import locals_of
from keras_layer_lint.source.tree_walk import children

_LOSSES = ("loss", "metrics", "weighted_metrics")


class Given(NamedTuple):
    """A function, as a call gives it to Keras."""

    kind: ClassKind
    node: ast.expr
    """Its name, or a lambda."""
    call: ast.Call
    around: tuple[FunctionNode, ...]
    """The functions that the call stands in, the outermost first."""


def given_in(tree: ast.Module) -> Iterator[Given]:
    """The functions that the calls of a module give to Keras, in the order of the calls."""
    for call, around in _calls(tree):
        for kind, node in _of_call(call):
            yield Given(kind, node, call, around)


def is_local(name: str, around: Iterable[FunctionNode]) -> bool:
    """Whether functions bind a name, which hides that of the module."""
    return any(name in imports or name in names for imports, names in (locals_of(each, "") for each in around))


def is_to_keras(given: Given, module: ModuleIndex, project: Project) -> bool:
    """Whether a layer is made, or a model compiled: others have a `Lambda`, too."""
    if given.kind is ClassKind.LOSS_FUNCTION:
        return True
    found = _meaning(given.call.func, given.around, module, project)
    if isinstance(found, ClassRef):
        return given.kind is ClassKind.ACTIVATION and project.class_info(found).kind in LAYERS
    return isinstance(found, KnownName) and canonical(found.name).startswith("keras.layers.")


def given_elsewhere(module: ModuleIndex, project: Project) -> dict[str, ClassKind]:
    """The functions of a module that other files of its project give to Keras, by their names."""
    use = project.survey.use_of(module.path) if module.functions else None
    if use is None:
        return {}
    givers = {path for name in module.functions for path in use.givers.get(name, ()) if path != module.path}
    found: dict[str, ClassKind] = {}
    for path in sorted(givers):
        for function, kind in _given_by(path, project):
            if function.module is module:
                found.setdefault(function.entry.node.name, kind)
    return found


def _given_by(path: Path, project: Project) -> list[tuple[FunctionRef, ClassKind]]:
    """The functions of other modules that a file gives to Keras."""
    if path not in project.given_by:
        try:
            module = project.module_at(path)
        except (OSError, UnreadableFile):
            project.given_by[path] = []
        else:
            project.given_by[path] = [
                (function, given.kind)
                for given in given_in(module.tree)
                if not isinstance(given.node, ast.Lambda)
                and isinstance(function := _meaning(given.node, given.around, module, project), FunctionRef)
                and function.module is not module
                and is_to_keras(given, module, project)
            ]
    return project.given_by[path]


def _meaning(node: ast.expr, around: tuple[FunctionNode, ...], module: ModuleIndex, project: Project) -> Resolution:
    """What a name means within functions, which may import it."""
    dotted = dotted_name(node)
    if dotted is None:
        return None
    head, dot, rest = dotted.partition(".")
    package = module.name if module.is_package else module.name.rpartition(".")[0]
    for function in reversed(around):
        imports, names = locals_of(function, package)
        if head in imports:
            found = (project.resolve_absolute(module, f"{target}{dot}{rest}") for target in imports[head])
            return next((each for each in found if each is not None), None)
        if head in names:
            return None
    return project.resolve(module, dotted)


def _calls(tree: ast.Module) -> Iterator[tuple[ast.Call, tuple[FunctionNode, ...]]]:
    stack: list[tuple[ast.AST, tuple[FunctionNode, ...]]] = [(tree, ())]
    while stack:
        node, around = stack.pop()
        if isinstance(node, ast.Call):
            yield node, around
        inner = (*around, node) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) else around
        stack.extend((child, inner) for child in reversed(children(node)))


def _of_call(call: ast.Call) -> Iterator[tuple[ClassKind, ast.expr]]:
    called = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if called == "compile" and isinstance(call.func, ast.Attribute):
        for keyword in call.keywords:
            if keyword.arg in _LOSSES:
                yield from [(ClassKind.LOSS_FUNCTION, given) for given in _functions(keyword.value)]
    elif called == "Lambda" and call.args:
        yield from [(ClassKind.LAMBDA_FUNCTION, given) for given in _functions(call.args[0])]
    for keyword in call.keywords:
        if keyword.arg == "activation" and called[:1].isupper():
            yield from [(ClassKind.ACTIVATION, given) for given in _functions(keyword.value)]


def _functions(node: ast.expr) -> Iterator[ast.expr]:
    """A name or lambda, or those in a list or dict."""
    match node:
        case ast.Name() | ast.Attribute() | ast.Lambda():
            yield node
        case ast.List(elements) | ast.Tuple(elements):
            for element in elements:
                yield from _functions(element)
        case ast.Dict(_, values):
            for value in values:
                yield from _functions(value)
