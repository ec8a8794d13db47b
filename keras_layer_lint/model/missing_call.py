"""Whether a layer has a `call` at all, and which function was meant to be it: read with `ast`."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_layer_lint.immutable import dataclass
from keras_layer_lint.model.attribute_sources import defines, has_no_more, may_set
from keras_layer_lint.model.class_graph import ClassRef, KnownName, Project
from keras_layer_lint.model.decorators import leaves_class_alone
from keras_layer_lint.source.module_index import ClassEntry
from keras_layer_lint.source.module_walk import statements_in
from keras_layer_lint.source.tree_walk import walk

_CALLS = ("call", "__call__")
_OF_TORCH = "forward"
_LIKE_CALL = frozenset("cal calll caall ccall cll acll clal calls call_ _call call__".split())
"""Slips of the fingers; words that mean something of their own, such as `cell` and `recall`, are none."""


@dataclass(frozen=True, slots=True)
class MeantAsCall:
    """The function that was meant to be `call`. `within`: the method that it stands in, if it is no method itself."""

    name: str
    line: int
    within: str | None = None


def has_no_call(project: Project, ref: ClassRef) -> bool:
    """Whether nothing within reach gives objects of exactly this class a `call`; False where that is not certain."""
    info = project.class_info(ref)
    if not info.complete or any(isinstance(base, KnownName) and not has_no_more(base.name) for base in info.mro):
        return False
    own = [base for base in info.mro if isinstance(base, ClassRef)]
    if any(defines(base, name) for base in own for name in _CALLS):
        return False  # most classes end here; to search texts takes longer
    return not any(may_set(base, name) for base in own for name in _CALLS) and all(
        _is_left_alone(project, base) for base in own
    )


def does_nothing_yet(project: Project, ref: ClassRef) -> bool:
    """Whether a class has no `call`, or one that is only there to be written: nobody can use its objects so far."""
    info = project.class_info(ref)
    own = next((base for base in info.mro if isinstance(base, ClassRef) and defines(base, "call")), None)
    if own is None:
        return has_no_call(project, ref)
    methods = [node for node in own.entry.node.body if isinstance(node, ast.FunctionDef) and node.name == "call"]
    return bool(methods) and all(map(_is_to_be_written, methods[-1].body))


def _is_to_be_written(statement: ast.stmt) -> bool:
    match statement:
        case ast.Pass() | ast.Expr(value=ast.Constant()) | ast.Return(value=None | ast.Constant(value=None)):
            return True
        case ast.Raise(exc=ast.Name(id=name) | ast.Call(func=ast.Name(id=name))):
            return name == "NotImplementedError"
        case _:
            return False


def meant_as_call(ref: ClassRef) -> MeantAsCall | None:
    """The function of a class without `call` that takes an input and bears its name, or one close to it."""
    methods = [node for node in ref.entry.node.body if isinstance(node, ast.FunctionDef)]
    for method in methods:
        for node in _functions_in(method):
            if node.name == "call" and _takes_input(node) and not _is_named(method, "call"):
                return MeantAsCall("call", node.lineno, method.name)
    for method in methods:
        if (method.name == _OF_TORCH or _is_like_call(method.name)) and _takes_input(method):
            return None if method.decorator_list else MeantAsCall(method.name, method.lineno)
    return None


def _is_left_alone(project: Project, ref: ClassRef) -> bool:
    entry: ClassEntry = ref.entry
    return all(leaves_class_alone(project, ref, decorator) for decorator in entry.node.decorator_list)


def _is_like_call(name: str) -> bool:
    return name in _LIKE_CALL or (name.casefold() == "call" and name != "call")


def _takes_input(node: ast.FunctionDef) -> bool:
    """Whether it takes `self` and something more."""
    given = [*node.args.posonlyargs, *node.args.args]
    return bool(given) and given[0].arg == "self" and (len(given) > 1 or node.args.vararg is not None)


def _functions_in(method: ast.FunctionDef) -> Iterator[ast.FunctionDef]:
    """The functions that a method defines and does not decorate."""
    for node in statements_in(method.body):
        if isinstance(node, ast.FunctionDef) and not node.decorator_list:
            yield node


def _is_named(code: ast.AST, name: str) -> bool:
    return any(isinstance(node, ast.Name) and node.id == name for node in walk(code))
