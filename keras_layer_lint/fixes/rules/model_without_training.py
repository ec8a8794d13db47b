"""KLL142: take `training` in `call`."""

from __future__ import annotations

from keras_layer_lint.diagnostic import Fix
from keras_layer_lint.fixes.expressions import names_in
from keras_layer_lint.fixes.parameters import behind_parameters
from keras_layer_lint.fixes.place import Place


def fix(place: Place) -> Fix | None:
    """Unsafe: `fit` then trains layers that it did not, and each call takes one argument more."""
    call = place.function
    if call is None or call.params.star_kwarg is not None:
        return None
    names = [*call.params.posonly_params, *call.params.params, *call.params.kwonly_params]
    if "training" in {each.name.value for each in names} | names_in([call.body]):
        return None
    edit = behind_parameters(place, call, "training=None")
    return None if edit is None else Fix("unsafe", "take `training=None`", (edit,))
