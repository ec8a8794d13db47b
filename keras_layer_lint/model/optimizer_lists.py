"""To which variables the optimizers of a `train_step` apply gradients, and whose they are: read with `ast`."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence

from keras_layer_lint.immutable import dataclass
from keras_layer_lint.model.certainty import certain_nodes
from keras_layer_lint.model.class_graph import ClassRef
from keras_layer_lint.model.layer import LayerClass
from keras_layer_lint.source.module_index import FunctionNode, dotted_name
from keras_layer_lint.source.tree_walk import walk

_LISTS = frozenset({"trainable_variables", "trainable_weights"})
_METHODS = {"apply_gradients": 0, "apply": 1, "minimize": 1}
"""By name: the position of the argument that holds the variables."""


@dataclass(frozen=True, slots=True)
class OtherList:
    """A call by which an optimizer gets variables that it did not get when it was called first."""

    node: ast.Call
    optimizer: str
    """As written: `self.optimizer`."""
    first: str
    """The attribute of self whose variables it got first, and so was made for."""
    other: str


def other_lists(layer: LayerClass, function: FunctionNode) -> Iterator[OtherList]:
    """The calls in a method, each certain to run, that give an optimizer the variables of another attribute of self.

    An optimizer whose `build` the class calls knows its variables from there.
    """
    first: dict[str, frozenset[str] | None] = {}
    parts: dict[str, list[str]] = {}
    for node in certain_nodes(function.body, in_loops=True):
        if isinstance(node, ast.For):
            parts |= _parts(node, function)
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        optimizer, position = dotted_name(node.func.value), _METHODS.get(node.func.attr)
        if optimizer is None or position is None or not optimizer.startswith("self."):
            continue
        for owners in _in_turn(_owners(node, position, function), parts):
            known = first.setdefault(optimizer, owners)
            if known is None or owners is None or _is_built(layer, optimizer):
                continue
            others = sorted(owner for owner in owners if not _covers(known, owner))
            if others:
                yield OtherList(node, optimizer, min(known), others[0])


def trains_each(layer: LayerClass, names: Sequence[str]) -> bool:
    """Whether a Model asks each of some arguments for what it trains: `self.generator.trainable_weights`.

    So does a step that trains several models in turn; nothing is said of one argument alone.
    """
    refs = [ref for ref in layer.mro if isinstance(ref, ClassRef)]
    text = "".join(line for ref in refs for line in ref.module.lines[ref.entry.line - 1 : ref.entry.end_line])
    return len(names) > 1 and all(
        re.search(rf"\bself\._?{re.escape(name)}\.(?:{'|'.join(sorted(_LISTS))})\b", text) is not None for name in names
    )


def _parts(loop: ast.For, function: FunctionNode) -> dict[str, list[str]]:
    """The attributes of self that a loop goes through, by the name that only the loop sets."""
    match loop:
        case ast.For(ast.Name(name), ast.Tuple(parts) | ast.List(parts)):
            names = [found for part in parts if (found := dotted_name(part)) is not None and found.startswith("self.")]
            stored = [
                each
                for each in walk(function)
                if isinstance(each, ast.Name) and each.id == name and isinstance(each.ctx, ast.Store)
            ]
            return {name: names} if len(names) == len(parts) and len(stored) == 1 else {}
    return {}


def _in_turn(owners: frozenset[str] | None, parts: Mapping[str, list[str]]) -> Iterator[frozenset[str] | None]:
    """Whose variables a call gets: each time, where a loop goes through the owners."""
    looped = [owner for owner in owners or () if owner in parts]
    if owners is None or not looped:
        yield owners if owners is None or all(f"{owner}.".startswith("self.") for owner in owners) else None
    elif len(owners) == 1:
        yield from (frozenset({part}) for part in parts[looped[0]])
    else:
        yield None


def _covers(known: frozenset[str], owner: str) -> bool:
    return any(owner == each or owner.startswith(f"{each}.") for each in known) or owner == "self"


def _owners(call: ast.Call, position: int, function: FunctionNode) -> frozenset[str] | None:
    """The attributes whose trainable variables a call gets; None where that cannot be read."""
    assert isinstance(call.func, ast.Attribute)
    if len(call.args) <= position:
        return None
    given = _value(call.args[position], function)
    if call.func.attr == "apply_gradients":
        if not isinstance(given, ast.Call) or dotted_name(given.func) != "zip" or len(given.args) != 2:
            return None
        given = _value(given.args[1], function)
    return _in_sum(given, function)


def _in_sum(node: ast.expr, function: FunctionNode) -> frozenset[str] | None:
    node = _value(node, function)
    match node:
        case ast.BinOp(ast.expr() as left, ast.Add(), ast.expr() as right):
            one, two = _in_sum(left, function), _in_sum(right, function)
            return None if one is None or two is None else one | two
        case ast.Attribute(ast.expr() as owner, attr) if attr in _LISTS:
            name = dotted_name(owner)
            return frozenset({name}) if name is not None else None
        case _:
            return None


def _value(node: ast.expr, function: FunctionNode) -> ast.expr:
    """What a local variable holds that is assigned once; any other expression itself."""
    if not isinstance(node, ast.Name):
        return node
    found = [
        each
        for each in walk(function)
        if isinstance(each, ast.Name) and each.id == node.id and isinstance(each.ctx, ast.Store)
    ]
    values = [
        each.value
        for each in walk(function)
        if isinstance(each, ast.Assign) and len(each.targets) == 1 and each.targets[0] in found
    ]
    return values[0] if len(found) == len(values) == 1 else node


def _is_built(layer: LayerClass, optimizer: str) -> bool:
    """Whether the module builds an optimizer of that name by itself, or takes one of the old kind: that needs none."""
    text = layer.ref.module.text
    return f"{optimizer.rpartition('.')[2]}.build(" in text or "optimizers.legacy" in text
