"""KLL211: take what Keras passes, under names that Keras 3 finds in `call`."""

from __future__ import annotations

import libcst as cst

from keras_layer_lint.diagnostic import Fix
from keras_layer_lint.fixes.parameters import behind_parameters
from keras_layer_lint.fixes.place import Place, parameters_of
from keras_layer_lint.fixes.renaming import renamed

_PASSED = {"build": ("input_shape",), "compute_mask": ("inputs", "mask=None")}
"""What Keras passes by position, as it is written."""
_SHAPE = "_shape"


def fix(place: Place) -> Fix | None:
    """Safe where what is missing is added: the layer could not be called. Which shape is meant by a name is a guess."""
    function = place.function
    if function is None or not isinstance(function.params.star_arg, cst.MaybeSentinel):
        return None
    expected = place.diagnostic.expectation.arguments
    name = function.name.value
    if name == "call" and expected:
        return _as_in_keras(place, function, expected)
    if expected:
        return _after_call(place, function)
    return _completed(place, function, _PASSED.get(name, ()))


def _completed(place: Place, function: cst.FunctionDef, passed: tuple[str, ...]) -> Fix | None:
    """What Keras passes and the method does not take."""
    missing = passed[len(parameters_of(function)) :]
    if not missing or function.params.kwonly_params or function.params.star_kwarg is not None:
        return None
    edit = behind_parameters(place, function, ", ".join(missing))
    return None if edit is None else Fix("safe", f"take `{missing[-1].partition('=')[0]}`", (edit,))


def _as_in_keras(place: Place, call: cst.FunctionDef, expected: tuple[str, ...]) -> Fix | None:
    """The first argument of `call` under the name that the built-in layer has for it."""
    parameters = parameters_of(call)
    if len(expected) != 1 or not parameters:
        return None
    name = expected[0].removesuffix(_SHAPE)
    edits = renamed(place, call, {parameters[0].name.value: name})
    return None if edits is None else Fix("unsafe", f"take `{name}`", edits)


def _after_call(place: Place, function: cst.FunctionDef) -> Fix | None:
    """Each shape under the name of the argument of `call` in the same place."""
    call = place.method("call")
    if call is None or place.diagnostic.keras != ("3",) or not isinstance(call.params.star_arg, cst.MaybeSentinel):
        return None
    own = [each.name.value for each in parameters_of(function)]
    wanted = [f"{each.name.value}{_SHAPE}" for each in parameters_of(call)][: len(own)]
    names = {old: new for old, new in zip(own, wanted, strict=False) if old != new}
    is_shape = all(_SHAPE in old for old in names)
    if len(wanted) < len(own) or not is_shape or set(own) & set(names.values()):
        return None
    edits = renamed(place, function, names)
    return None if edits is None else Fix("unsafe", "name shapes after the arguments of `call`", edits)
