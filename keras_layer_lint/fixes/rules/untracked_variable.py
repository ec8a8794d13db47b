"""KLL205: a weight, or a variable of Keras, with the values that the variable of TensorFlow begins with."""

from __future__ import annotations

import libcst as cst

from keras_layer_lint.diagnostic import Fix
from keras_layer_lint.fixes.expressions import New, call, is_plain, pointed_at, positional, replaced
from keras_layer_lint.fixes.imports import meaning, written
from keras_layer_lint.fixes.place import Place

_TAKEN = {"trainable", "name", "dtype"}
"""What `tf.Variable` and `add_weight` call the same, besides the value."""
_FILLED = {"tensorflow.ones": "ones", "tensorflow.zeros": "zeros"}
_NUMBERS = {"0": "zeros", "0.0": "zeros", "1": "ones", "1.0": "ones"}
_WHOLE = frozenset({"0", "1"})


def fix(place: Place) -> Fix | None:
    """Unsafe: from then on it is trained and saved, which changes what training comes to."""
    node, name, method = pointed_at(place), place.diagnostic.expectation.attribute, place.function
    if not isinstance(node, cst.Call) or method is None or not name:
        return None
    if meaning(place, node.func) != "tensorflow.Variable":
        return None
    found = _arguments(node)
    if found is None or not is_plain(found[0]):
        return None
    value, given = found
    if "name" in given:
        own = given["name"]
        if not isinstance(own, cst.SimpleString) or "/" in own.value:
            return None  # Keras 3 takes no slash
    else:
        given = {"name": cst.SimpleString(f'"{name.lstrip("_")}"'), **given}
    new = _weight(place, value, given)
    if new is None and method.name.value == "__init__":
        new = _variable(place, value, given)
    return None if new is None else Fix("unsafe", "make it a weight", replaced(place, node, new))


def _arguments(node: cst.Call) -> tuple[cst.BaseExpression, dict[str, cst.BaseExpression]] | None:
    """The value that it begins with, and the others; None where Keras has no use for one of them."""
    names = ("initial_value", "trainable")
    found: dict[str, cst.BaseExpression] = {}
    for position, argument in enumerate(node.args):
        if argument.star or (argument.keyword is None and position >= len(names)):
            return None
        found[names[position] if argument.keyword is None else argument.keyword.value] = argument.value
    value = found.pop("initial_value", None)
    if value is None or isinstance(value, cst.Lambda) or found.keys() - _TAKEN:
        return None
    return value, found


def _weight(place: Place, value: cst.BaseExpression, given: dict[str, cst.BaseExpression]) -> New | None:
    """By `add_weight`, where the shape is known, and an initializer that gives these values."""
    add = cst.Attribute(cst.Name("self"), cst.Name("add_weight"))
    if isinstance(value, (cst.Integer, cst.Float)) and value.value in _NUMBERS:
        whole = {"dtype": cst.SimpleString('"int32"')} if value.value in _WHOLE and "dtype" not in given else {}
        return _added(add, cst.Tuple([]), cst.SimpleString(f'"{_NUMBERS[value.value]}"'), {**given, **whole})
    if isinstance(value, cst.Call) and (kind := _FILLED.get(meaning(place, value.func) or "")) is not None:
        values = positional(value, len(value.args))
        if not values or len(values) > 2 or ("dtype" in given and len(values) > 1):
            return None
        shape, *dtype = values
        return _added(add, shape, cst.SimpleString(f'"{kind}"'), {**given, **({"dtype": dtype[0]} if dtype else {})})
    if not isinstance(value, (cst.Name, cst.Attribute)) or "dtype" not in given:
        return None
    constant, of_shape = written(place, "keras.initializers.Constant"), written(place, "numpy.shape")
    if constant is None or of_shape is None:
        return None
    new = _added(add, call(of_shape.node, value), call(constant.node, value), given)
    return New(new.node, (constant, of_shape))


def _added(
    add: cst.Attribute, shape: cst.BaseExpression, initializer: cst.BaseExpression, given: dict[str, cst.BaseExpression]
) -> New:
    name = given.pop("name")
    return New(call(add, name=name, shape=shape, initializer=initializer, **given))


def _variable(place: Place, value: cst.BaseExpression, given: dict[str, cst.BaseExpression]) -> New | None:
    """By `keras.Variable`, which layers of Keras 3 track; in `build` it may have to be made while Keras traces."""
    found = written(place, "keras.Variable")
    return None if found is None else New(call(found.node, value, **given), (found,))
