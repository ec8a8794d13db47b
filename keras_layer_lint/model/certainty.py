"""Which parts of a body are certain to run: whenever it runs to its end, and neither returns before it nor raises."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from keras_layer_lint.source.tree_walk import children

_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


def certain_nodes(body: Iterable[ast.stmt], *, in_loops: bool = False) -> Iterator[ast.AST]:
    """The statements and expressions of a body that run whenever it does, compound statements with what is in them.

    What stands under a condition is only possible: in a branch, an exception handler or the `try` before it, a loop
    that may run zero times, the right side of `and`, or behind a statement that may leave the function. `in_loops`:
    loops are taken to run.
    """
    found = _Found(in_loops)
    _run(body, found)
    yield from found


class _Found(list[ast.AST]):
    """What is certain so far. `in_loops`: whether every loop is taken to run."""

    def __init__(self, in_loops: bool) -> None:
        super().__init__()
        self.in_loops = in_loops


def _run(body: Iterable[ast.stmt], found: _Found) -> bool:
    """Collect what is certain; False where what follows the body is not."""
    return all(_statement(statement, found) for statement in body)


def _statement(node: ast.stmt, found: _Found) -> bool:
    found.append(node)
    match node:
        case ast.If(test=test) | ast.While(test=test):
            _expression(test, found)
            return not _leaves(node)
        case ast.For() | ast.AsyncFor():
            _expression(node.iter, found)
            if found.in_loops or _is_filled(node.iter):
                _run(node.body, found)
            return not _leaves(node)
        case ast.With() | ast.AsyncWith():
            for item in node.items:
                _expression(item.context_expr, found)
            if any(_suppresses(item.context_expr) for item in node.items):
                return not _leaves(node)
            return _run(node.body, found)
        case ast.Try():
            if not node.handlers:
                return _run(node.body, found) and _run(node.finalbody, found)
            _run(node.finalbody, found)
            return not _leaves(node)
        case ast.Match():
            _expression(node.subject, found)
            return not _leaves(node)
        case ast.Return() | ast.Raise() | ast.Break() | ast.Continue():
            _children(node, found)
            return False
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            for decorator in node.decorator_list:
                _expression(decorator, found)
            return True
        case _:
            _children(node, found)
            return not _leaves(node)  # `except*`


def _children(node: ast.AST, found: _Found) -> None:
    for child in children(node):
        _expression(child, found)


def _expression(node: ast.AST, found: _Found) -> None:
    found.append(node)
    if type(node) in _WITHOUT_PARTS:
        return
    match node:
        case ast.BoolOp(values=[first, *_]):
            _expression(first, found)
        case ast.IfExp(test=test):
            _expression(test, found)
        case ast.Compare(left=left, comparators=[first, *_]):
            _expression(left, found)
            _expression(first, found)
        case ast.ListComp(elt=element) | ast.SetComp(elt=element):
            _comprehension(node.generators, [element], found)
        case ast.DictComp(key=key, value=value):
            _comprehension(node.generators, [key, value], found)
        case ast.GeneratorExp(generators=[first, *_]):
            _expression(first.iter, found)
        case ast.stmt() | ast.Lambda():
            pass
        case _:
            _children(node, found)


_WITHOUT_PARTS = frozenset({ast.Name, ast.Constant, ast.Load, ast.Store})


def _comprehension(generators: list[ast.comprehension], made: list[ast.expr], found: _Found) -> None:
    _expression(generators[0].iter, found)
    if all((found.in_loops or _is_filled(clause.iter)) and not clause.ifs for clause in generators):
        for node in made:
            _expression(node, found)


def _leaves(node: ast.stmt) -> bool:
    """Whether a statement may end the body around it early: by `return`, or by `break` or `continue` of its loop."""
    stack: list[tuple[ast.AST, bool]] = [(node, False)]
    while stack:
        current, in_loop = stack.pop()
        if isinstance(current, ast.Return) or (isinstance(current, ast.Break | ast.Continue) and not in_loop):
            return True
        if isinstance(current, ast.stmt | ast.excepthandler | ast.match_case) and not isinstance(current, _SCOPES):
            in_loop = in_loop or isinstance(current, ast.For | ast.AsyncFor | ast.While)
            stack.extend((child, in_loop) for child in children(current))
    return False


def _is_filled(node: ast.expr) -> bool:
    """Whether an iterable is a literal with items or `range` of a positive number."""
    match node:
        case ast.List(elts=elements) | ast.Tuple(elts=elements) | ast.Set(elts=elements):
            return any(not isinstance(element, ast.Starred) for element in elements)
        case ast.Constant(value=str(text)):
            return bool(text)
        case ast.Call(func=ast.Name(id="range"), args=[ast.Constant(value=int(stop))], keywords=[]):
            return stop > 0
        case ast.Call(
            func=ast.Name(id="range"), args=[ast.Constant(value=int(start)), ast.Constant(value=int(stop))], keywords=[]
        ):
            return start < stop
        case _:
            return False


def _suppresses(node: ast.expr) -> bool:
    """Whether a context manager may end its block early and go on behind it: `contextlib.suppress(...)`."""
    return isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] == "suppress"
