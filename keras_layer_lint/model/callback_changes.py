"""What callbacks change on the model while it is trained: read with `ast`."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from keras_layer_lint.errors import UnreadableFile
from keras_layer_lint.immutable import dataclass
from keras_layer_lint.model.attributes import assigned_by_method
from keras_layer_lint.model.class_graph import FunctionRef
from keras_layer_lint.model.layer import LayerClass
from keras_layer_lint.source.module_index import FunctionNode, ModuleIndex, parse
from keras_layer_lint.source.tree_walk import walk

_DURING_FIT = re.compile(r"on_(?:epoch|batch|train_batch)_(?:begin|end)\Z")
_MAY_CHANGE = re.compile(r"\bdef on_(?:epoch|batch|train_batch)_(?:begin|end)\b")
_TRACES_ANEW = ("train_function", "run_eagerly", ".compile(")
"""What lets Keras trace a model again."""


@dataclass(frozen=True, slots=True)
class CallbackChanges:
    """What methods of callbacks that run between steps do to `self.model`."""

    attributes: frozenset[tuple[str, str]]
    """Attributes that they assign, each with the callback as `Class.method`."""
    calls: frozenset[tuple[str, str]]
    """Methods of the model that they call."""


@lru_cache(maxsize=512)
def callback_changes(text: str) -> CallbackChanges:
    """What the callbacks of a file do; nothing where it cannot be parsed, or where it lets a model be traced again."""
    if "self.model." not in text or _MAY_CHANGE.search(text) is None or any(word in text for word in _TRACES_ANEW):
        return _NOTHING
    try:
        tree = parse(text)
    except UnreadableFile:
        return _NOTHING
    attributes: set[tuple[str, str]] = set()
    calls: set[tuple[str, str]] = set()
    for holder in walk(tree):
        if not isinstance(holder, ast.ClassDef):
            continue
        for method in holder.body:
            if isinstance(method, ast.FunctionDef) and _DURING_FIT.match(method.name):
                where = f"{holder.name}.{method.name}"
                attributes |= {(name, where) for name in _assigned(method)}
                calls |= {(name, where) for name in _called(method)}
    return CallbackChanges(frozenset(attributes), frozenset(calls))


_NOTHING = CallbackChanges(frozenset(), frozenset())


def _assigned(method: ast.FunctionDef) -> Iterator[str]:
    for node in walk(method):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and _is_model(node.value):
            yield node.attr


def _called(method: ast.FunctionDef) -> Iterator[str]:
    for node in walk(method):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and _is_model(node.func.value):
            yield node.func.attr


def _is_model(node: ast.expr) -> bool:
    """`self.model`."""
    match node:
        case ast.Attribute(ast.Name("self"), "model"):
            return True
        case _:
            return False


def changed_during_fit(layer: LayerClass, texts: Iterable[str]) -> dict[str, str]:
    """The attributes that callbacks change, or methods of the class that callbacks call: each with the callback."""
    found: dict[str, str] = {}
    own = assigned_by_method(layer.ref.entry)
    for text in (layer.ref.module.text, *texts):
        changes = callback_changes(text)
        for name, where in sorted(changes.attributes):
            found.setdefault(name, where)
        for called, where in sorted(changes.calls):
            for name in sorted(own.get(called, ())):
                found.setdefault(name, where)
    return found


def reads_in(layer: LayerClass, method: str, attribute: str) -> Iterator[ast.expr]:
    """Where a method of the class itself reads `self.attribute`, or a method or function that it calls.

    What stands in another file is read where the class calls it.
    """
    found = layer.definition(method)
    if found is None or found[0] is not layer.ref:
        return
    waiting = [_Reached(layer.ref.module, found[1], "self", None)]
    known: set[ast.AST] = set()
    while waiting:
        reached = waiting.pop(0)
        if reached.function in known:
            continue
        known.add(reached.function)
        for node in walk(reached.function):
            match node:
                case ast.Attribute(ast.Name(owner), name, ast.Load()) if (owner, name) == (reached.layer, attribute):
                    yield reached.through or node
                case ast.Call() if (called := _called_with_layer(layer, node, reached)) is not None:
                    waiting.append(called)


@dataclass(frozen=True, slots=True)
class _Reached:
    """A function that runs when a method of the layer does."""

    module: ModuleIndex
    function: FunctionNode
    layer: str
    """What it calls the layer."""
    through: ast.Call | None
    """What leads there in the file of the layer, where the function is in another."""


def _called_with_layer(layer: LayerClass, call: ast.Call, reached: _Reached) -> _Reached | None:
    """The method or function of the project that a call gives the layer to."""
    match call.func:
        case ast.Attribute(ast.Name(owner), name) if owner == reached.layer:
            found = layer.definition(name)
            if found is None:
                return None
            module, function, receiver = found[0].module, found[1], "self"
        case ast.Name(name):
            given = [number for number, arg in enumerate(call.args) if ast.unparse(arg) == reached.layer]
            known = layer.project.resolve(reached.module, name) if given else None
            if not isinstance(known, FunctionRef) or len(known.entry.node.args.args) <= given[0]:
                return None
            module, function = known.module, known.entry.node
            receiver = function.args.args[given[0]].arg
        case _:
            return None
    through = None if module is layer.ref.module else reached.through or call
    return _Reached(module, function, receiver, through)
