"""What one walk through a module says, for those who decide which of its code is alive."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from keras_layer_lint.source.module_index import FunctionNode


@dataclass(frozen=True, slots=True)
class Attributes:
    """What a class assigns to its attributes and to those of `self`, and its methods."""

    assigned: dict[str, list[ast.expr]]
    methods: dict[str, ast.FunctionDef]


class Facts:
    """What one walk through a module says of its functions, classes and tests."""

    def __init__(self, tree: ast.Module) -> None:
        self.stored: dict[ast.AST, set[str]] = {}
        """By function: the names bound in it, those of nested functions among them."""
        self.shared: dict[ast.AST, set[str]] = {}
        """By function: the names that it calls global."""
        self.attributes: dict[ast.AST, Attributes] = {}
        tested: set[str] = set()
        sources: dict[str, set[str]] = {}
        self._walk(tree, (), (), tested, sources)
        pending = list(tested)
        while pending:
            more = sources.pop(pending.pop(), set()) - tested
            tested |= more
            pending.extend(more)
        self.tested = frozenset(tested)
        """Names that tests and what functions return depend on, by way of other variables too."""

    def _walk(
        self,
        node: ast.AST,
        functions: tuple[ast.AST, ...],
        classes: tuple[ast.ClassDef, ...],
        tested: set[str],
        sources: dict[str, set[str]],
    ) -> None:
        stack: list[tuple[ast.AST, tuple[ast.AST, ...], tuple[ast.ClassDef, ...]]] = [(node, functions, classes)]
        while stack:
            here, functions, classes = stack.pop()
            match here:
                case ast.Name(id=name):
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
                    methods = {each.name: each for each in here.body if isinstance(each, ast.FunctionDef)}
                    self.attributes[here] = Attributes({}, methods)
                    classes = (*classes, here)
                case ast.Import() | ast.ImportFrom():
                    for alias in here.names:
                        self._store((alias.asname or alias.name).partition(".")[0], functions)
                    continue
                case ast.Global():
                    for function in functions:
                        self.shared[function].update(here.names)
                case ast.If(test=test) | ast.IfExp(test=test) | ast.While(test=test):
                    tested.update(_names_in(test))
                case ast.Return(value=ast.expr() as value):
                    tested.update(_names_in(value))
                case ast.Assign(value=value) | ast.AnnAssign(value=ast.expr() as value):
                    for target in here.targets if isinstance(here, ast.Assign) else [here.target]:
                        self._assigned(target, value, here, classes, sources)
            for name in here._fields:
                part = getattr(here, name, None)
                if isinstance(part, list):
                    stack.extend([(each, functions, classes) for each in part if isinstance(each, ast.AST)])
                elif isinstance(part, ast.AST) and part._fields:
                    stack.append((part, functions, classes))

    def _store(self, name: str, functions: tuple[ast.AST, ...]) -> None:
        for function in functions:
            self.stored[function].add(name)

    def _assigned(
        self,
        target: ast.expr,
        value: ast.expr,
        statement: ast.stmt,
        classes: tuple[ast.ClassDef, ...],
        sources: dict[str, set[str]],
    ) -> None:
        match target:
            case ast.Attribute(value=ast.Name(id="self"), attr=name):
                for owner in classes:
                    self.attributes[owner].assigned.setdefault(name, []).append(value)
            case ast.Name(id=name):
                sources.setdefault(name, set()).update(_names_in(value))
                for owner in classes:
                    if statement in owner.body:
                        self.attributes[owner].assigned.setdefault(name, []).append(value)

    def bound_in(self, node: FunctionNode) -> set[str]:
        """The names that are variables of a function, or of one in it."""
        arguments = node.args
        every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]
        names = {argument.arg for argument in every if argument is not None}
        return (names | self.stored[node]) - self.shared[node] - {"self", "cls"}


def _names_in(node: ast.expr) -> set[str]:
    if isinstance(node, ast.Name):
        return {node.id}
    if isinstance(node, ast.Constant):
        return set()
    return {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}
