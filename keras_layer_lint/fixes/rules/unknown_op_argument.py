"""KLL149: an argument by the name that it has here."""

from __future__ import annotations

import libcst as cst

from keras_layer_lint.diagnostic import Fix
from keras_layer_lint.fixes.expressions import called, pointed_at
from keras_layer_lint.fixes.place import Place
from keras_layer_lint.keras.signatures import signature_of
from keras_layer_lint.target import Generation

_ALSO_CALLED = {
    "axes": "perm",
    "batch_input_shape": "batch_shape",
    "dim": "axis",
    "image": "images",
    "keep_dims": "keepdims",
    "keepdim": "keepdims",
    "negative_slope": "alpha",
    "perm": "axes",
    "reduction_indices": "axis",
}
"""By the name of a parameter: what the same is called in another package, or in another version."""


def fix(place: Place) -> Fix | None:
    """Unsafe: it raised before, so nothing tells what was meant."""
    node = pointed_at(place)
    name = called(place, node)
    if not isinstance(node, cst.Call) or name is None or any(argument.star for argument in node.args):
        return None
    signatures = [signature_of(name, Generation(keras)) for keras in place.diagnostic.keras]
    taken = [set() if signature is None else set(signature.named) for signature in signatures]
    given = {argument.keyword.value: argument.keyword for argument in node.args if argument.keyword is not None}
    unknown = [each for each in given if not all(each in names for names in taken)]
    edits = []
    for each in unknown:
        other = _ALSO_CALLED.get(each, "")
        if other in given or not all(other in names for names in taken):
            return None
        edits.append(place.replaced(given[each], cst.Name(other)))
    if not edits:
        return None
    return Fix("unsafe", f"call it `{_ALSO_CALLED[unknown[0]]}`", tuple(edits))
