"""KLL148: the function of `keras.ops` that gives the same."""

from __future__ import annotations

from keras_layer_lint.diagnostic import Fix
from keras_layer_lint.fixes.equals import equal_function
from keras_layer_lint.fixes.place import Place
from keras_layer_lint.keras.portable import equal_in_keras


def fix(place: Place) -> Fix | None:
    """Unsafe: Keras 2 has no such functions, and single precision may be rounded in another way."""
    if "2" in place.diagnostic.keras:
        return None
    return equal_function(place, equal_in_keras)
