"""KLL147: what Keras 3, or TensorFlow 2, has instead."""

from __future__ import annotations

import libcst as cst
import libcst.matchers as m

from keras_layer_lint.diagnostic import Fix
from keras_layer_lint.fixes.dropout_masks import mask_in_3
from keras_layer_lint.fixes.equals import equal_of_call
from keras_layer_lint.fixes.expressions import around, call, pointed_at, positional
from keras_layer_lint.fixes.imports import meaning, written
from keras_layer_lint.fixes.kept_metrics import kept_metric
from keras_layer_lint.fixes.place import Place
from keras_layer_lint.fixes.set_values import assigned
from keras_layer_lint.fixes.train_phase import by_argument
from keras_layer_lint.keras.misspelt import misspelt
from keras_layer_lint.keras.names import canonical
from keras_layer_lint.keras.portable import equal_of_backend
from keras_layer_lint.keras.removed_api import base_in_3, successor

_ATTRIBUTES = {
    "_name": "name",
    "_dtype": "dtype",
    "_compute_dtype": "compute_dtype",
    "_compute_dtype_object": "compute_dtype",
    "lr": "learning_rate",
}
_STATES = m.Attribute(attr=m.Name("get_initial_state"))
_ASSIGNS = m.Call(m.Attribute(attr=m.Name("assign") | m.Name("assign_add") | m.Name("assign_sub")))


def fix(place: Place) -> Fix | None:
    """Unsafe: Keras 2 may lack what Keras 3 has instead."""
    node = pointed_at(place)
    if node is None:
        return _base(place)
    if isinstance(node, cst.Call):
        return assigned(place, node)
    held = around(place, node)
    outer = held[0] if held and isinstance(held[0], cst.Call) and held[0].func is node else None
    if isinstance(node, cst.Attribute):
        attribute = node.attr.value
        if attribute in _ATTRIBUTES and m.findall(node, m.Name("self")):
            new = node.with_changes(attr=cst.Name(_ATTRIBUTES[attribute]))
            return Fix("unsafe", f"read `{_ATTRIBUTES[attribute]}`", (place.replaced(node, new),))
        if attribute == "as_list" and outer is not None and not outer.args:
            listed = call(cst.Name("list"), node.value)
            return Fix("safe", "make a list of it", (place.replaced(outer, listed),))
        if m.matches(node, m.Attribute(m.Name("self"))) and (own := _OWN.get(attribute)) is not None:
            return None if outer is None else own(place, outer, held[1:])
        if outer is not None and (masks := mask_in_3(place, attribute, outer, held[1:])) is not None:
            return masks
    return _named(place, node, outer)


def _named(place: Place, node: cst.BaseExpression, outer: cst.Call | None) -> Fix | None:
    """A function of a module: the same under another name, or one that is measured to give the same."""
    name = meaning(place, node) or ""
    module, _, last = canonical(name).rpartition(".")
    if module == "keras.backend" and outer is not None and (found_fix := by_argument(place, last, outer)) is not None:
        return found_fix
    if module == "keras.backend" and last == "int_shape" and outer is not None:
        tensor = positional(outer, 1)
        if tensor is None or not isinstance(tensor[0], (cst.Name, cst.Attribute, cst.Call, cst.Subscript)):
            return None
        shape = call(cst.Name("tuple"), cst.Attribute(tensor[0], cst.Name("shape")))
        return Fix("unsafe", "read the shape", (place.replaced(outer, shape),))
    slip = misspelt(name)
    if slip is not None and slip.is_of_a_module:
        return None  # under which name it is to be imported is not known
    other = successor(name) if slip is None else slip.meant
    if slip is None and module == "keras.backend" and outer is not None:
        other = equal_of_call(last, outer, equal_of_backend)
    elif slip is None and module == "keras.backend":
        other = equal_of_backend(last, 0, ())
    found = None if other is None else written(place, other)
    if found is None:
        return None
    return Fix("unsafe", f"use `{found.name}`", (*found.edits, place.replaced(node, found.node)))


def _base(place: Place) -> Fix | None:
    """A base class that is gone, where `Layer` is as good: its `RNN` asks no cell for its states."""
    owner = place.owner
    if owner is None or m.findall(owner.body, _STATES):
        return None
    for base in owner.bases:
        other = base_in_3(meaning(place, base.value) or "")
        found = None if other is None else written(place, other)
        if found is not None:
            return Fix("unsafe", f"derive from `{found.name}`", (*found.edits, place.replaced(base.value, found.node)))
    return None


def _update(place: Place, outer: cst.Call, held: list[cst.CSTNode]) -> Fix | None:
    """`self.add_update(self.total.assign_add(x))`: the assignment is enough."""
    given = positional(outer, 1)
    if given is None or not m.matches(given[0], _ASSIGNS) or not isinstance(held[0], cst.Expr):
        return None
    return Fix("unsafe", "assign, which is enough", (place.replaced(outer, given[0]),))


_OWN = {"add_update": _update, "add_metric": kept_metric}
"""Methods of layers that are gone."""
