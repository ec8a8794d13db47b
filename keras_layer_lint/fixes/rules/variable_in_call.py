"""KLL131: make the weight in `build`, and use it in `call`."""

from __future__ import annotations

import libcst as cst
import libcst.matchers as m

from keras_layer_lint.diagnostic import Fix
from keras_layer_lint.fixes.builds import in_build, shape_in_build
from keras_layer_lint.fixes.expressions import around, is_plain, names_in, pointed_at
from keras_layer_lint.fixes.imports import meaning
from keras_layer_lint.fixes.kept_objects import free_attribute, kept, locals_of
from keras_layer_lint.fixes.place import Place, parameters_of
from keras_layer_lint.keras.names import canonical

_ADDED = m.Call(func=m.Attribute(m.Name("self"), m.Name("add_weight")))
_OPEN = (cst.IfExp, cst.BooleanOperation, cst.Lambda, cst.BaseComp)
_INT_SHAPE = m.Attribute(attr=m.Name("int_shape")) | m.Name("int_shape")
_MODELS = ("keras.Model", "keras.models.Model")


def fix(place: Place) -> Fix | None:
    """Unsafe: one weight is trained and saved, where there was another in each call."""
    node, owner, call = pointed_at(place), place.owner, place.method("call")
    statement, shape = place.statement, shape_in_build(place)
    if not isinstance(node, cst.Call) or not m.matches(node, _ADDED) or not is_plain(node):
        return None  # whether a variable of TensorFlow was meant to be trained is not known
    if owner is None or call is None or shape is None or place.function is not call or not parameters_of(call):
        return None
    if not isinstance(call.body, cst.IndentedBlock) or statement not in call.body.body:
        return None  # only some calls make it
    if any(isinstance(each, _OPEN) for each in around(place, node)) or _is_model(place, owner):
        return None
    inputs = parameters_of(call)[0].name.value
    if shape in locals_of(call):
        return None
    of_input = m.Attribute(m.Name(inputs), m.Name("shape")) | m.Call(func=_INT_SHAPE, args=[m.Arg(m.Name(inputs))])
    made = m.replace(node, of_input, cst.Name(shape))
    if not isinstance(made, cst.Call) or names_in([each.value for each in made.args]) & locals_of(call):
        return None
    name = free_attribute(owner, _name_of(node), 0)
    edit = in_build(place, [kept(name, made)], call)
    if edit is None:
        return None
    by = cst.Attribute(cst.Name("self"), cst.Name(name))
    return Fix("unsafe", f"make `self.{name}` in `build`", (edit, place.replaced(node, by)))


def _name_of(node: cst.Call) -> str:
    """What the weight is called, if that can be the name of an attribute."""
    given = [each.value for each in node.args if each.keyword is not None and each.keyword.value == "name"]
    name = str(given[0].evaluated_value) if given and isinstance(given[0], cst.SimpleString) else ""
    return name if name.isidentifier() else "weight"


def _is_model(place: Place, owner: cst.ClassDef) -> bool:
    return any(canonical(meaning(place, base.value) or "") in _MODELS for base in owner.bases)
