"""How names are used: the one reading of code that all questions about uses of a name ask.

Names are followed by Python's scopes: what a nested function, a class, a lambda or a comprehension binds for itself
is another name. A read, a store and a deletion are different uses. Annotations use no values.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

import libcst as cst

from keras_layer_lint.model import syntax
from keras_layer_lint.model.name_reader import Form, NameReader, Use

__all__ = [
    "Form",
    "Use",
    "computed_from",
    "exposed_reads",
    "is_read_on_the_way",
    "names_bound_for_sure",
    "names_read",
    "names_stored",
    "returned_from",
    "uses_of",
]


@lru_cache(maxsize=8192)
def uses_of(code: cst.CSTNode, receiver: str = "self") -> tuple[Use, ...]:
    """All uses, in the order in which Python evaluates them, of names that belong to the scope where `code` stands.

    `receiver`: the name that the code has for self; `self.x` stands for an attribute of it.
    """
    return tuple(NameReader(receiver).read(code))


@lru_cache(maxsize=8192)
def names_read(code: cst.CSTNode) -> frozenset[str]:
    """Names, and `self.x` for attributes of self, that the code reads."""
    return frozenset(use.name for use in uses_of(code) if use.is_read)


def names_stored(code: cst.CSTNode) -> frozenset[str]:
    """Names, and `self.x` for attributes of self, that the code binds on some path."""
    return frozenset(use.name for use in uses_of(code) if use.form is Form.STORED)


def names_bound_for_sure(statement: cst.CSTNode) -> frozenset[str]:
    """Names, and `self.x`, that a statement binds whenever it runs: those of assignments."""
    parts = [part for part in syntax.simple(statement) if isinstance(part, cst.Assign | cst.AnnAssign)]
    return frozenset(
        use.name for part in parts for use in uses_of(part) if use.form is Form.STORED and use.parent is part
    )


def computed_from(
    value: cst.CSTNode, code: cst.FunctionDef | cst.Lambda | None, receiver: str = "self"
) -> frozenset[str]:
    """Names, and `self.x`, whose values an expression reads, and those that local variables in it were computed from.

    Of the variables, those that `code`, the function around it, assigns once, or else from themselves. To read a shape
    is not to read a value. `receiver`: the name that the code has for self.
    """
    found = set(_values_read(value, receiver))
    sources = {} if code is None else _sources(code, receiver)
    to_follow = [name for name in found if name in sources]
    while to_follow:
        new = sources[to_follow.pop()] - found
        found |= new
        to_follow.extend(name for name in new if name in sources)
    return frozenset(found)


def names_in(code: cst.CSTNode | None, caller: cst.FunctionDef, names: frozenset[str], receiver: str) -> frozenset[str]:
    """What some names of a method are in code that it runs: its own, or that of a method which it calls on itself.

    There it is the parameters that a call gives what is computed from the names.
    """
    if code is caller or not isinstance(code, cst.FunctionDef):
        return names
    parameters = [param.name.value for param in syntax.parameters(code)[1:]]
    found: set[str] = set()
    for part in syntax.walk(caller.body):
        match part:
            case cst.Call(func=cst.Attribute(value=cst.Name(value=owner), attr=cst.Name(value=name)), args=args) if (
                owner == receiver and name == code.name.value
            ):
                given = zip(parameters, [arg for arg in args if arg.keyword is None and not arg.star], strict=False)
                named = [(arg.keyword.value, arg) for arg in args if arg.keyword is not None]
                found |= {name for name, arg in [*given, *named] if computed_from(arg.value, caller, receiver) & names}
    return frozenset(found)


def returned_from(function: cst.FunctionDef) -> frozenset[str]:
    """As `computed_from`, of what a function returns; nothing where that is a tuple, whose items differ."""
    returned = [part.value for part in syntax.walk(function.body, into_functions=False) if isinstance(part, cst.Return)]
    values = [value for value in returned if value is not None]
    if any(isinstance(value, cst.Tuple) for value in values):
        return frozenset()
    return frozenset(name for value in values for name in computed_from(value, function))


@lru_cache(maxsize=512)
def _sources(code: cst.FunctionDef | cst.Lambda, receiver: str) -> dict[str, frozenset[str]]:
    """For each variable that one statement of a function assigns, and others at most go on from, what these read."""
    found: dict[str, frozenset[str]] = {}
    first: set[str] = set()
    stored = Counter(use.name for use in uses_of(code.body) if use.form is Form.STORED)
    for part in syntax.walk(code, into_functions=False):
        if not isinstance(part, cst.Assign | cst.AugAssign):
            continue
        read = _values_read(part.value, receiver)
        for name in names_stored(part):
            goes_on = isinstance(part, cst.AugAssign) or name in read
            stored[name] -= goes_on or name not in first
            first |= set() if goes_on else {name}
            found[name] = found.get(name, frozenset()) | read
    return {name: read for name, read in found.items() if name in first and not stored[name]}


_OF_SHAPE = frozenset({"dtype", "get_shape", "name", "ndim", "ones_like", "rank", "shape", "size", "zeros_like"})
"""Attributes and functions that say nothing of values."""


def _values_read(code: cst.CSTNode, receiver: str) -> frozenset[str]:
    return frozenset(use.name for use in uses_of(code, receiver) if use.is_read and not _asks_for_shape(use))


def _asks_for_shape(use: Use) -> bool:
    match use.parent:
        case cst.Attribute(attr=cst.Name(value=name)) if use.form is Form.ATTRIBUTE:
            return name in _OF_SHAPE
        case cst.Call(func=function) if use.form is Form.PASSED:
            return (syntax.dotted(function) or "").rpartition(".")[2] in _OF_SHAPE
        case _:
            return False


def is_read_on_the_way(name: str, statement: cst.CSTNode, body: cst.CSTNode, receiver: str = "self") -> bool:
    """Whether `self.name` is read whenever the statement runs, before it: further up, or by a condition around it."""
    for line in syntax.statements(body):
        holds = syntax.holds(line, statement)
        is_compound = isinstance(line, cst.BaseCompoundStatement)
        if holds or not is_compound:
            parts = syntax.heads(line) if is_compound else syntax.simple(line)
            if any(f"self.{name}" in _values_read(part, receiver) for part in parts if part is not statement):
                return True
        if holds:
            inner = [block for block in syntax.suites(line) if syntax.holds(block, statement)] if is_compound else []
            return any(is_read_on_the_way(name, statement, block, receiver) for block in inner)
    return False


def exposed_reads(body: Sequence[cst.CSTNode]) -> set[str]:
    """Names (and `self.x`) that a sequence of statements reads before it binds them itself."""
    found: set[str] = set()
    bound: set[str] = set()
    for statement in body:
        if isinstance(statement, cst.FunctionDef | cst.ClassDef):
            found |= names_read(statement) - bound
            continue
        if not isinstance(statement, cst.BaseCompoundStatement):
            for part in syntax.simple(statement):
                found |= names_read(part) - bound
                bound |= names_bound_for_sure(part)
            continue
        inner = set().union(*map(names_read, syntax.heads(statement)))
        for block in syntax.suites(statement):
            inner |= exposed_reads(syntax.statements(block))
        found |= inner - bound
    return found
