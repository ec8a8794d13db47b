"""Which of the inputs a failing call has to do with: those that the statement reads at which it failed.

A tensor that a layer hands on is the same object in the layer that gets it, so it is known there by itself. What is
computed from tensors is followed back through the assignments of the function, and through its parameters to the call.
"""

from __future__ import annotations

import ast
import linecache
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from types import FrameType
from typing import Any

_MOST_STEPS = 100
"""Names that one function is searched back through."""
_MOST_HELD = 100
"""Items of a container in which inputs are looked for."""


def taken(error: BaseException, tensors: Sequence[Any], files: Collection[str]) -> frozenset[int]:
    """The numbers of the tensors that the innermost statement in a file of these is computed from; empty if unknown."""
    numbers = {id(tensor): number for number, tensor in enumerate(tensors)}
    wanted: frozenset[str] | None = None
    """The parameters of the frame within that hold what the statement there reads; None where that is the first one."""
    inner: ast.FunctionDef | None = None
    found: set[int] = set()
    for frame, line in reversed(list(_frames(error, files))):
        function = _function(frame)
        statement = None if function is None else _statement(function, line)
        if function is None or statement is None:
            continue  # a lambda or a comprehension: the statement that it stands in comes next
        parts = [statement] if wanted is None or inner is None else _arguments(statement, inner, wanted)
        held, wanted = _followed(frame, function, line, parts, numbers)
        found |= held
        if not wanted:
            break
        inner = function
    return frozenset(found)


def _frames(error: BaseException, files: Collection[str]) -> Iterator[tuple[FrameType, int]]:
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename in files:
            yield trace.tb_frame, trace.tb_lineno
        trace = trace.tb_next


def _followed(
    frame: FrameType, function: ast.FunctionDef, line: int, parts: Sequence[ast.AST], numbers: dict[int, int]
) -> tuple[frozenset[int], frozenset[str]]:
    """The tensors that parts of a statement are computed from, and the parameters that lead out of the function."""
    own = frame.f_locals
    assigned = _assigned(function)
    parameters = set(_parameters(function)) - {"self"}
    to_follow = list(dict.fromkeys(name for part in parts for name in _names(part)))
    seen: set[str] = set()
    found: set[int] = set()
    out: set[str] = set()
    while to_follow and len(seen) < _MOST_STEPS:
        name = to_follow.pop()
        if name in seen:
            continue
        seen.add(name)
        held = {numbers[each] for each in _objects(own.get(name)) if each in numbers}
        found |= held
        if held:
            continue
        if name in parameters:
            out.add(name)
        to_follow += [source for at, read in assigned.get(name, ()) if at < line for source in read]
    return frozenset(found), frozenset(out)


def _arguments(statement: ast.AST, callee: ast.FunctionDef, wanted: frozenset[str]) -> list[ast.AST]:
    """What a call in the statement gives for some parameters of a method; all of the statement where none fits."""
    names = _parameters(callee)[1:]
    for call in ast.walk(statement):
        if not isinstance(call, ast.Call) or any(isinstance(each, ast.Starred) for each in call.args):
            continue
        by_name = {keyword.arg: keyword.value for keyword in call.keywords}
        if len(call.args) > len(names) or not {name for name in by_name if name} <= {*names, "training", "mask"}:
            continue
        given = dict(zip(names, call.args, strict=False)) | {name: value for name, value in by_name.items() if name}
        if given and (chosen := [value for name, value in given.items() if name in wanted]):
            return list(chosen)
    return [statement]


def _objects(value: Any, depth: int = 3) -> Iterator[int]:
    """The identities of what a value is or holds."""
    yield id(value)
    if depth and isinstance(value, (list, tuple, dict)):
        for item in islice(value.values() if isinstance(value, dict) else value, _MOST_HELD):
            yield from _objects(item, depth - 1)


def _parameters(function: ast.FunctionDef) -> list[str]:
    given = function.args
    return [each.arg for each in (*given.posonlyargs, *given.args, *given.kwonlyargs)]


def _names(node: ast.AST) -> Iterator[str]:
    return (each.id for each in ast.walk(node) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Load))


@lru_cache(maxsize=64)
def _assigned(function: ast.FunctionDef) -> dict[str, list[tuple[int, tuple[str, ...]]]]:
    """For each name that a function binds: the line, and the names that it is computed from there."""
    found: dict[str, list[tuple[int, tuple[str, ...]]]] = {}
    for node in ast.walk(function):
        match node:
            case ast.Assign(targets=targets, value=value):
                bound = targets
            case ast.AugAssign(target=target, value=value) | ast.For(target=target, iter=value):
                bound = [target]
            case ast.AnnAssign(target=target, value=ast.expr() as value) | ast.NamedExpr(target=target, value=value):
                bound = [target]
            case _:
                continue
        read = tuple(dict.fromkeys(_names(value)))
        for target in bound:
            for each in ast.walk(target):
                if isinstance(each, ast.Name):
                    found.setdefault(each.id, []).append((node.lineno, read))
    return found


def _statement(function: ast.FunctionDef, line: int) -> ast.AST | None:
    """The innermost statement on a line; of a compound one, what stands in its head."""
    around = [
        node
        for node in ast.walk(function)
        if isinstance(node, ast.stmt) and node.lineno <= line <= (node.end_lineno or node.lineno)
    ]
    if not around:
        return None
    innermost = max(around, key=lambda node: (node.lineno, -(node.end_lineno or 0)))
    match innermost:
        case ast.If(test=head) | ast.While(test=head) | ast.For(iter=head):
            return head
        case ast.With(items=items):
            return items[0]
        case ast.FunctionDef():
            return None
    return innermost


def _function(frame: FrameType) -> ast.FunctionDef | None:
    code = frame.f_code
    return _functions(code.co_filename).get((code.co_name, code.co_firstlineno))


@lru_cache(maxsize=16)
def _functions(file: str) -> dict[tuple[str, int], ast.FunctionDef]:
    """The functions of a file by name and first line, which is that of the first decorator."""
    try:
        tree = ast.parse("".join(linecache.getlines(file)))
    except (SyntaxError, ValueError):
        return {}
    return {
        (node.name, min([node.lineno, *(each.lineno for each in node.decorator_list)])): node
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
    }
