"""What `ast` says of a class without its being parsed by LibCST: which attributes its methods assign, who makes it."""

from __future__ import annotations

import ast
import re
from collections.abc import Container, Iterator
from functools import lru_cache

from keras_layer_lint.keras.removed_api import may_be_removed
from keras_layer_lint.model.class_graph import ClassRef, FunctionRef, Project
from keras_layer_lint.source.module_index import ClassEntry, FunctionNode, ModuleIndex, dotted_name
from keras_layer_lint.source.tree_walk import walk

_SCOPES = (ast.ClassDef, ast.Lambda)

_CHANGE = re.compile(r"super\s*\(\s*\w|\b(?:K|backend)\.\w")
"""What a method may do to the layer besides assigning attributes, or say of the API of one generation."""
_GROWTH = re.compile(r"\.(?:append|extend|insert|update|setdefault|add)\s*\(")
_OF_ATTRIBUTE = re.compile(r"\w\.\w+\Z")
_LONGEST_NAME = 80
_CALLED = re.compile(r"\b\w+\b(?=\s*\()")
_GIVEN_SELF = re.compile(r"self(?<=[(,= ]self) {0,3}[,)]")
"""`self` is a parameter or an argument."""
_FURTHEST = 2
"""Functions that hand it on, one to the other."""
_ELEMENT = re.compile(r"\w\.\w+\[.*")
_STORED = re.compile(r"\]\s*[^\s\w=]{0,2}=(?!=)")
_ATTRIBUTE = re.compile(r"\.(\w+)")


def _says_change(text: str) -> bool:
    # What begins with letters or marks is searched for first: it is found many times as fast, and mostly is not there.
    return (
        _CHANGE.search(text) is not None
        or any(_is_of_attribute(text, found.start()) for found in _GROWTH.finditer(text))
        or (
            any(word in text for word in ("add_", "setattr", "Variable"))
            and any("add_" in name[:-1] or name.endswith(("setattr", "Variable")) for name in _CALLED.findall(text))
        )
        or (
            _STORED.search(text) is not None
            and any(_STORED.search(line) is not None for line in _ELEMENT.findall(text))
        )
    )


def _is_of_attribute(text: str, position: int) -> bool:
    """Whether `self.name` or the like stands before a place."""
    return _OF_ATTRIBUTE.search(text, max(0, position - _LONGEST_NAME), position) is not None


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


def assigned_late_by_functions(project: Project, ref: ClassRef) -> frozenset[str]:
    """The names `x` of every `layer.x = ...` in functions of the project to which a method hands `self`.

    A method other than `__init__` and `build`: those set the layer up.
    """
    if not _hands_self_on("".join(ref.module.lines[ref.entry.node.lineno - 1 : ref.entry.node.end_lineno])):
        return frozenset()
    return frozenset(
        name
        for method in ref.entry.node.body
        if isinstance(method, ast.FunctionDef) and method.name not in ("__init__", "build") and method.args.args
        for name in _assigned_behind(project, ref.module, method, 0, _FURTHEST)
    )


def _hands_self_on(text: str) -> bool:
    """Whether `self` may be an argument of a call that is no `super(Layer, self)`: a test of its text."""
    befores = (text[text.rfind("\n", 0, at.start()) + 1 : at.start()] for at in _GIVEN_SELF.finditer(text))
    return any("def " not in before and "super(" not in before for before in befores)


def _assigned_behind(
    project: Project, module: ModuleIndex, code: FunctionNode, position: int, further: int
) -> Iterator[str]:
    """The attributes that functions assign to which code hands its argument at a position, or hands it on."""
    for function, place in _given(project, module, code, code.args.args[position].arg):
        yield from _assigned(function.entry.node, place)
        if further:
            yield from _assigned_behind(project, function.module, function.entry.node, place, further - 1)


def _given(project: Project, module: ModuleIndex, code: FunctionNode, name: str) -> Iterator[tuple[FunctionRef, int]]:
    """The functions of the project to which code hands what a name holds, and as which of their arguments."""
    if not _may_give(module, code, name):
        return
    for node in walk(code):
        if not isinstance(node, ast.Call) or (called := dotted_name(node.func)) is None:
            continue
        places = [place for place, given in enumerate(node.args) if isinstance(given, ast.Name) and given.id == name]
        if not places or not isinstance(function := project.resolve(module, called), FunctionRef):
            continue
        if places[0] < len(function.entry.node.args.args):
            yield function, places[0]


def _may_give(module: ModuleIndex, code: FunctionNode, name: str) -> bool:
    """Whether a name may be an argument of a call in some code: a test of its text, behind its parameters."""
    text = "".join(module.lines[code.body[0].lineno - 1 : code.end_lineno])
    return any(f"{name}{mark}" in text for mark in (")", ",", " ", "\n"))


@lru_cache(maxsize=1024)
def names_weights(entry: ClassEntry) -> bool:
    """Whether each instance has a weight, its own or that of a sublayer, whose name is written in the class."""
    return any(
        isinstance(node, ast.Call) and (_last_name(node.func) == "add_weight" or _is_named_object(node))
        for node in walk(entry.node)
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
        for node in walk(other.node)
    )


def _knows_training(entry: ClassEntry) -> bool:
    return any(
        isinstance(node, ast.FunctionDef)
        and node.name == "call"
        and any(arg.arg == "training" for arg in (*node.args.args, *node.args.kwonlyargs))
        for node in entry.node.body
    )


def _assigned(function: ast.FunctionDef | ast.AsyncFunctionDef, position: int = 0) -> frozenset[str]:
    """The attributes of an argument that a function assigns."""
    receiver = function.args.args[position].arg
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
