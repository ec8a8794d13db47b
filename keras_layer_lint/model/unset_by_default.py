"""Attributes that `__init__` sets under a condition which its defaults do not meet, and `call` reads: by `ast`."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Container, Iterator, Mapping
from itertools import takewhile
from typing import Any

from keras_layer_lint.immutable import dataclass
from keras_layer_lint.model.attribute_sources import defines, is_asked_for, may_have_any
from keras_layer_lint.model.attributes import assigned_by_method
from keras_layer_lint.model.certainty import certain_nodes
from keras_layer_lint.model.class_graph import ClassRef
from keras_layer_lint.model.layer import LayerClass
from keras_layer_lint.source.tree_walk import walk

_METHOD = "call"
_SETS = ("__init__", "build")
_COMPARED: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Is: lambda one, other: one is other,
    ast.IsNot: lambda one, other: one is not other,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.In: lambda one, other: one in other,
    ast.NotIn: lambda one, other: one not in other,
}


@dataclass(frozen=True, slots=True)
class Defaults:
    """What the arguments of `__init__` are by default, where that is a literal, and which attributes hold them."""

    values: Mapping[str, Any]
    held: Mapping[str, str]

    def argument(self, node: ast.AST) -> str | None:
        """The argument that an expression names."""
        name = node.id if isinstance(node, ast.Name) else self.held.get(_of_self(node, ast.Load) or "")
        return name if name in self.values else None


@dataclass(frozen=True, slots=True)
class UnsetRead:
    """`self.name` is read for certain, and nothing sets it where `argument` is what it is by default."""

    name: str
    node: ast.Attribute
    argument: str
    default: str
    """As written."""


def reads_of_what_is_unset(layer: LayerClass) -> Iterator[UnsetRead]:
    """The first certain read in the class's own `call` of each such attribute."""
    ref = layer.ref
    methods = {node.name: node for node in ref.entry.node.body if isinstance(node, ast.FunctionDef)}
    init, call = methods.get("__init__"), methods.get(_METHOD)
    if init is None or call is None or not layer.is_complete:
        return
    setting = [methods[name] for name in _SETS if name in methods]
    reads = _certain_reads(call, _set_for_sure(setting))
    by_method = assigned_by_method(ref.entry)
    in_doubt = [name for name in reads if any(name in by_method.get(method, ()) for method in _SETS)]
    if not in_doubt:
        return  # most classes end here, and nothing more is asked of their methods
    defaults = _defaults(init)
    if not defaults.values or any(_refuses(node, defaults) for node in setting):
        return
    for name in in_doubt:
        if not _is_set_by(layer, name):
            continue
        arguments = [_off(setting, store, defaults) for store in _stores(setting, name)]
        if arguments and None not in arguments:
            argument = str(arguments[0])
            yield UnsetRead(name, reads[name], argument, ast.unparse(_arguments(init)[argument]))


def _certain_reads(method: ast.FunctionDef, without: Container[str]) -> dict[str, ast.Attribute]:
    """By name: the first read of an attribute that is certain to be run."""
    found: dict[str, ast.Attribute] = {}
    for node in certain_nodes(method.body):
        name = _of_self(node, ast.Load)
        if name is not None and name not in without and isinstance(node, ast.Attribute):
            found.setdefault(name, node)
    return found


def _set_for_sure(methods: list[ast.FunctionDef]) -> set[str]:
    """What plain statements of the methods set: most attributes, which nothing more is asked of."""
    plain = [
        statement
        for method in methods
        for statement in takewhile(lambda each: not isinstance(each, ast.If) or not _leaves(each.body), method.body)
        if isinstance(statement, ast.Assign | ast.AnnAssign)
    ]
    targets = [
        target
        for statement in plain
        for target in (statement.targets if isinstance(statement, ast.Assign) else [statement.target])
    ]
    return {name for target in targets if (name := _of_self(target, ast.Store)) is not None}


def _is_set_by(layer: LayerClass, name: str) -> bool:
    """Whether the class's own `__init__` or `build` sets an attribute, and nothing else gives it one."""
    by_method = assigned_by_method(layer.ref.entry)
    setters = {method for method, names in by_method.items() if name in names}
    if not setters or not setters <= set(_SETS) or is_asked_for(layer.ref.module, name):
        return False
    refs = [base for base in layer.mro if isinstance(base, ClassRef)]
    derived = layer.project.subclasses_in_module(layer.ref)
    return not may_have_any(layer, name) and not any(
        defines(ref, name) or (ref != layer.ref and name in names)
        for ref in (*refs, *derived)
        for names in assigned_by_method(ref.entry).values()
    )


def _of_self(node: ast.AST, context: type[ast.expr_context]) -> str | None:
    match node:
        case ast.Attribute(ast.Name("self"), name, held) if isinstance(held, context):
            return name
    return None


def _arguments(init: ast.FunctionDef) -> dict[str, ast.expr]:
    """The arguments that have a default, with it."""
    given, spec = [*init.args.posonlyargs, *init.args.args], init.args
    by_position = zip(reversed(given), reversed(spec.defaults), strict=False)
    by_name = zip(spec.kwonlyargs, spec.kw_defaults, strict=True)
    return {arg.arg: value for arg, value in (*by_position, *by_name) if value is not None}


def _defaults(init: ast.FunctionDef) -> Defaults:
    rebound = {node.id for node in walk(init) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    values = {
        name: literal
        for name, written in _arguments(init).items()
        if name not in rebound and (literal := _literal(written)) is not ...
    }
    stores = [name for node in walk(init) if (name := _of_self(node, ast.Store)) is not None]
    held: dict[str, str] = {}
    for statement in init.body:
        match statement:
            case ast.Assign([ast.Attribute(ast.Name("self"), name)], ast.Name(argument)):
                if argument in values and stores.count(name) == 1:
                    held[name] = argument
    return Defaults(values, held)


def _literal(node: ast.expr) -> Any:
    try:
        return ast.literal_eval(node)
    except ValueError:
        return ...


def _stores(methods: list[ast.FunctionDef], name: str) -> list[ast.AST]:
    return [node for method in methods for node in walk(method) if _of_self(node, ast.Store) == name]


def _off(methods: list[ast.FunctionDef], store: ast.AST, defaults: Defaults) -> str | None:
    """The argument whose default keeps a store from being run; None where it may run."""
    for method in methods:
        for test, outcome in _tests_before(method.body, store) or ():
            truth = _truth(test, defaults)
            if truth is not None and truth is not outcome:
                return next(filter(None, map(defaults.argument, walk(test))))
    return None


def _tests_before(body: list[ast.stmt], node: ast.AST) -> list[tuple[ast.expr, bool]] | None:
    """The tests on the way to a node, with what they have to come to; None where it is elsewhere."""
    before: list[tuple[ast.expr, bool]] = []
    for statement in body:
        branches = [(statement.body, True), (statement.orelse, False)] if isinstance(statement, ast.If) else []
        if not _holds(statement, node):
            before += [(statement.test, False)] if isinstance(statement, ast.If) and _leaves(statement.body) else []
            continue
        for branch, outcome in branches:
            inner = _tests_before(branch, node)
            if inner is not None and isinstance(statement, ast.If):
                return [*before, (statement.test, outcome), *inner]
        return before
    return None


def _leaves(body: list[ast.stmt]) -> bool:
    return isinstance(body[-1], ast.Return | ast.Raise)


def _holds(node: ast.AST, part: ast.AST) -> bool:
    return any(inner is part for inner in walk(node))


def _refuses(method: ast.FunctionDef, defaults: Defaults) -> bool:
    """Whether the defaults may be refused: a `raise` that they do not certainly keep from being run."""
    raised = [node for node in walk(method) if isinstance(node, ast.Raise | ast.Assert)]
    return any(_off([method], node, defaults) is None for node in raised)


def _truth(test: ast.expr, defaults: Defaults) -> bool | None:
    """What a test comes to with the defaults; None where they do not tell."""
    match test:
        case ast.UnaryOp(ast.Not(), inner):
            truth = _truth(inner, defaults)
            return None if truth is None else not truth
        case ast.BoolOp(connection, values):
            parts = [_truth(value, defaults) for value in values]
            decides = isinstance(connection, ast.Or)
            return decides if decides in parts else None if None in parts else not decides
        case ast.Compare(left, [compared], [right]):
            one, other = _value(left, defaults), _value(right, defaults)
            if one is ... or other is ... or not any(map(defaults.argument, walk(test))):
                return None
            try:
                return bool(_COMPARED[type(compared)](one, other))
            except TypeError:
                return None
        case ast.Name() | ast.Attribute():
            value = _value(test, defaults)
            return None if value is ... else bool(value)
    return None


def _value(node: ast.expr, defaults: Defaults) -> Any:
    argument = defaults.argument(node)
    return _literal(node) if argument is None else defaults.values[argument]
