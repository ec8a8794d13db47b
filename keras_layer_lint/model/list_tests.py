"""Tests in `build` of whether there are several inputs, by the type of what holds their shapes: read with `ast`."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from keras_layer_lint.immutable import dataclass
from keras_layer_lint.source.module_walk import statements_in


@dataclass(frozen=True, slots=True)
class ListTest:
    """A test that takes any list for the shapes of several inputs."""

    node: ast.expr
    parameter: str


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
        if isinstance(statement, ast.Assign | ast.AugAssign | ast.AnnAssign) and _binds(statement, name):
            return None
    return None


def _choices(statement: ast.stmt) -> Iterator[tuple[ast.expr, Sequence[ast.AST], Sequence[ast.AST]]]:
    """Each condition of a statement, with what runs where it holds and where it does not."""
    if isinstance(statement, ast.If):
        yield statement.test, statement.body, statement.orelse
    elif isinstance(statement, ast.Assign | ast.Return) and statement.value is not None:
        for node in ast.walk(statement.value):
            if isinstance(node, ast.IfExp):
                yield node.test, [node.body], [node.orelse]


def _test(test: ast.expr, body: Sequence[ast.AST], other: Sequence[ast.AST], name: str) -> ListTest | None:
    is_negated = isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not)
    asked = test.operand if isinstance(test, ast.UnaryOp) and is_negated else test
    kind = _kind_asked(asked, name)
    if kind is None:
        return None
    for_lists, for_others = (body, other) if (kind == "list") != is_negated else (other, body)
    if any(isinstance(node, ast.Raise) for node in for_others):
        return None  # one input is refused
    return ListTest(asked, name) if _takes_for_shapes(for_lists, name) else None


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
    return any(_takes_for_shape(node, name) for part in code for node in ast.walk(part)) or any(
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
    return any(isinstance(node, ast.Name) and node.id == name for target in targets for node in ast.walk(target))
