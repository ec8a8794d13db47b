"""From the dropout masks of cells of Keras 2 to those of Keras 3."""

from __future__ import annotations

import libcst as cst
import libcst.matchers as m

from keras_layer_lint.diagnostic import Edit, Fix
from keras_layer_lint.fixes.constructors import in_init
from keras_layer_lint.fixes.expressions import call, function, is_plain
from keras_layer_lint.fixes.kept_objects import kept
from keras_layer_lint.fixes.place import Place
from keras_layer_lint.fixes.train_phase import enclosed

_IN_3 = {
    "get_dropout_mask_for_cell": "get_dropout_mask",
    "get_recurrent_dropout_mask_for_cell": "get_recurrent_dropout_mask",
}
_PARAMETERS = ("inputs", "training", "count")
_GETS = m.Call(func=m.Attribute(m.Name("self"), m.OneOf(*map(m.Name, _IN_3))))
_CALLS_OF_BASE = m.Call(func=m.Attribute(m.Call(m.Name("super")), m.Name("call")))
_COUNT = "dropout_mask_count"
"""Where a cell of Keras 3 has it, it makes so many masks (keras 3.15)."""


def mask_in_3(place: Place, name: str, outer: cst.Call, held: list[cst.CSTNode]) -> Fix | None:
    """`self.get_dropout_mask_for_cell(x, training)`: outside of training, where Keras 2 gives ones, ones.

    Unsafe: other numbers are drawn.
    """
    given, owner = _arguments(outer), place.owner
    if name not in _IN_3 or given is None or owner is None or "inputs" not in given or "training" not in given:
        return None
    inputs, training = given["inputs"], given["training"]
    ones = function(place, "ones_like", "ones_like")
    if ones is None or not is_plain(inputs) or not isinstance(inputs, (cst.Name, cst.Attribute, cst.Subscript)):
        return None
    of_one: cst.BaseExpression = call(ones.node, inputs)
    made = list[Edit]()
    if (number := _count(given.get("count"))) != 1:
        edits = None if number is None else _counted(place, owner, number)
        if edits is None or number is None:
            return None
        made += edits
        of_one = cst.BinaryOperation(cst.List([cst.Element(of_one)]), cst.Multiply(), cst.Integer(str(number)))
    mask = call(cst.Attribute(cst.Name("self"), cst.Name(_IN_3[name])), inputs)
    chosen = enclosed(held[0] if held else None, cst.IfExp(test=training, body=mask, orelse=of_one))
    return Fix("unsafe", f"use `{_IN_3[name]}`", (*ones.edits, *made, place.replaced(outer, chosen)))


def _arguments(outer: cst.Call) -> dict[str, cst.BaseExpression] | None:
    found: dict[str, cst.BaseExpression] = {}
    for name, argument in zip(_PARAMETERS, outer.args, strict=False):
        key = name if argument.keyword is None else argument.keyword.value
        if argument.star or key not in _PARAMETERS or key in found:
            return None
        found[key] = argument.value
    return found


def _count(node: cst.BaseExpression | None) -> int | None:
    if node is None:
        return 1
    return int(node.value) if isinstance(node, cst.Integer) and node.value.isdecimal() else None


def _counted(place: Place, owner: cst.ClassDef, number: int) -> list[Edit] | None:
    """How many masks there are is said once for a cell: each call has to ask for as many, and no other `call` runs."""
    calls = [_arguments(each) for each in m.findall(owner, _GETS) if isinstance(each, cst.Call)]
    counts = {_count((given or {}).get("count")) for given in calls}
    if counts != {number} or m.findall(owner, _CALLS_OF_BASE):
        return None
    new = kept(_COUNT, cst.Integer(str(number)))
    if any(each.deep_equals(new.body[0]) for each in m.findall(owner, m.Assign())):
        return []
    edit = in_init(place, new, at_end=True)
    return None if edit is None else [edit]
