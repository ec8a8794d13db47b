"""KLL202: call `build` of the base class at the end of `build`."""

from __future__ import annotations

import libcst as cst
import libcst.matchers as m

from keras_layer_lint.diagnostic import Fix, Severity
from keras_layer_lint.fixes.place import Place, parameters_of

_ROOT = m.Name("Layer") | m.Attribute(attr=m.Name("Layer")) | m.Name("Model") | m.Attribute(attr=m.Name("Model"))


def fix(place: Place) -> Fix | None:
    """Safe where the base is that of Keras itself, which makes no weights, or where every call raises without it."""
    build, owner = place.function, place.owner
    if build is None or owner is None or not (parameters := parameters_of(build)):
        return None
    shape = parameters[0].name.value
    edit = place.last_in(build, cst.parse_statement(f"super().build({shape})"))
    if edit is None:
        return None
    is_root = len(owner.bases) == 1 and m.matches(owner.bases[0].value, _ROOT)
    is_safe = is_root or place.diagnostic.severity is Severity.ERROR
    return Fix("safe" if is_safe else "unsafe", f"add `super().build({shape})`", (edit,))
