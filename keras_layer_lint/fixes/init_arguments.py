"""What becomes of an argument in the `__init__` of a class, by its text: which attribute holds it, in which form."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import libcst as cst
import libcst.matchers as m

from keras_layer_lint.fixes.place import own_nodes, walked

_SECTIONS = frozenset({"activations", "initializers", "regularizers", "constraints"})
"""Modules of Keras whose `get` makes an object of a name, of a config and of an object, and whose `serialize` is its
inverse."""
_AGAIN = frozenset("bool float int list normalize_data_format standardize_data_format str tuple".split())
"""Functions that give the same when they are given what they gave."""
_LITERAL = (
    m.Integer()
    | m.Float()
    | m.SimpleString()
    | m.Name("True")
    | m.Name("False")
    | m.Name("None")
    | m.UnaryOperation(operator=m.Minus(), expression=m.Integer() | m.Float())
)
_MOST_KEPT = 16
"""Classes and functions of which is kept what was found: the diagnostics of one follow each other."""
_SETS_ANY = m.Call(func=m.Name("setattr")) | m.Attribute(attr=m.Name("__dict__"))


@dataclass(frozen=True, slots=True)
class Held:
    """How an attribute holds an argument."""

    attribute: str
    is_given: bool = True
    """As it came. Otherwise `__init__` makes the same of it when it is given what the attribute holds."""
    is_plain: bool = True
    """What stands in for it is a number, a text or the like."""
    is_array: bool = False
    """A NumPy array is made of it."""
    section: cst.BaseExpression | None = None
    """The module of Keras whose `get` made it, as it is written there."""


@dataclass(frozen=True, slots=True)
class Settled:
    """What the name of an argument stands for at the end of `__init__`; the fields are those of `Held`."""

    is_given: bool = True
    is_plain: bool = True


def held(owner: cst.ClassDef, init: cst.FunctionDef, name: str) -> Held | None:
    """The attribute that certainly holds an argument, that of its name first; None where there is none.

    It is assigned once in the class, whatever happens in `__init__`, and the argument is what it was, or as good.
    """
    settled = settle(init, name)
    stores = _stores_of(owner)
    if settled is None or stores.may_be_any:
        return None
    found = [
        each
        for attribute, value in _assigned(init)
        if stores.count[attribute] == 1 and not _is_bound_in_class(owner, attribute)
        if (each := _as_held(attribute, value, name, settled)) is not None
    ]
    return min(found, key=lambda each: (each.attribute != name, each.attribute != f"_{name}"), default=None)


def is_stored(owner: cst.ClassDef, attribute: str) -> bool:
    """Whether a class itself assigns an attribute, may do so under a name that is not written out, or defines it."""
    stores = _stores_of(owner)
    return attribute in stores.count or stores.may_be_any or _is_bound_in_class(owner, attribute)


def settle(init: cst.FunctionDef, name: str) -> Settled | None:
    """What the name of an argument stands for in the end, None where that may be something else than it was."""
    normal = [value for statement in _top(init) for value in _normalized(statement, name)]
    if _bindings(init)[name] != len(normal):
        return None
    return Settled(not normal, all(_stands_in(value, name) for value in normal))


def _as_held(attribute: str, value: cst.BaseExpression, name: str, settled: Settled) -> Held | None:
    if m.matches(value, m.Name(name)):
        return Held(attribute, settled.is_given, settled.is_plain)
    call = m.Call(func=m.Attribute(attr=m.Name("get")), args=[m.Arg(value=m.Name(name), star="")])
    if m.matches(value, call):
        section = cst.ensure_type(cst.ensure_type(value, cst.Call).func, cst.Attribute).value
        return Held(attribute, False, section=section) if _last(section) in _SECTIONS else None
    if m.matches(value, _array(name)):
        return Held(attribute, False, settled.is_plain, is_array=True)
    if attribute.lstrip("_") == name and _is_again(value, name):
        return Held(attribute, False, settled.is_plain and _stands_in(value, name))
    return None


def _top(init: cst.FunctionDef) -> Iterator[cst.BaseStatement]:
    if isinstance(init.body, cst.IndentedBlock):
        yield from init.body.body


def _assigned(init: cst.FunctionDef) -> Iterator[tuple[str, cst.BaseExpression]]:
    """The attributes of self that `__init__` assigns in any case, with what."""
    for statement in _top(init):
        for small in statement.body if isinstance(statement, cst.SimpleStatementLine) else ():
            for target, value in _pairs(small):
                if m.matches(target, m.Attribute(m.Name("self"), m.Name())):
                    yield cst.ensure_type(target, cst.Attribute).attr.value, value


def _pairs(small: cst.BaseSmallStatement) -> Iterator[tuple[cst.BaseExpression, cst.BaseExpression]]:
    """Targets and values, also of `self.a, self.b = a, b`."""
    if isinstance(small, cst.AnnAssign) and small.value is not None:
        yield small.target, small.value
    if not isinstance(small, cst.Assign):
        return
    for each in small.targets:
        target, value = each.target, small.value
        if isinstance(target, cst.Tuple) and isinstance(value, cst.Tuple):
            pairs = list(zip(target.elements, value.elements, strict=False))
            starred = any(isinstance(part, cst.StarredElement) for pair in pairs for part in pair)
            if len(target.elements) == len(value.elements) and not starred:
                yield from ((one.value, other.value) for one, other in pairs)
        else:
            yield target, value


def _normalized(statement: cst.BaseStatement, name: str) -> Iterator[cst.BaseExpression]:
    """What an argument is replaced by, if that is as good: `size = int(size)`, `if size is None: size = 4`."""
    assigned = m.SimpleStatementLine(body=[m.Assign(targets=[m.AssignTarget(m.Name(name))])])
    if m.matches(statement, assigned):
        value = cst.ensure_type(cst.ensure_type(statement, cst.SimpleStatementLine).body[0], cst.Assign).value
        if _is_again(value, name):
            yield value
    missing = m.If(
        test=_none(name) | m.UnaryOperation(m.Not(), m.Name(name)), body=m.IndentedBlock([assigned]), orelse=None
    )
    if m.matches(statement, missing):
        body = cst.ensure_type(cst.ensure_type(statement, cst.If).body, cst.IndentedBlock)
        value = cst.ensure_type(cst.ensure_type(body.body[0], cst.SimpleStatementLine).body[0], cst.Assign).value
        yield cst.BooleanOperation(cst.Name(name), cst.Or(), value)


def _array(name: str) -> m.Call:
    """`np.array(size, dtype="float32")`: the same when it is given the list of its elements."""
    made = m.Attribute(m.Name("np") | m.Name("numpy"), m.Name("array") | m.Name("asarray"))
    return m.Call(made, [m.Arg(m.Name(name), keyword=None, star=""), m.ZeroOrMore(m.Arg(keyword=m.Name("dtype")))])


def _none(name: str) -> m.Comparison:
    return m.Comparison(m.Name(name), [m.ComparisonTarget(m.Is(), m.Name("None"))])


def _is_again(value: cst.BaseExpression, name: str) -> bool:
    """Whether an expression of an argument is the same where it is given again: `int(size)`, `size or 4`."""
    it = m.Name(name)
    call = m.Call(args=[m.Arg(value=it, star="", keyword=None)])
    if m.matches(value, call):
        return _last(cst.ensure_type(value, cst.Call).func) in _AGAIN
    return _default(value, name) is not None


def _default(value: cst.BaseExpression, name: str) -> cst.BaseExpression | None:
    """What stands in for an argument that is None: `size or 4`, `4 if size is None else size`."""
    it = m.Name(name)
    given = m.Comparison(it, [m.ComparisonTarget(m.IsNot(), m.Name("None"))])
    if m.matches(value, m.BooleanOperation(it, m.Or())):
        return cst.ensure_type(value, cst.BooleanOperation).right
    if m.matches(value, m.IfExp(test=_none(name), orelse=it)):
        return cst.ensure_type(value, cst.IfExp).body
    if m.matches(value, m.IfExp(test=given | it, body=it)):
        return cst.ensure_type(value, cst.IfExp).orelse
    return None


def _stands_in(value: cst.BaseExpression, name: str) -> bool:
    """Whether nothing but numbers, texts and lists of such stand in for an argument."""
    default = _default(value, name)
    return default is None or _is_literal(default)


def _is_literal(node: cst.BaseExpression) -> bool:
    if isinstance(node, cst.Tuple | cst.List):
        return all(_is_literal(element.value) for element in node.elements)
    return m.matches(node, _LITERAL)


def _last(node: cst.BaseExpression) -> str:
    if isinstance(node, cst.Attribute):
        return node.attr.value
    return node.value if isinstance(node, cst.Name) else ""


@lru_cache(maxsize=_MOST_KEPT)
def _bindings(init: cst.FunctionDef) -> Counter[str]:
    """How many nodes of a function give a name another value."""
    return Counter(name for node in own_nodes(init) for name in _bound(node))


def _bound(node: cst.CSTNode) -> set[str]:
    """The names that a node gives another value: `a = ...`, `a, b = ...`, `for a in ...`, `with ... as a`."""
    if isinstance(node, cst.NameItem):
        return {node.name.value}  # `global`, `nonlocal`
    return {each.value for target in _targets(node) for each in walked(target) if isinstance(each, cst.Name)}


def _targets(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """What a node stores into, without the objects whose attributes and elements these are."""
    targets: list[cst.CSTNode] = []
    if isinstance(
        node, cst.AssignTarget | cst.AugAssign | cst.AnnAssign | cst.For | cst.CompFor | cst.NamedExpr | cst.Del
    ):
        targets = [node.target]
    elif isinstance(node, cst.AsName):
        targets = [node.name]
    while targets:
        target = targets.pop()
        if isinstance(target, cst.Tuple | cst.List):
            targets += [element.value for element in target.elements]
        elif not isinstance(target, cst.Subscript | cst.Attribute):
            yield target


@dataclass(frozen=True, slots=True)
class _Stores:
    """The attributes of self that a class stores into or deletes, with the number of places."""

    count: Counter[str]
    may_be_any: bool
    """One may be stored into under a name that is not written out."""


@lru_cache(maxsize=_MOST_KEPT)
def _stores_of(owner: cst.ClassDef) -> _Stores:
    """Found out for the first of the arguments that are asked for: to go through a class takes long."""
    count, may_be_any = Counter[str](), False
    for node in walked(owner):
        if isinstance(
            node, cst.AssignTarget | cst.AugAssign | cst.AnnAssign | cst.For | cst.CompFor | cst.NamedExpr | cst.Del
        ):
            count.update(_attributes(node.target))
        elif isinstance(node, cst.AsName):
            count.update(_attributes(node.name))
        elif isinstance(node, cst.Call | cst.Attribute):
            may_be_any = may_be_any or m.matches(node, _SETS_ANY)
    return _Stores(count, may_be_any)


def _attributes(target: cst.CSTNode) -> Iterator[str]:
    if isinstance(target, cst.Tuple | cst.List):
        for element in target.elements:
            yield from _attributes(element.value)
    elif isinstance(target, cst.StarredElement | cst.Subscript):
        yield from _attributes(target.value)
    elif m.matches(target, m.Attribute(m.Name("self"), m.Name())):
        yield cst.ensure_type(target, cst.Attribute).attr.value


def _is_bound_in_class(owner: cst.ClassDef, name: str) -> bool:
    """Whether the class has a method or property of the name."""
    return any(isinstance(node, cst.FunctionDef | cst.ClassDef) and node.name.value == name for node in owner.body.body)
