"""Tests in `build` of whether there are several inputs, by the type of what holds their shapes: read with `ast`."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import Any

from keras_layer_lint.immutable import dataclass
from keras_layer_lint.model.class_graph import ClassRef
from keras_layer_lint.model.layer import LayerClass
from keras_layer_lint.source.module_walk import statements_in
from keras_layer_lint.source.tree_walk import walk


@dataclass(frozen=True, slots=True)
class Flag:
    """An attribute that says whether there are several inputs."""

    name: str
    value: Any
    """What it is where there are."""


@dataclass(frozen=True, slots=True)
class ListTest:
    """A test that takes any list for the shapes of several inputs."""

    node: ast.expr
    parameter: str
    flag: Flag | None = None
    """What other methods learn of it; None where `build` itself takes elements of the list for shapes."""


def list_test_of(layer: LayerClass) -> tuple[ListTest, ClassRef] | None:
    """Such a test in the `build` of a class or in that which it runs of a base, and the class that has it.

    Where the test sets an attribute, `call` or `compute_output_shape` takes elements of its argument by that.
    """
    for owner in layer.mro:
        if not isinstance(owner, ClassRef) or "build" not in owner.entry.methods:
            if isinstance(owner, ClassRef):
                continue
            return None
        build = layer.body(owner).methods.get("build")
        if not isinstance(build, ast.FunctionDef):
            return None
        if (found := list_test(build)) is not None:
            return (found, owner) if found.flag is None or _is_asked(layer, found.flag) else None
        if not any(map(_is_build_of_base, walk(build))):
            return None
    return None


def _is_build_of_base(node: ast.AST) -> bool:
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Call(func=ast.Name(id="super")), attr="build")):
            return True
        case _:
            return False


def _is_asked(layer: LayerClass, flag: Flag) -> bool:
    """Whether a method takes what it gets for several inputs where the flag says so."""
    found = [layer.definition(name) for name in ("call", "compute_output_shape")]
    return any(each is not None and _takes_by_flag(each[1], flag) for each in found)


def _takes_by_flag(method: ast.FunctionDef | ast.AsyncFunctionDef, flag: Flag) -> bool:
    given = [*method.args.posonlyargs, *method.args.args]
    if len(given) < 2:
        return False
    name = given[1].arg
    for statement in statements_in(method.body):
        for test, body, other in _choices(statement):
            is_negated = isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not)
            asked = test.operand if isinstance(test, ast.UnaryOp) and is_negated else test
            if _is_of_flag(asked, flag) and _takes_elements(other if is_negated else body, name):
                return True
    return False


def _is_of_flag(test: ast.expr, flag: Flag) -> bool:
    """`self.flag`, or `self.flag == "several"`."""
    match test:
        case ast.Attribute(value=ast.Name(id="self"), attr=name):
            return name == flag.name and flag.value is True
        case ast.Compare(
            left=ast.Attribute(value=ast.Name(id="self"), attr=name),
            ops=[ast.Eq() | ast.Is()],
            comparators=[ast.Constant(value=value)],
        ):
            return name == flag.name and bool(value == flag.value)
        case _:
            return False


def _takes_elements(code: Sequence[ast.AST], name: str) -> bool:
    """`inputs[0]`, or `x, y = inputs`."""
    return any(_is_element_or_parts(node, name) for part in code for node in walk(part))


def _is_element_or_parts(node: ast.AST, name: str) -> bool:
    match node:
        case ast.Assign(targets=[ast.Tuple() | ast.List()], value=ast.Name(id=of)):
            return of == name
        case ast.Subscript():
            return _is_element(node, name)
        case _:
            return False


def list_test(build: ast.FunctionDef) -> ListTest | None:
    """The first such test of the parameter of `build`, as far as nothing is assigned to that before."""
    given = [*build.args.posonlyargs, *build.args.args]
    if len(given) != 2:
        return None
    name = given[1].arg
    for statement in statements_in(build.body):
        for test, body, other in _choices(statement):
            if (found := _test(test, body, other, name)) is not None:
                return found
        if (found := _kept(statement, name)) is not None:
            return found
        if isinstance(statement, ast.Assign | ast.AugAssign | ast.AnnAssign) and _binds(statement, name):
            return None
    return None


def _choices(statement: ast.stmt) -> Iterator[tuple[ast.expr, Sequence[ast.AST], Sequence[ast.AST]]]:
    """Each condition of a statement, with what runs where it holds and where it does not."""
    if isinstance(statement, ast.If):
        yield statement.test, statement.body, statement.orelse
    elif isinstance(statement, ast.Assign | ast.Return) and statement.value is not None:
        for node in walk(statement.value):
            if isinstance(node, ast.IfExp):
                yield node.test, [node.body], [node.orelse]


def _kept(statement: ast.stmt, name: str) -> ListTest | None:
    """`self.flag = isinstance(shape, list)`."""
    match statement:
        case ast.Assign(targets=[ast.Attribute(value=ast.Name(id="self"), attr=attribute)], value=test):
            return ListTest(test, name, Flag(attribute, True)) if _kind_asked(test, name) == "list" else None
        case _:
            return None


def _test(test: ast.expr, body: Sequence[ast.AST], other: Sequence[ast.AST], name: str) -> ListTest | None:
    is_negated = isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not)
    asked = test.operand if isinstance(test, ast.UnaryOp) and is_negated else test
    count = None
    match asked:
        case ast.BoolOp(op=ast.And(), values=[kind_test, ast.Compare() as count_test]):
            count = _axes_asked(count_test, name)
            kind = None if count is None else _kind_asked(kind_test, name)
        case _:
            kind = _kind_asked(asked, name)
    if kind is None:
        return None
    for_lists, for_others = (body, other) if (kind == "list") != is_negated else (other, body)
    if any(isinstance(node, ast.Raise) for node in for_others):
        return None  # one input is refused
    if count is not None and not _expects_axes(for_others, name, count):
        return None  # one input may well have another number of axes
    if _takes_for_shapes(for_lists, name):
        return ListTest(asked, name)
    flag = _flag(for_lists, for_others)
    return None if flag is None else ListTest(asked, name, flag)


def _flag(for_lists: Sequence[ast.AST], for_others: Sequence[ast.AST]) -> Flag | None:
    """What is assigned to an attribute where there is a list, and something else where there is none."""
    others = [flag for part in for_others for node in walk(part) if (flag := _set(node)) is not None]
    for flag in map(_set, for_lists):
        is_known = flag is not None and flag.value is not ... and flag not in others
        if flag is not None and is_known and any(each.name == flag.name for each in others):
            return flag
    return None


def _set(node: ast.AST) -> Flag | None:
    """The attribute that a statement sets, and its value; `...` for what is no constant."""
    match node:
        case ast.Assign(targets=[ast.Attribute(value=ast.Name(id="self"), attr=name)], value=value):
            return Flag(name, value.value if isinstance(value, ast.Constant) else ...)
        case _:
            return None


def _axes_asked(test: ast.expr, name: str) -> int | None:
    """The number in `len(shape) == 2`."""
    match test:
        case ast.Compare(
            left=ast.Call(func=ast.Name(id="len"), args=[ast.Name(id=of)]),
            ops=[ast.Eq()],
            comparators=[ast.Constant(value=int(count))],
        ) if of == name:
            return count
        case _:
            return None


def _expects_axes(code: Sequence[ast.AST], name: str, count: int) -> bool:
    """Whether code asks whether one shape has that many axes."""
    nodes = (node for part in code for node in walk(part))
    return any(isinstance(node, ast.expr) and _axes_asked(node, name) == count for node in nodes)


def _kind_asked(test: ast.expr, name: str) -> str | None:
    """`list` or `tuple`, where a test asks whether the parameter is one, and not whether it is either."""
    match test:
        case ast.Call(func=ast.Name(id="isinstance"), args=[ast.Name(id=of), kinds]) if of == name:
            named = kinds.elts if isinstance(kinds, ast.Tuple) else [kinds]
        case ast.Compare(
            left=ast.Call(func=ast.Name(id="type"), args=[ast.Name(id=of)]),
            ops=[ast.Is() | ast.Eq()],
            comparators=[kinds],
        ) if of == name:
            named = [kinds]
        case _:
            return None
    found = {kind.id for kind in named if isinstance(kind, ast.Name)} & {"list", "tuple"}
    return next(iter(found)) if len(found) == 1 else None


def _takes_for_shapes(code: Sequence[ast.AST], name: str) -> bool:
    """Whether code takes elements of the parameter for shapes: `shape[0][-1]`, `shape = shape[0]`, a loop over them."""
    return any(_takes_for_shape(node, name) for part in code for node in walk(part)) or any(
        isinstance(part, ast.expr) and _is_element(part, name) for part in code
    )


def _takes_for_shape(node: ast.AST, name: str) -> bool:
    match node:
        case ast.Subscript(value=element):
            return _is_element(element, name)
        case ast.Assign(targets=[ast.Name(id=target)], value=value):
            return target == name and _is_element(value, name)
        case ast.comprehension(iter=ast.Name(id=of)) | ast.For(iter=ast.Name(id=of)):
            return of == name
        case _:
            return False


def _is_element(node: ast.expr, name: str) -> bool:
    match node:
        case ast.Subscript(value=ast.Name(id=of), slice=ast.Constant(value=int()) | ast.UnaryOp()):
            return of == name
        case _:
            return False


def _binds(statement: ast.Assign | ast.AugAssign | ast.AnnAssign, name: str) -> bool:
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    return any(isinstance(node, ast.Name) and node.id == name for target in targets for node in walk(target))
