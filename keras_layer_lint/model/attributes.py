"""What `ast` says of a class without its being parsed by LibCST: which attributes its methods assign, who makes it."""

from __future__ import annotations

import ast
import re
from collections.abc import Container
from functools import lru_cache

from keras_layer_lint.keras.removed_api import may_be_removed
from keras_layer_lint.model.class_graph import ClassRef
from keras_layer_lint.source.module_index import ClassEntry, FunctionNode

_SCOPES = (ast.ClassDef, ast.Lambda)

_CHANGE = re.compile(
    r"super\s*\(\s*\w|\w\.\w+\.(?:append|extend|insert|update|setdefault|add)\s*\(|\b(?:K|backend)\.\w"
)
"""What a method may do to the layer besides assigning attributes, or say of the API of one generation."""
_CALLED = re.compile(r"\b\w+\b(?=\s*\()")
_ELEMENT = re.compile(r"\w\.\w+\[.*")
_STORED = re.compile(r"\]\s*[^\s\w=]{0,2}=(?!=)")
_ATTRIBUTE = re.compile(r"\.(\w+)")


def _says_change(text: str) -> bool:
    return (
        _CHANGE.search(text) is not None
        or any("add_" in name[:-1] or name.endswith(("setattr", "Variable")) for name in _CALLED.findall(text))
        or any(_STORED.search(line) is not None for line in _ELEMENT.findall(text))
    )


def may_change_layer(ref: ClassRef, node: FunctionNode, watched: Container[str]) -> bool:
    """Whether there is reason to follow a method that Keras does not call: a test of its text, rather true than false.

    `watched`: attributes whose every read counts.
    """
    if assigned_by_method(ref.entry).get(node.name):
        return True
    text = "".join(ref.module.lines[node.lineno - 1 : node.end_lineno])
    if _says_change(text):
        return True
    return any(name in watched or may_be_removed(name) for name in _ATTRIBUTE.findall(text))


@lru_cache(maxsize=1024)
def assigned_by_method(entry: ClassEntry) -> dict[str, frozenset[str]]:
    """Method name to the names `x` of every `self.x = ...`, `self.x += ...` in it; by whatever name `self` goes."""
    found: dict[str, frozenset[str]] = {}
    for node in entry.node.body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.args.args:
            # The getter and the setter of a property have one name.
            found[node.name] = found.get(node.name, frozenset()) | _assigned(node)
    return found


def names_weights(entry: ClassEntry) -> bool:
    """Whether each instance has a weight, its own or that of a sublayer, whose name is written in the class."""
    return any(
        isinstance(node, ast.Call) and (_last_name(node.func) == "add_weight" or _is_named_object(node))
        for node in ast.walk(entry.node)
    )


def _is_named_object(node: ast.Call) -> bool:
    """`Dense(4, name="dense")`."""
    given = [keyword.value for keyword in node.keywords if keyword.arg == "name"]
    return _last_name(node.func)[:1].isupper() and any(isinstance(value, ast.Constant) for value in given)


def _last_name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def is_part_of_another(ref: ClassRef) -> bool:
    """Whether a class of the same module that knows `training` makes instances: it passes `training` on to them."""
    name = ref.entry.name
    return any(
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name
        for other in ref.module.classes.values()
        if other is not ref.entry and _knows_training(other)
        for node in ast.walk(other.node)
    )


def _knows_training(entry: ClassEntry) -> bool:
    return any(
        isinstance(node, ast.FunctionDef)
        and node.name == "call"
        and any(arg.arg == "training" for arg in (*node.args.args, *node.args.kwonlyargs))
        for node in entry.node.body
    )


def _assigned(function: ast.FunctionDef | ast.AsyncFunctionDef) -> frozenset[str]:
    receiver = function.args.args[0].arg
    found: set[str] = set()
    stack: list[ast.AST] = list(function.body)
    while stack:
        node = stack.pop()
        if isinstance(node, ast.Attribute):
            if isinstance(node.ctx, ast.Store) and isinstance(node.value, ast.Name) and node.value.id == receiver:
                found.add(node.attr)
        elif isinstance(node, ast.Starred):
            stack.append(node.value)
        elif not isinstance(node, _SCOPES):
            for name in _BINDING_FIELDS.intersection(node._fields):
                value = getattr(node, name)
                if isinstance(value, list):
                    stack.extend(value)
                elif value is not None:
                    stack.append(value)
    return frozenset(found)


_BINDING_FIELDS = frozenset(
    {"targets", "target", "elts", "items", "optional_vars", "body", "orelse", "finalbody", "handlers", "cases"}
)
"""The fields of statements and of their parts in which a target of an assignment can stand."""
