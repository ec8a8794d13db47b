"""What callbacks change on the model while it is trained: read with `ast`."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from keras_layer_lint.errors import UnreadableFile
from keras_layer_lint.immutable import dataclass
from keras_layer_lint.model.attributes import assigned_by_method
from keras_layer_lint.model.layer import LayerClass
from keras_layer_lint.source.module_index import parse

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
    for holder in ast.walk(tree):
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
    for node in ast.walk(method):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and _is_model(node.value):
            yield node.attr


def _called(method: ast.FunctionDef) -> Iterator[str]:
    for node in ast.walk(method):
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


def reads_in(layer: LayerClass, method: str, attribute: str) -> Iterator[ast.Attribute]:
    """Where a method of the class itself reads `self.attribute`, or a method or function of the file that it calls."""
    found = layer.definition(method)
    if found is None or found[0] is not layer.ref:
        return
    waiting: list[tuple[ast.AST, str]] = [(found[1], "self")]
    known: set[ast.AST] = set()
    while waiting:
        function, receiver = waiting.pop(0)
        if function in known:
            continue
        known.add(function)
        for node in ast.walk(function):
            match node:
                case ast.Attribute(ast.Name(owner), name, ast.Load()) if (owner, name) == (receiver, attribute):
                    yield node
                case ast.Call() if (called := _called_with_self(layer, node, receiver)) is not None:
                    waiting.append(called)


def _called_with_self(layer: LayerClass, call: ast.Call, receiver: str) -> tuple[ast.AST, str] | None:
    """The method or function of the file that a call gives the layer to, and what it calls the layer."""
    match call.func:
        case ast.Attribute(ast.Name(owner), name) if owner == receiver:
            found = layer.definition(name)
            return (found[1], "self") if found is not None and found[0].module is layer.ref.module else None
        case ast.Name(name):
            given = [number for number, arg in enumerate(call.args) if ast.unparse(arg) == receiver]
            function = layer.ref.module.functions.get(name)
            if given and function is not None and len(function.node.args.args) > given[0]:
                return function.node, function.node.args.args[given[0]].arg
    return None
