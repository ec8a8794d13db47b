"""What becomes of one argument of `__init__`, as far as the text of the code says."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

import libcst as cst

from keras_layer_lint.model import syntax
from keras_layer_lint.model.argument_use import handed_on
from keras_layer_lint.model.layer import LayerClass, Method
from keras_layer_lint.model.uses import names_read

_WEIGHT_SETTERS = frozenset({"load_weights", "set_weights"})
_STATEMENTS = (
    cst.BaseSuite,
    cst.BaseStatement,
    cst.BaseSmallStatement,
    cst.Else,
    cst.ExceptHandler,
    cst.Finally,
)
_BINDING = frozenset(
    {cst.SimpleStatementLine, cst.Del, cst.If, cst.For, cst.Assign, cst.AnnAssign, cst.AugAssign, cst.Raise}
)
_MAX_DEPTH = 3
_MAX_ROUNDS = 4


@dataclass(slots=True)
class Flow:
    """Where the value of an argument goes. Attributes are listed without leading underscores."""

    attributes: set[str] = field(default_factory=set)
    """Attributes of self that depend on it."""
    is_used: bool = False
    is_kept: bool = False
    """Some attribute holds the argument itself."""
    is_refused: bool = False
    """Anything but the default raises."""
    sets_weights: bool = False
    does_more: bool = False
    """It does more than decide what attributes hold."""
    """It gives the weights their first values."""


def flow_of(layer: LayerClass, init: Method, name: str) -> Flow:
    """Follow an argument through `__init__` and the methods of self that it is handed to."""
    flow = Flow()
    _Follower(layer, flow, name).run(init, {name}, 0)
    return flow


class _Follower:
    def __init__(self, layer: LayerClass, flow: Flow, argument: str) -> None:
        self.layer = layer
        self.flow = flow
        self.argument = argument

    def run(self, method: Method, names: set[str], depth: int) -> None:
        for _ in range(_MAX_ROUNDS):
            before = len(names), len(self.flow.attributes)
            for statement in syntax.statements(method.node.body):
                self._statement(statement, names, False, depth)
            if before == (len(names), len(self.flow.attributes)):
                break

    def _statement(self, node: cst.CSTNode, names: set[str], under: bool, depth: int) -> None:
        if type(node) not in _BINDING:
            self._parts(node, names, under, depth)
            return
        match node:
            case cst.SimpleStatementLine(body=parts):
                for part in parts:
                    self._statement(part, names, under, depth)
            case cst.Del():
                pass
            case cst.If(test=test, body=body) if _is_guard(test, names) and only_raises(body):
                self.flow.is_refused = True
                if node.orelse is not None:
                    self._statement(node.orelse, names, under, depth)
            case cst.If(test=cst.Name(value=name), body=body, orelse=None) if name in names and _only_compiles(body):
                pass  # files hold beside the config how a model was compiled
            case cst.If(test=test):
                depends = self._reads(test, names, depth)
                before = set(self.flow.attributes)
                self._suite(node.body, names, under or depends, depth)
                after = set(self.flow.attributes)
                self.flow.attributes = before
                if node.orelse is not None:
                    self._statement(node.orelse, names, under or depends, depth)
                self.flow.attributes |= after  # what one path keeps, the other does not undo
            case cst.For(iter=source, target=target):
                depends = self._reads(source, names, depth)
                self._bind(target, names, under or depends)
                self._suite(node.body, names, under or depends, depth)
            case cst.Assign(value=value):
                depends = self._reads(value, names, depth)
                for item in node.targets:
                    self._keep(item.target, value, names)
                    self._bind(item.target, names, under or depends)
            case cst.AnnAssign(value=value) if value is not None:
                depends = self._reads(value, names, depth)
                self._keep(node.target, value, names)
                self._bind(node.target, names, under or depends)
            case cst.AugAssign(value=value):
                self._bind(node.target, names, self._reads(value, names, depth) or under)
            case cst.Raise():
                self._reads(node, names, depth)
            case _:
                self._parts(node, names, under, depth)

    def _parts(self, node: cst.CSTNode, names: set[str], under: bool, depth: int) -> None:
        for child in syntax.children(node):
            if isinstance(child, _STATEMENTS):
                self._statement(child, names, under, depth)
            else:
                self.flow.does_more |= self._reads(child, names, depth) or under

    def _suite(self, body: cst.BaseSuite, names: set[str], under: bool, depth: int) -> None:
        for statement in syntax.statements(body):
            self._statement(statement, names, under, depth)

    def _reads(self, node: cst.CSTNode, names: set[str], depth: int) -> bool:
        """Whether an expression depends on the argument; calls in it are followed."""
        found = False
        for name in names_read(node):
            if name in names or (name.startswith("self.") and name[5:].lstrip("_") in self.flow.attributes):
                found = True
                self.flow.is_used = True
        if found:
            for call in syntax.calls_in(node):
                self._call(call, names, depth)
        return found

    def _call(self, node: cst.Call, names: set[str], depth: int) -> None:
        called = syntax.self_attribute(node.func)
        sets_weights = type(node.func) is cst.Attribute and node.func.attr.value in _WEIGHT_SETTERS
        method = self.layer.method(called) if called is not None and depth < _MAX_DEPTH else None
        if method is None and not sets_weights:
            return
        given = [arg for arg in node.args if any(name in names for name in names_read(arg.value))]
        if not given:
            return
        self.flow.sets_weights |= sets_weights
        if method is None:
            return
        taken = {parameter for arg, parameter in handed_on(node, method) if arg in given}
        self.run(method, taken, depth + 1)

    def _keep(self, target: cst.BaseExpression, value: cst.BaseExpression, names: set[str]) -> None:
        attribute = syntax.self_attribute(target)
        if attribute is None:
            if isinstance(target, cst.Attribute) and target.attr.value == "initial_weights":
                self.flow.sets_weights |= any(name in names for name in names_read(value))
            return
        is_itself = isinstance(value, cst.Name) and value.value == self.argument
        if is_itself or attribute.lstrip("_") == self.argument:
            self.flow.is_kept = True

    def _bind(self, target: cst.CSTNode, names: set[str], depends: bool) -> None:
        if not depends:
            if (attribute := syntax.self_attribute(target)) is not None:
                self.flow.attributes.discard(attribute.lstrip("_"))
            return
        match target:
            case cst.Name(value=name):
                names.add(name)
            case cst.Attribute() if (attribute := syntax.self_attribute(target)) is not None:
                self.flow.attributes.add(attribute.lstrip("_"))
            case cst.Attribute(value=value) | cst.Subscript(value=value) | cst.StarredElement(value=value):
                self._bind(value, names, depends)
            case cst.Tuple() | cst.List():
                for element in target.elements:
                    self._bind(element.value, names, depends)
            case _:
                pass


def attributes_behind(node: cst.CSTNode, method: cst.FunctionDef) -> set[str]:
    """The attributes of self, without leading underscores, that an expression is made of, by way of local names too."""
    sources = _sources(method)
    names: set[str] = set()
    pending = list(names_read(node))
    while pending:
        name = pending.pop()
        if name not in names:
            names.add(name)
            pending.extend(sources.get(name, ()))
    return {name[5:].lstrip("_") for name in names if name.startswith("self.")}


@lru_cache(maxsize=1024)
def _sources(method: cst.FunctionDef) -> dict[str, list[str]]:
    """For each local name what it is made of."""
    found: dict[str, list[str]] = {}
    for child in syntax.walk(method.body):
        match child:
            case cst.Assign(targets=[cst.AssignTarget(target=cst.Name(value=name))], value=source):
                pass
            case cst.For(target=cst.Name(value=name), iter=source):
                pass
            case cst.Call(func=cst.Attribute(value=cst.Name(value=name), attr=cst.Name(value="append" | "extend"))):
                source = child
            case _:
                continue
        found.setdefault(name, []).extend(names_read(source))
    return found


def _is_guard(test: cst.BaseExpression, names: set[str]) -> bool:
    """`x` or `x is not None`; `x != "..."`, which leaves one value."""
    match test:
        case cst.Name(value=name):
            return name in names
        case cst.Comparison(
            left=cst.Name(value=name),
            comparisons=[cst.ComparisonTarget(operator=cst.NotEqual(), comparator=cst.SimpleString())],
        ):
            return name in names
        case cst.Comparison(
            left=cst.Name(value=name),
            comparisons=[cst.ComparisonTarget(operator=cst.IsNot(), comparator=cst.Name(value="None"))],
        ):
            return name in names
        case _:
            return False


def _only_compiles(body: cst.BaseSuite) -> bool:
    match syntax.statements(body):
        case [cst.SimpleStatementLine(body=[cst.Expr(value=cst.Call(func=function))])]:
            return syntax.self_attribute(function) == "compile"
        case _:
            return False


def only_raises(body: cst.BaseSuite) -> bool:
    """Whether a body is a single `raise`."""
    parts = syntax.statements(body)
    return len(parts) == 1 and is_raise(parts[0])


def is_raise(node: cst.CSTNode) -> bool:
    """Whether a statement is a single `raise`."""
    if isinstance(node, cst.SimpleStatementLine):
        return len(node.body) == 1 and is_raise(node.body[0])
    return isinstance(node, cst.Raise)
