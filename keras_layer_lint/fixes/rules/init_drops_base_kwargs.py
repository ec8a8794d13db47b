"""KLL306: take `**kwargs` in `__init__`, and pass them on."""

from __future__ import annotations

import libcst as cst
import libcst.matchers as m

from keras_layer_lint.diagnostic import Edit, Fix, Severity
from keras_layer_lint.fixes.parameters import behind_parameters
from keras_layer_lint.fixes.place import SUPER_INIT, Place, own_nodes

_NAMED = ("name", "dtype", "trainable")
"""What `**kwargs` would hold, unless a parameter has the name."""


def fix(place: Place) -> Fix | None:
    """Safe where `__init__` takes no `**kwargs`: every call that there is means the same.

    Unsafe where it drops what it takes: what has been ignored so far would count, or be refused.
    """
    init = place.method("__init__")
    if init is None or place.diagnostic.severity is Severity.NOTE:
        return None
    calls = [node for node in own_nodes(init) if m.matches(node, SUPER_INIT)]
    star = init.params.star_kwarg
    name = "kwargs" if star is None else star.name.value
    if len(calls) != 1 or _is_used(init, calls[0], name):
        return None
    call = m.findall(calls[0], m.Call(func=m.Attribute(attr=m.Name("__init__"))))[0]
    made_call = cst.ensure_type(call, cst.Call)
    dropped = _dropped(made_call, init)
    edits = [
        _passed_on(place, made_call, dropped, name),
        *([behind_parameters(place, init, "**kwargs")] if star is None else []),
    ]
    made = tuple(edit for edit in edits if edit is not None)
    if len(made) < len(edits):
        return None
    what = f"pass `**{name}` on" if star is not None else "take `**kwargs` and pass them on"
    return Fix("safe" if star is None and not dropped else "unsafe", what, made)


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


def _passed_on(place: Place, call: cst.Call, dropped: list[str], name: str) -> Edit:
    """The call of the base class with the `**kwargs`, and with what was dropped."""
    equal = cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace(""))
    comma = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
    before = [argument.with_changes(comma=comma) for argument in call.args]
    more = [cst.Arg(cst.Name(each), keyword=cst.Name(each), equal=equal, comma=comma) for each in dropped]
    return place.replaced(call, call.with_changes(args=[*before, *more, cst.Arg(cst.Name(name), star="**")]))
