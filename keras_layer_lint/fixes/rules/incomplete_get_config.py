"""KLL302: keep the missing arguments in the config."""

from __future__ import annotations

from keras_layer_lint.diagnostic import Fix
from keras_layer_lint.fixes.kept_arguments import keep
from keras_layer_lint.fixes.place import Place


def fix(place: Place) -> Fix | None:
    """Safe where they are plain values that attributes hold: the config gains what `__init__` takes."""
    return keep(place, place.diagnostic.expectation.lacking)
