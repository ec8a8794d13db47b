"""KLL146: `training` is None by default, which Keras fills."""

from __future__ import annotations

import libcst as cst
import libcst.matchers as m

from keras_layer_lint.diagnostic import Fix
from keras_layer_lint.fixes.place import Place, parameters_of


def fix(place: Place) -> Fix | None:
    """Unsafe: who calls the layer without `training` no longer has it as in training."""
    function = place.function
    found = [] if function is None else [each for each in parameters_of(function) if each.name.value == "training"]
    if len(found) != 1 or found[0].default is None or not m.matches(found[0].default, m.Name("True")):
        return None
    annotation = found[0].annotation
    default = "None" if annotation is None or m.findall(annotation, m.Name("None") | m.Name("Optional")) else "False"
    edit = place.replaced(found[0].default, cst.Name(default))
    return Fix("unsafe", f"write `training={default}`", (edit,))
