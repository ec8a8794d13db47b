"""KLL115: draw from a generator that the layer keeps."""

from __future__ import annotations

import libcst as cst
import libcst.matchers as m

from keras_layer_lint.diagnostic import Edit, Fix
from keras_layer_lint.fixes.constructors import in_init, is_root
from keras_layer_lint.fixes.expressions import call, called, pointed_at
from keras_layer_lint.fixes.imports import written
from keras_layer_lint.fixes.kept_objects import free_attribute, is_in_method, kept
from keras_layer_lint.fixes.place import Place, own_nodes, parameters_of

_SEED_AT = {"randint": 4, "dropout": 3, "categorical": 3, "shuffle": 2}
"""Where functions of `keras.random` take `seed` by position, if not at 4."""
_GENERATOR = m.Call(m.Name("SeedGenerator") | m.Attribute(attr=m.Name("SeedGenerator")))
_KEPT = m.Assign([m.AssignTarget(m.Attribute(m.Name("self")))], _GENERATOR)


def fix(place: Place) -> Fix | None:
    """Unsafe: other numbers are drawn, and the layer has a state more."""
    node, owner = pointed_at(place), place.owner
    name = called(place, node)
    if not isinstance(node, cst.Call) or owner is None or name is None or not is_in_method(place):
        return None
    last = name.rpartition(".")[2]
    init = place.method("__init__")
    if last == "SeedGenerator" or place.function is init:
        return None
    there = [] if init is None else [each for each in own_nodes(init) if m.matches(each, _KEPT)]
    seed = _seed_of(node, _SEED_AT.get(last, 4))
    made: tuple[Edit, ...] = ()
    if there:
        target = cst.ensure_type(cst.ensure_type(there[0], cst.Assign).targets[0].target, cst.Attribute)
        attribute = target.attr.value
    else:
        attribute = free_attribute(owner, "SeedGenerator", 0)
        new = _made(place, owner, init, attribute, seed)
        if new is None:
            return None
        made = new
    by = cst.Attribute(cst.Name("self"), cst.Name(attribute))
    given = _given(node, _SEED_AT.get(last, 4), by)
    if given is None:
        return None
    return Fix("unsafe", f"draw from `self.{attribute}`", (*made, place.replaced(node, given)))


def _made(
    place: Place, owner: cst.ClassDef, init: cst.FunctionDef | None, attribute: str, seed: cst.BaseExpression | None
) -> tuple[Edit, ...] | None:
    """The generator in `__init__`, with the seed that the layer takes."""
    found = written(place, "keras.random.SeedGenerator", init)
    parameters = [] if init is None else [each.name.value for each in parameters_of(init)]
    start = [cst.Name("seed")] if "seed" in parameters else [seed] if isinstance(seed, cst.Integer) else []
    if found is None or not is_root(place, owner) or (attribute != "seed_generator"):
        return None
    edit = in_init(place, kept(attribute, call(found.node, *start)))
    return None if edit is None else (*found.edits, edit)


def _seed_of(node: cst.Call, at: int) -> cst.BaseExpression | None:
    for number, argument in enumerate(node.args):
        if m.matches(argument, m.Arg(keyword=m.Name("seed"))) or (number == at and argument.keyword is None):
            return argument.value
    return None


def _given(node: cst.Call, at: int, by: cst.BaseExpression) -> cst.Call | None:
    """A call with another seed; None where the arguments are not all written out."""
    if any(argument.star for argument in node.args):
        return None
    old = _seed_of(node, at)
    if old is not None:
        args = [each.with_changes(value=by) if each.value is old else each for each in node.args]
        return node.with_changes(args=args)
    equal = cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace(""))
    *before, last = [*node.args, None] if not node.args else node.args
    new = cst.Arg(by, keyword=cst.Name("seed"), equal=equal)
    if last is None:
        return node.with_changes(args=[new])
    comma = node.args[0].comma if len(node.args) > 1 else cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
    space = last.whitespace_after_arg
    new = new.with_changes(comma=last.comma, whitespace_after_arg=space)
    last = last.with_changes(comma=comma, whitespace_after_arg=cst.SimpleWhitespace(""))
    return node.with_changes(args=[*before, last, new])
