"""The code of a module that exists under one generation of Keras.

What stands under a test of a version or a backend, or in a `try` whose imports are known, is decided. Dead code is
blanked and the tests of live code become `if 1:`, which who reads the text takes for no condition. Each line and
column of what is left stays as it was.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from keras_layer_lint.model.installation import Installation
from keras_layer_lint.model.live_attempts import catches, failure
from keras_layer_lint.model.live_classes import class_flag
from keras_layer_lint.model.live_facts import Attributes, FunctionNames, attributes_of
from keras_layer_lint.model.live_scopes import ClassOfProject, InOne, Scope, Vector, bind_imports
from keras_layer_lint.model.version_tests import (
    UNKNOWN,
    Decided,
    Evaluator,
    Name,
    ProjectFunction,
)
from keras_layer_lint.source.blanking import Blanking
from keras_layer_lint.source.module_index import FunctionNode, ModuleIndex
from keras_layer_lint.source.tree_walk import children, walk
from keras_layer_lint.target import Generation

Lookup = Callable[[ModuleIndex, str], "tuple[Scope, str] | None"]
"""The scope of the module of the project that an absolute dotted name stands in, and its name there."""


@dataclass(slots=True)
class LiveCode:
    """Decides which code of one module is alive, in a few installations that stand for one generation."""

    module: ModuleIndex
    installations: Sequence[Installation]
    lookup: Lookup
    top: Scope = field(init=False)
    _text: Blanking = field(init=False)
    _later: list[tuple[list[ast.stmt], Scope]] = field(init=False, default_factory=list)
    _flags: dict[tuple[ast.ClassDef, str], Vector] = field(init=False, default_factory=dict)
    _function_names: dict[FunctionNode, FunctionNames] = field(init=False, default_factory=dict)
    _attributes: dict[ast.ClassDef, Attributes] = field(init=False, default_factory=dict)
    _found: dict[str, tuple[Scope, str] | None] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.top = Scope(self)
        self._text = Blanking(self.module.lines)

    def text(self) -> str | None:
        """The module's text without what is dead; None where all is alive."""
        self._block(self.module.tree.body, self.top)
        while self._later:
            self._block(*self._later.pop())
        if not self._text.is_changed:
            return None
        return self._text.result()

    @property
    def generation(self) -> Generation:
        """What the installations are of."""
        return self.installations[0].generation

    def alike(self, value: Any) -> Vector:
        """One value in all installations."""
        return (value,) * len(self.installations)

    # Statements, in the order in which they run

    def _block(self, body: Sequence[ast.stmt], scope: Scope) -> bool:
        """Go through statements; False where what is installed decides that none of what follows them runs."""
        for number, statement in enumerate(body):
            if not self._statement(statement, scope):
                if rest := body[number + 1 :]:
                    self._text.blank_between(rest[0], rest[-1])
                return False
        return True

    def _statement(self, node: ast.stmt, scope: Scope) -> bool:
        match node:
            case ast.If():
                return self._if(node, scope)
            case ast.Try():
                return self._try(node, scope)
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                function = tuple(ProjectFunction(node, InOne(scope, n)) for n in range(len(self.installations)))
                scope.bind(node.name, function if scope.parent is None else self.alike(UNKNOWN))
                if self._may_decide(node):
                    inner = Scope(self, self._around(scope))
                    inner.owner = scope.owner
                    inner.function = self.names_of(node, scope)
                    _shadow(inner, inner.function.bound_in(node), self.alike(UNKNOWN))
                    self._later.append((node.body, inner))
            case ast.ClassDef():
                scope.bind(node.name, self.alike(ClassOfProject(node, self)))
                self._block(node.body, Scope(self, scope, node))
            case ast.With() | ast.AsyncWith():
                return self._block(node.body, scope)
            case ast.For() | ast.AsyncFor() | ast.While() | ast.Match():
                stored = _stored([node])
                _shadow(scope, stored, self.alike(UNKNOWN))
                for body in _bodies(node):
                    self._block(body, scope)
                _shadow(scope, stored, self.alike(UNKNOWN))
            case _:
                self._simple(node, scope)
        return True

    def _may_decide(self, node: FunctionNode) -> bool:
        """Whether there is a test in a function, or a `try`."""
        return _DECIDES.search("".join(self.module.lines[node.lineno - 1 : node.end_lineno])) is not None

    def names_of(self, node: FunctionNode, scope: Scope) -> FunctionNames:
        """Facts on a function that stands in a scope: those on the outermost function around it."""
        if scope.function is not None and node in scope.function.stored:
            return scope.function
        if node not in self._function_names:
            self._function_names[node] = FunctionNames(node)
        return self._function_names[node]

    def _around(self, scope: Scope) -> Scope:
        """The scope that a function sees: the body of a class is none."""
        while scope.is_class and scope.parent is not None:
            scope = scope.parent
        return scope

    def _simple(self, node: ast.stmt, scope: Scope) -> None:
        if any("else" in line for line in self.module.lines[node.lineno - 1 : node.end_lineno]):
            self._expressions(node, scope)
        match node:
            case ast.Return() | ast.Expr() | ast.Pass() | ast.Raise() | ast.Assert():
                pass  # what `:=` binds there is no flag
            case ast.Import() | ast.ImportFrom():
                bind_imports(node, scope)
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    self._assign(target, value, scope)
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                self._assign(target, value, scope)
            case ast.AugAssign(target=ast.Name(id=name)):
                scope.bind(name, self.alike(UNKNOWN))
            case _:
                _shadow(scope, _stored([node]), self.alike(UNKNOWN))

    def _assign(self, target: ast.expr, value: ast.expr, scope: Scope, *, is_run: bool = False) -> None:
        """Bind what is assigned. `is_run`: in a function that is run for what it returns."""
        stored = _stored([target])
        inside = None if scope.parent is None or scope.is_class else scope.function
        counts = inside is None or not stored.isdisjoint(inside.told if is_run else inside.tested)
        values = self.values(value, scope) if counts else self.alike(UNKNOWN)
        if isinstance(target, ast.Name):
            scope.bind(target.id, values)
        elif isinstance(target, ast.Tuple | ast.List) and all(isinstance(part, ast.Name) for part in target.elts):
            parts = zip(*(_unpacked(whole, len(target.elts)) for whole in values), strict=True)
            for name, part in zip(target.elts, parts, strict=True):
                _shadow(scope, _stored([name]), part)
        else:
            _shadow(scope, stored, self.alike(UNKNOWN))

    def values(self, node: ast.expr, scope: Scope) -> Vector:
        """The value of an expression in each installation."""
        found = []
        for number, installation in enumerate(self.installations):
            evaluator = Evaluator(installation)
            value = evaluator.value(node, InOne(scope, number))
            if not number and not evaluator.asked:
                return self.alike(value)
            found.append(Decided(value) if evaluator.asked and value is not UNKNOWN else value)
        return tuple(found)

    def decided(self, node: ast.expr, scope: Scope) -> bool | None:
        """What a test comes to, where what is installed decides it, and alike in all installations."""
        truths = set()
        asked = False
        for number, installation in enumerate(self.installations):
            evaluator = Evaluator(installation)
            value = evaluator.value(node, InOne(scope, number))
            if value is UNKNOWN or isinstance(value, ProjectFunction | ClassOfProject):
                return None
            asked = asked or evaluator.asked
            if not asked:
                return None
            truths.add(bool(value))
        return truths.pop() if asked and len(truths) == 1 else None

    def _if(self, node: ast.If, scope: Scope) -> bool:
        truth = self.decided(node.test, scope)
        if truth is None:
            self._expressions(node.test, scope)
            return self._undecided([node.body, node.orelse], scope)
        live = self._text.decide_if(node, truth)
        if live is node.orelse and len(live) == 1 and isinstance(live[0], ast.If) and self._text.is_elif(live[0]):
            return self._if(live[0], scope)
        return self._under_decision(live, scope) and not _always_leaves(live)

    def _under_decision(self, body: Sequence[ast.stmt], scope: Scope) -> bool:
        """As `_block`; what is bound there depends on what is installed."""
        found = self._block(body, scope)
        for name in _stored(body):
            if (values := scope.names.get(name)) is not None:
                scope.names[name] = tuple(
                    Decided(value) if value is None or isinstance(value, bool | str | int | tuple) else value
                    for value in values
                )
        return found

    def _undecided(self, bodies: Iterable[Sequence[ast.stmt]], scope: Scope) -> bool:
        """Several bodies, one of which runs: a name keeps what it means in all of them."""
        before = dict(scope.names)
        ends = []
        leaves = []
        for body in bodies:
            scope.names = dict(before)
            leaves.append(not self._block(body, scope))
            ends.append(scope.names)
        merged = dict(before)
        for name in {name for end in ends for name, value in end.items() if value is not before.get(name)}:
            found = [end[name] for end in ends if end.get(name) is not None]
            names = [values for values in found if isinstance(values[0], Name)]
            alike = all(values == found[0] for values in found)
            # A stand-in such as None is for where the import fails, and then little is said of the name.
            merged[name] = found[0] if alike else names[0] if len(names) == 1 else self.alike(UNKNOWN)
        scope.names = merged
        return not all(leaves)

    def _try(self, node: ast.Try, scope: Scope) -> bool:
        error, number = failure(node, scope)
        handler = next((item for item in node.handlers if error and catches(item, error)), None)
        if error == "" and number == len(node.body) and node.handlers:
            self._text.decide_try(node)
            live = [*node.body, *node.orelse, *node.finalbody]
            return self._under_decision(live, scope) and not _always_leaves(live)
        if handler is not None:
            self._text.decide_try(node, handler, number)
            live = [*node.body[:number], *handler.body, *node.finalbody]
            return self._under_decision(live, scope) and not _always_leaves(live)
        self._undecided([[*node.body, *node.orelse], *(item.body for item in node.handlers)], scope)
        return self._block(node.finalbody, scope)

    # Conditional expressions

    def _expressions(self, node: ast.AST, scope: Scope) -> None:
        stack: list[ast.AST] = [node]
        while stack:
            here = stack.pop()
            if isinstance(here, ast.IfExp):
                truth = self.decided(here.test, scope)
                is_statement = isinstance(node, ast.Expr) and here is node.value
                if truth is not None and not is_statement and self._text.decide_expression(here, truth):
                    stack.append(here.body if truth else here.orelse)
                    continue
            stack.extend(children(here))

    # Flags

    def project_value(self, dotted: str, number: int) -> Any:
        """The value of a name of another module of the project; UNKNOWN where it has none that is known."""
        if dotted not in self._found:
            self._found[dotted] = self.lookup(self.module, dotted)
        found = self._found[dotted]
        return UNKNOWN if found is None else InOne(found[0], number).value(found[1])

    def class_flag(self, node: ast.ClassDef, name: str) -> Vector:
        """The value of an attribute of a class or of its instances, where what is installed decides it."""
        key = (node, name)
        if key not in self._flags:
            self._flags[key] = self.alike(UNKNOWN)  # while it is looked for
            self._flags[key] = class_flag(self, node, self._attributes_of(node), name)
        return self._flags[key]

    def _attributes_of(self, node: ast.ClassDef) -> Attributes:
        if node not in self._attributes:
            self._attributes[node] = attributes_of(node)
        return self._attributes[node]

    # Functions that say what is installed

    def run(self, body: Sequence[ast.stmt], scope: Scope, number: int, where: Evaluator) -> Any:
        """What a body returns in one installation: UNKNOWN where that is not known, None where it returns nothing."""
        for node in body:
            match node:
                case ast.Return(value=None):
                    return UNKNOWN
                case ast.Return(value=ast.expr() as value):
                    return where.value(value, InOne(scope, number))
                case ast.If(test=test):
                    truth = where.value(test, InOne(scope, number))
                    if truth is UNKNOWN or isinstance(truth, Name | ProjectFunction):
                        return UNKNOWN
                    found = self.run(node.body if truth else node.orelse, scope, number, where)
                case ast.Try():
                    found = self._run_try(node, scope, number, where)
                case ast.Assign() | ast.AnnAssign() | ast.Import() | ast.ImportFrom():
                    self._bind_only(node, scope)
                    continue
                case ast.Pass() | ast.Expr(value=ast.Constant()) | ast.Global():
                    continue
                case _:
                    return UNKNOWN
            if found is not None:
                return found
        return None

    def _bind_only(self, node: ast.stmt, scope: Scope) -> None:
        if isinstance(node, ast.Import | ast.ImportFrom):
            bind_imports(node, scope)
        elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                self._assign(target, node.value, scope, is_run=True)

    def _run_try(self, node: ast.Try, scope: Scope, number: int, where: Evaluator) -> Any:
        error, count = failure(node, scope)
        handler = next((item for item in node.handlers if error and catches(item, error)), None)
        if handler is not None:
            where.asked = True
            return self.run([*node.body[:count], *handler.body, *node.finalbody], scope, number, where)
        if error == "" and count >= 0:
            where.asked = True
            return self.run([*node.body, *node.orelse, *node.finalbody], scope, number, where)
        return UNKNOWN


_DECIDES = re.compile(r"\b(?:if|try|else)\b")


def _unpacked(value: Any, count: int) -> Sequence[Any]:
    """The values that `a, b = value` binds; UNKNOWN where they are not known."""
    parts = value.value if isinstance(value, Decided) else value
    if not isinstance(parts, tuple | list) or len(parts) != count:
        return [UNKNOWN] * count
    return [Decided(part) for part in parts] if isinstance(value, Decided) else parts


def _always_leaves(body: Sequence[ast.stmt]) -> bool:
    """Whether control does not get past a body."""
    match body[-1] if body else None:
        case ast.Return() | ast.Raise() | ast.Continue() | ast.Break():
            return True
        case ast.If(body=first, orelse=second):
            return _always_leaves(first) and _always_leaves(second)
    return False


def _bodies(node: ast.stmt) -> list[list[ast.stmt]]:
    found = [getattr(node, name) for name in ("body", "orelse") if getattr(node, name, None)]
    return [*found, *(case.body for case in getattr(node, "cases", ()))]


def _stored(nodes: Iterable[ast.AST]) -> set[str]:
    """Names that are bound somewhere in statements, those of nested functions among them."""
    found = set()
    for node in nodes:
        for inner in walk(node):
            match inner:
                case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
                    found.add(name)
                case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                    found.add(name)
                case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
                    found |= {(alias.asname or alias.name).partition(".")[0] for alias in aliases}
    return found


def _shadow(scope: Scope, names: Iterable[str], values: Vector) -> None:
    for name in names:
        scope.names[name] = values
