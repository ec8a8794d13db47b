"""`**kwargs` taken by `__init__` and passed on to the base class."""

from __future__ import annotations

from dataclasses import dataclass

import libcst as cst
import libcst.matchers as m

from keras_layer_lint.diagnostic import Edit
from keras_layer_lint.fixes.expressions import appended
from keras_layer_lint.fixes.parameters import behind_parameters
from keras_layer_lint.fixes.place import SUPER_INIT, Place, own_nodes

_NAMED = ("name", "dtype", "trainable")
"""What `**kwargs` would hold, unless a parameter has the name."""


@dataclass(frozen=True, slots=True)
class PassedOn:
    """The edits by which `__init__` takes and passes on what it does not name."""

    edits: tuple[Edit, ...]
    name: str
    is_taken: bool
    """It takes `**kwargs` already."""
    changes: bool
    """What was ignored so far counts from then on."""


def passed_on(place: Place, init: cst.FunctionDef) -> PassedOn | None:
    """Take `**kwargs`, and pass them on; None where it is not clear that they are nothing else."""
    calls = [node for node in own_nodes(init) if m.matches(node, SUPER_INIT)]
    star = init.params.star_kwarg
    name = "kwargs" if star is None else star.name.value
    if len(calls) != 1 or _is_used(init, calls[0], name):
        return None
    call = m.findall(calls[0], m.Call(func=m.Attribute(attr=m.Name("__init__"))))[0]
    made_call = cst.ensure_type(call, cst.Call)
    dropped = _dropped(made_call, init)
    chosen = _chosen(made_call, init)
    bare = made_call.with_changes(args=[each for each in made_call.args if each not in chosen])
    edits = [
        _in_call(place, made_call, bare, dropped, name),
        *([behind_parameters(place, init, "**kwargs")] if star is None else []),
        *([_defaults(place, calls[0], chosen, name)] if chosen else []),
    ]
    made = tuple(edit for edit in edits if edit is not None)
    if len(made) < len(edits):
        return None
    return PassedOn(made, name, star is not None, star is not None or bool(dropped))


def is_passed_on(init: cst.FunctionDef) -> bool:
    """Whether `__init__` hands its `**kwargs` to the `__init__` of a base."""
    star = init.params.star_kwarg
    if star is None:
        return False
    given = m.Arg(value=m.Name(star.name.value), star="**")
    base = m.Call(func=m.Attribute(attr=m.Name("__init__")), args=[m.ZeroOrMore(), given, m.ZeroOrMore()])
    return any(m.matches(node, base) for node in own_nodes(init))


def _is_used(init: cst.FunctionDef, call: cst.CSTNode, name: str) -> bool:
    """Whether anything in the body already goes by the name: what it holds then is not known."""
    return any(isinstance(node, cst.Name) and node.value == name for node in own_nodes(init)) or bool(
        m.findall(call, m.Arg(star="**"))
    )


def _dropped(call: cst.Call, init: cst.FunctionDef) -> list[str]:
    """What `__init__` takes by the name that a base class knows, and does not pass on."""
    given = {argument.keyword.value for argument in call.args if argument.keyword is not None}
    parameters = {each.name.value for each in [*init.params.params, *init.params.kwonly_params]}
    return [name for name in _NAMED if name in parameters - given]


def _chosen(call: cst.Call, init: cst.FunctionDef) -> list[cst.Arg]:
    """What the class sets by itself and the config of the base holds: with `**kwargs` it would be given twice."""
    parameters = {each.name.value for each in [*init.params.params, *init.params.kwonly_params]}
    return [
        argument
        for argument in call.args
        if argument.keyword is not None
        and argument.keyword.value in _NAMED
        and argument.keyword.value not in parameters
    ]


def _defaults(place: Place, statement: cst.CSTNode, chosen: list[cst.Arg], name: str) -> Edit | None:
    """`kwargs.setdefault("trainable", False)` for each of them, before the call of the base class."""
    edits = []
    for argument in chosen:
        assert argument.keyword is not None
        key = cst.Arg(
            cst.SimpleString(f'"{argument.keyword.value}"'), comma=cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
        )
        setdefault = cst.Attribute(cst.Name(name), cst.Name("setdefault"))
        line = cst.SimpleStatementLine([cst.Expr(cst.Call(setdefault, [key, cst.Arg(argument.value)]))])
        edits.append(place.before(statement, line))
    first, *_ = edits
    text = "".join(edit.text for edit in edits if edit is not None)
    return None if first is None else Edit(first.span, text)


def _in_call(place: Place, call: cst.Call, bare: cst.Call, dropped: list[str], name: str) -> Edit:
    """The call of the base class with the `**kwargs`, and with what was dropped."""
    equal = cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace(""))
    more = [cst.Arg(cst.Name(each), keyword=cst.Name(each), equal=equal) for each in dropped]
    return place.replaced(call, appended(bare, [*more, cst.Arg(cst.Name(name), star="**")]))
