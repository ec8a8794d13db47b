"""What a method makes anew each time, made once: in `__init__`, and kept on self."""

from __future__ import annotations

import re
from itertools import count, islice

import libcst as cst
import libcst.matchers as m

from keras_layer_lint.fixes.expressions import names_in
from keras_layer_lint.fixes.place import Place, own_nodes

_SELF = m.Param(m.Name("self"))
_SPLIT = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_REPEATED = (cst.For, cst.While)
_INNER = m.Lambda() | m.GeneratorExp() | m.ListComp() | m.SetComp() | m.DictComp()


def is_in_method(place: Place) -> bool:
    """Whether a diagnostic stands in a method of the class that is bound to `self`, in none of its inner functions."""
    owner, function = place.owner, place.function
    if owner is None or function is None or function not in owner.body.body:
        return False
    return not function.decorators and m.matches(function.params, m.Parameters(params=[_SELF, m.ZeroOrMore()]))


def is_repeated(place: Place, held: list[cst.CSTNode]) -> bool:
    """Whether what is in these nodes may run several times in one call: each time it is another object."""
    span = place.diagnostic.span
    loops = any(isinstance(each, _REPEATED) for each in place.tree.around(span.line, span.column))
    return loops or any(m.matches(each, _INNER) for each in held)


def is_conditional(place: Place) -> bool:
    """Whether a diagnostic stands under a condition of its function."""
    span = place.diagnostic.span
    around = place.tree.around(span.line, span.column)
    return any(isinstance(each, (cst.If, cst.Try, cst.With, cst.Match)) for each in around)


def is_known_in_init(place: Place, nodes: list[cst.BaseExpression]) -> bool:
    """Whether expressions of a method mean the same at the end of `__init__`: no local name is in them.

    Attributes must be set in `__init__`, in its own block.
    """
    function, init = place.function, place.method("__init__")
    if function is None or names_in(list(nodes)) & locals_of(function):
        return False
    attributes = {
        cst.ensure_type(each, cst.Attribute).attr.value
        for node in nodes
        for each in m.findall(node, m.Attribute(m.Name("self")))
    }
    body = init.body.body if init is not None else ()
    kept = {
        target.target.attr.value
        for statement in body
        if isinstance(statement, cst.SimpleStatementLine)
        for small in statement.body
        if isinstance(small, cst.Assign)
        for target in small.targets
        if isinstance(target.target, cst.Attribute) and m.matches(target.target.value, m.Name("self"))
    }
    return attributes <= kept


def locals_of(function: cst.FunctionDef) -> set[str]:
    """Names that a function gives something, but for `self`."""
    given = function.params
    every = [*given.posonly_params, *given.params, *given.kwonly_params, given.star_arg, given.star_kwarg]
    found = {each.name.value for each in every if isinstance(each, cst.Param)}
    for node in own_nodes(function):
        if isinstance(node, (cst.AssignTarget, cst.AugAssign, cst.AnnAssign, cst.NamedExpr, cst.For, cst.CompFor)):
            found |= names_in([node.target])
        elif isinstance(node, cst.AsName):
            found |= names_in([node.name])
    return found - {"self"}


def free_attribute(owner: cst.ClassDef, made: str, number: int) -> str:
    """A name for what is kept on self, that of its class: the next but `number` of those that are free."""
    name = _SPLIT.sub("_", made).lower()
    taken = {
        cst.ensure_type(each, cst.Attribute).attr.value for each in m.findall(owner, m.Attribute(m.Name("self")))
    } | {each.name.value for each in owner.body.body if isinstance(each, (cst.FunctionDef, cst.ClassDef))}
    free = (shown for index in count() if (shown := f"{name}_{index}" if index else name) not in taken)
    return next(islice(free, number, None))


def kept(attribute: str, value: cst.BaseExpression) -> cst.SimpleStatementLine:
    """`self.attribute = value`."""
    target = cst.AssignTarget(cst.Attribute(cst.Name("self"), cst.Name(attribute)))
    return cst.SimpleStatementLine([cst.Assign([target], value)])
