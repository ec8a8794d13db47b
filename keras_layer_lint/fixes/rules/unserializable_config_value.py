"""KLL307: serialize the object and turn it back, or return what the argument was."""

from __future__ import annotations

from keras_layer_lint.diagnostic import Fix
from keras_layer_lint.fixes.kept_arguments import give
from keras_layer_lint.fixes.place import Place


def fix(place: Place) -> Fix | None:
    """Unsafe: whoever reads the config gets another value."""
    lacking = place.diagnostic.expectation.lacking
    return give(place, lacking[0]) if len(lacking) == 1 else None
