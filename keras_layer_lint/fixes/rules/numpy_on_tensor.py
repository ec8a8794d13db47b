"""KLL111: the function of TensorFlow or `keras.ops` that gives the same."""

from __future__ import annotations

from keras_layer_lint.diagnostic import Fix
from keras_layer_lint.fixes.equals import equal_function
from keras_layer_lint.fixes.expressions import around, called, of_tensors, pointed_at
from keras_layer_lint.fixes.place import Place
from keras_layer_lint.fixes.uses import serves_as_tensor
from keras_layer_lint.keras.portable import equal_in_keras, equal_in_tensorflow


def fix(place: Place) -> Fix | None:
    """Unsafe: what follows had an array, whose numbers may have been rounded in another way."""
    node = pointed_at(place)
    if node is None or not (called(place, node) or "").startswith("numpy."):
        return None
    if not serves_as_tensor(place, node, around(place, node), methods=True):
        return None
    return equal_function(place, equal_in_tensorflow if of_tensors(place) == "tensorflow" else equal_in_keras)
