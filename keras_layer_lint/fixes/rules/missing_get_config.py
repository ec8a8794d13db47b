"""KLL301: write a `get_config` with the arguments of `__init__`, and a `from_config` where some are objects."""

from __future__ import annotations

from dataclasses import replace

import libcst as cst

from keras_layer_lint.diagnostic import Fix
from keras_layer_lint.fixes.base_kwargs import PassedOn, is_passed_on, passed_on
from keras_layer_lint.fixes.kept_arguments import keep
from keras_layer_lint.fixes.place import Place, parameters_of

_TAKEN = PassedOn((), "", is_taken=True, changes=False)


def fix(place: Place) -> Fix | None:
    """Safe where attributes hold plain values. What the config of the base holds beside is taken and passed on."""
    init, facts = place.method("__init__"), place.diagnostic.expectation
    if init is None or init.params.posonly_params or isinstance(init.params.star_arg, cst.Param):
        return None
    base = _of_base(place, init)
    if base is None:
        return None
    if not facts.lacking:
        what = f"take `**{base.name}` and pass them on"
        return Fix("unsafe" if base.changes else "safe", what, base.edits) if base.edits else None
    fix = keep(place, facts.lacking, merges=bool(facts.base_keys), more=base.edits)
    return fix if fix is None or not base.changes else replace(fix, applicability="unsafe")


def _of_base(place: Place, init: cst.FunctionDef) -> PassedOn | None:
    """How `__init__` comes to take what the config of its base holds; None where that is not known."""
    keys = place.diagnostic.expectation.base_keys
    if keys is None:
        return None
    names = {parameter.name.value for parameter in parameters_of(init)}
    if set(keys) <= names or is_passed_on(init):
        return _TAKEN
    return passed_on(place, init)
