"""KLL209: name a weight as the attribute that holds it."""

from __future__ import annotations

import libcst as cst
import libcst.matchers as m

from keras_layer_lint.diagnostic import Fix
from keras_layer_lint.fixes.expressions import appended
from keras_layer_lint.fixes.imports import meaning
from keras_layer_lint.fixes.place import Place

_ADDED = m.Call(func=m.Attribute(m.Name("self"), m.Name("add_weight")))
_MADE = m.Assign(targets=[m.AssignTarget(m.Attribute(m.Name("self"), m.Name()))], value=m.Call())


def fix(place: Place) -> Fix | None:
    """Unsafe: a file of weights that goes by the old name no longer fits."""
    statement, owner = place.statement, place.owner
    if owner is None or statement is None or not m.matches(statement.body[0], _MADE):
        return None
    assign = cst.ensure_type(statement.body[0], cst.Assign)
    call = cst.ensure_type(assign.value, cst.Call)
    if not _takes_name(place, call):
        return None
    name = cst.ensure_type(assign.targets[0].target, cst.Attribute).attr.value.lstrip("_")
    taken = m.findall(owner, m.Arg(keyword=m.Name("name")))
    if any(
        m.matches(arg, m.Arg(m.SimpleString(value=m.MatchIfTrue(lambda text: text[1:-1] == name)))) for arg in taken
    ):
        return None
    equal = cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace(""))
    named = cst.Arg(cst.SimpleString(f'"{name}"'), keyword=cst.Name("name"), equal=equal)
    edit = place.replaced(call, appended(call, [named]))
    return Fix("unsafe", f'name it `"{name}"`', (edit,))


def _takes_name(place: Place, call: cst.Call) -> bool:
    """Whether it makes a weight, gives it no name, and by position nothing that could be one."""
    if any(arg.star or (arg.keyword is not None and arg.keyword.value == "name") for arg in call.args):
        return False
    by_position = sum(arg.keyword is None for arg in call.args)
    if m.matches(call, _ADDED):
        return by_position == 0
    return meaning(place, call.func) == "tensorflow.Variable" and by_position <= 1
