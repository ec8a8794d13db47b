"""What the functions and classes of a module say, for those who decide which of its code is alive.

A function is walked when its body is gone through, and a class when an attribute of it is asked for.
"""

from __future__ import annotations

import ast
from dataclasses import field
from typing import TypeAlias

from keras_layer_lint.immutable import dataclass
from keras_layer_lint.source.module_index import FunctionNode
from keras_layer_lint.source.tree_walk import children


@dataclass(frozen=True, slots=True)
class Attributes:
    """What a class assigns to its attributes and to those of `self`, and its methods."""

    assigned: dict[str, list[ast.expr]] = field(default_factory=dict)
    methods: dict[str, ast.FunctionDef] = field(default_factory=dict)


_Part: TypeAlias = "tuple[ast.AST, tuple[ast.AST, ...], tuple[set[str], ...]]"
"""What stands in a function, the functions around it, and the sets that its names go into."""


_FOLLOWED = {ast.If: "test", ast.IfExp: "test", ast.While: "test", ast.Assign: "value", ast.AnnAssign: "value"}
"""The part of a node whose names go into a set of their own."""


@dataclass(frozen=True, slots=True)
class _Found:
    """Names in tests and in what is returned, and by variable those in what it is bound to."""

    tested: set[str]
    returned: set[str]
    sources: dict[str, set[str]]


def _with_sources(names: set[str], sources: dict[str, set[str]]) -> frozenset[str]:
    every, pending = set(names), list(names)
    while pending:
        more = sources.get(pending.pop(), set()) - every
        every |= more
        pending.extend(more)
    return frozenset(every)


class FunctionNames:
    """What one walk through a function says of it, and of the functions in it."""

    def __init__(self, node: FunctionNode) -> None:
        self.stored: dict[ast.AST, set[str]] = {}
        """By function: the names bound in it, those of nested functions among them."""
        self.shared: dict[ast.AST, set[str]] = {}
        """By function: the names that it calls global."""
        tested: set[str] = set()
        returned: set[str] = set()
        sources: dict[str, set[str]] = {}
        self._walk(node, _Found(tested, returned, sources))
        self.tested = _with_sources(tested, sources)
        """Names that tests depend on, by way of other variables too."""
        self.told = _with_sources(tested | returned, sources)
        """Those that what functions return depends on as well."""

    def _walk(self, node: FunctionNode, found: _Found) -> None:
        stack: list[_Part] = [(node, (), ())]
        while stack:
            here, functions, into = stack.pop()
            match here:
                case ast.Name(id=name):
                    for names in into:
                        names.add(name)
                    if not isinstance(here.ctx, ast.Load):
                        self._store(name, functions)
                    continue
                case ast.Constant():
                    continue
                case ast.FunctionDef() | ast.AsyncFunctionDef():
                    self._store(here.name, functions)
                    self.stored[here], self.shared[here] = set(), set()
                    functions = (*functions, here)
                case ast.ClassDef():
                    self._store(here.name, functions)
                case ast.Import() | ast.ImportFrom():
                    for alias in here.names:
                        self._store((alias.asname or alias.name).partition(".")[0], functions)
                    continue
                case ast.Global():
                    for function in functions:
                        self.shared[function].update(here.names)
                case ast.If(test=test) | ast.IfExp(test=test) | ast.While(test=test):
                    stack.append((test, functions, (*into, found.tested)))
                case ast.Return():
                    into = (found.returned,)
                case ast.Assign(value=value) | ast.AnnAssign(value=ast.expr() as value):
                    targets = here.targets if isinstance(here, ast.Assign) else [here.target]
                    named = [target.id for target in targets if isinstance(target, ast.Name)]
                    stack.append((value, functions, tuple(found.sources.setdefault(name, set()) for name in named)))
            followed = _FOLLOWED.get(type(here))
            for field_name in here._fields:
                part = getattr(here, field_name, None)
                if isinstance(part, list):
                    stack.extend([(each, functions, into) for each in part if isinstance(each, ast.AST)])
                elif isinstance(part, ast.AST) and field_name != followed and part._fields:
                    stack.append((part, functions, into))

    def _store(self, name: str, functions: tuple[ast.AST, ...]) -> None:
        for function in functions:
            self.stored[function].add(name)

    def bound_in(self, node: FunctionNode) -> set[str]:
        """The names that are variables of a function, or of one in it."""
        arguments = node.args
        every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]
        names = {argument.arg for argument in every if argument is not None}
        return (names | self.stored[node]) - self.shared[node] - {"self", "cls"}


def attributes_of(node: ast.ClassDef) -> Attributes:
    """What a class assigns, that of classes in it among them for `self`."""
    found = Attributes(methods={each.name: each for each in node.body if isinstance(each, ast.FunctionDef)})
    stack: list[ast.AST] = [*node.body]
    while stack:
        here = stack.pop()
        if isinstance(here, ast.Assign | ast.AnnAssign):
            if here.value is not None:
                for target in here.targets if isinstance(here, ast.Assign) else [here.target]:
                    match target:
                        case ast.Attribute(value=ast.Name(id="self"), attr=name):
                            found.assigned.setdefault(name, []).append(here.value)
                        case ast.Name(id=name) if here in node.body:
                            found.assigned.setdefault(name, []).append(here.value)
        elif not isinstance(here, _WITHOUT_STATEMENTS):
            stack.extend(children(here))
    return found


_WITHOUT_STATEMENTS = (ast.expr, ast.Return, ast.Expr, ast.AugAssign, ast.Import, ast.ImportFrom, ast.Raise, ast.Assert)
