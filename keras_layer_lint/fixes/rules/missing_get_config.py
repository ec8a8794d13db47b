"""KLL301: write a `get_config` with the arguments of `__init__`, where all are plain values."""

from __future__ import annotations

from keras_layer_lint.diagnostic import Fix
from keras_layer_lint.fixes.kept_arguments import OF_EVERY_OBJECT, is_plain, keep
from keras_layer_lint.fixes.place import Place, parameters_of


def fix(place: Place) -> Fix | None:
    """Safe where attributes hold them. An object among them would have to be serialized, and turned back on loading."""
    init = place.method("__init__")
    if init is None or init.params.star_kwarg is None:
        return None  # it would be given what the base config holds
    names = [parameter.name.value for parameter in parameters_of(init)]
    own = [name for name in names if name not in OF_EVERY_OBJECT]
    if not all(is_plain(init, name) for name in own):
        return None
    return keep(place, own)
