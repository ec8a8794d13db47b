"""From `add_metric` to a metric that the layer keeps."""

from __future__ import annotations

import libcst as cst
import libcst.matchers as m

from keras_layer_lint.diagnostic import Fix
from keras_layer_lint.fixes.constructors import in_init
from keras_layer_lint.fixes.expressions import call, called, is_plain
from keras_layer_lint.fixes.imports import written
from keras_layer_lint.fixes.kept_objects import free_attribute, is_in_method, is_known_in_init, is_repeated, kept
from keras_layer_lint.fixes.place import Place

_ADDS = m.Call(func=m.Attribute(m.Name("self"), m.Name("add_metric")))
_MEAN = m.SimpleString('"mean"') | m.SimpleString("'mean'")
_OWN_NAME = m.Attribute(m.Name("self"), m.Name("name"))
_COMPUTING = ("tensorflow.", "keras.ops.", "keras.backend.")


def kept_metric(place: Place, outer: cst.Call, held: list[cst.CSTNode]) -> Fix | None:
    """`self.add_metric(x, name="x", aggregation="mean")`: a `Mean` made in `__init__`, which `call` updates.

    Unsafe: its state is no longer among the weights of the layer.
    """
    owner, given = place.owner, _arguments(outer)
    if owner is None or given is None or not held or not isinstance(held[0], cst.Expr):
        return None
    value, name, aggregation = given.get("value"), given.get("name"), given.get("aggregation")
    if value is None or name is None or not is_plain(name) or not is_in_method(place) or is_repeated(place, held):
        return None
    computed = (called(place, value) or "").startswith(_COMPUTING)  # and so is no result of a metric
    if not (computed if aggregation is None else m.matches(aggregation, _MEAN)):
        return None
    if not m.matches(name, _OWN_NAME) and not is_known_in_init(place, [name]):
        return None
    mean = written(place, "keras.metrics.Mean")
    if mean is None:
        return None
    every = m.findall(owner, _ADDS)
    before = sum(place.tree.span(each) < place.tree.span(outer) for each in every)
    attribute = free_attribute(owner, "Mean", before)
    made = in_init(place, kept(attribute, call(mean.node, name=name)), at_end=place.method("__init__") is not None)
    if made is None:
        return None
    update = cst.Attribute(cst.Attribute(cst.Name("self"), cst.Name(attribute)), cst.Name("update_state"))
    edit = place.replaced(outer, call(update, value))
    return Fix("unsafe", f"keep `self.{attribute}` and update it", (*mean.edits, made, edit))


def _arguments(outer: cst.Call) -> dict[str, cst.BaseExpression] | None:
    found: dict[str, cst.BaseExpression] = {}
    for name, argument in zip(("value", "name", ""), outer.args, strict=False):
        key = name if argument.keyword is None else argument.keyword.value
        if argument.star or not key or key in found:
            return None
        found[key] = argument.value
    return None if len(found) != len(outer.args) else found
