"""What a decorator puts in the place of a method, as far as the parameters that Keras then finds go."""

from __future__ import annotations

import ast
from pathlib import Path

import libcst as cst

from keras_layer_lint.immutable import dataclass
from keras_layer_lint.model.class_graph import FunctionRef, KnownName, Project
from keras_layer_lint.model.decorators import returned_function
from keras_layer_lint.model.requirements import name_of, requirements
from keras_layer_lint.model.targets import nearest
from keras_layer_lint.source.module_index import FunctionNode, ModuleIndex, dotted_name

TYPECHECKED = "typeguard.typechecked"
_WRAPS = frozenset({"functools.wraps", "wraps"})


@dataclass(frozen=True, slots=True)
class Wrapping:
    """The function that is called in the place of a method."""

    parameters: str
    """How they are written: `*args, **kwargs`."""
    first: str
    """The parameter that gets `self`; empty where none has a name for it."""
    rest: str
    """The parameter of what else is given by position; empty where there is none."""
    keeps_signature: bool
    """Whether `inspect.signature` still tells the parameters of the method."""

    def lacks_names(self, method: cst.FunctionDef) -> bool:
        """Whether the method has no parameter of the name of one that the function has for `self` or the rest."""
        given = method.params
        own = [each.name.value for each in (*given.posonly_params, *given.params)]
        rest = given.star_arg.name.value if isinstance(given.star_arg, cst.Param) else ""
        return self.first != own[0] or bool(self.rest and self.rest != rest)


def takes_by_position_only(method: cst.FunctionDef) -> bool:
    """Whether a method has parameters besides `self` that go by no name, or no `self` of its own."""
    given = method.params
    return len(given.posonly_params) > 1 or not (given.posonly_params or given.params)


def requires_arguments(method: cst.FunctionDef) -> bool:
    """Whether a method cannot be called without arguments."""
    given = method.params
    others = (*given.posonly_params, *given.params, *given.kwonly_params)[1:]
    return any(each.default is None for each in others)


def wrapping_of(project: Project, module: ModuleIndex, decorator: str) -> Wrapping | None:
    """What a decorator without arguments, by its name in a module, makes of a method; None where that is not known."""
    found = project.resolve(module, decorator)
    if isinstance(found, KnownName):
        if found.name != TYPECHECKED:
            return None
        old = nearest(module.path.parent, project, project.folder_old_typeguard, _old_typeguard)
        return Wrapping("*args, **kwargs", "", "args", True) if old else None
    if not isinstance(found, FunctionRef):
        return None
    inner = returned_function(found.entry.node)
    if inner is None or isinstance(inner, ast.AsyncFunctionDef):
        return None
    return _of_function(found.entry.node, inner)


def _of_function(outer: FunctionNode, inner: FunctionNode) -> Wrapping | None:
    given = [each.arg for each in (*outer.args.posonlyargs, *outer.args.args)]
    wraps = [each for each in inner.decorator_list if given and _wraps(each, given[0])]
    if len(wraps) < len(inner.decorator_list):
        return None
    arguments = inner.args
    named = [each.arg for each in (*arguments.posonlyargs, *arguments.args)]
    rest = "" if arguments.vararg is None else arguments.vararg.arg
    return Wrapping(ast.unparse(arguments), named[0] if named else "", rest, bool(wraps))


def _wraps(node: ast.expr, function: str) -> bool:
    match node:
        case ast.Call(func=called, args=[ast.Name(id=name)]):
            return name == function and dotted_name(called) in _WRAPS
        case _:
            return False


def _old_typeguard(folder: Path, package: str) -> str | None:
    """The requirement that allows no typeguard but an old one; empty where newer ones are allowed.

    From version 3 on it changes the function itself, and wraps it in no other.
    """
    found = [each for each in requirements(folder, package) if name_of(each) == "typeguard"]
    if not found:
        return None
    newer = [f"{major}.{minor}.0" for major in range(3, 6) for minor in range(10)]
    allows = any(each.specifier.contains(version) for each in found for version in newer)
    return "" if allows else str(found[0])
