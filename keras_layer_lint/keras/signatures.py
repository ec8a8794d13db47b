"""Which parameters public functions of Keras and TensorFlow have, and the layers of Keras.

The data, `signatures.json`, is measured by `tools/signatures.py`; that of layers by `tools/layers.py`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from keras_layer_lint.keras.layers import builtin_layer, builtin_layers
from keras_layer_lint.keras.names import canonical
from keras_layer_lint.keras.tables import read_table
from keras_layer_lint.target import Generation

_KERAS = re.compile(r"(?:tensorflow\.(?:compat\.v2\.)?keras|tf_keras|keras)\.")
_ROOTS = {Generation.KERAS2: "tf_keras.", Generation.KERAS3: "keras."}


@dataclass(frozen=True, slots=True)
class Signature:
    """The parameters of one function or class, which takes no others."""

    positional: tuple[str, ...]
    """Those that can be given by position, in order."""
    named: tuple[str, ...]
    """Those that can be given by name, in order."""
    required: frozenset[str]
    """Those that have no default."""


def signature_of(name: str, generation: Generation) -> Signature | None:
    """The parameters of a function or layer under a generation, by its name as it is imported; None: not known.

    TensorFlow itself is the same under both; `tf.compat.v1` is another package.
    """
    if (found := signature_of_layer(name, generation)) is not None:
        return found
    keras = _KERAS.match(name)
    if keras is not None:
        name = _ROOTS[generation] + name[keras.end() :]
    return _signature(name.replace("tensorflow.compat.v2.", "tensorflow.", 1))


@cache
def signature_of_layer(name: str, generation: Generation) -> Signature | None:
    """The parameters of a built-in layer; None where it takes any, or is private or of `tf.compat.v1`."""
    known = canonical(name)
    layer = builtin_layer(known, generation)
    is_public = name.rpartition(".")[2] == known.rpartition(".")[2] and ".compat.v1." not in name
    if layer is None or layer.hidden is None or not is_public:
        return None
    named = tuple(parameter for parameter in layer.parameters if not parameter.startswith("*"))
    return Signature(named, (*named, *layer.hidden), frozenset(layer.required))


@cache
def _signature(name: str) -> Signature | None:
    module, _, last = name.rpartition(".")
    written = read_signatures().get(module, {}).get(last)
    if written is None:
        return None
    before, _, after = written.partition("*")
    positional = before.split()
    parts = [*positional, *after.split()]
    return Signature(
        tuple(part.strip("/!") for part in positional),
        tuple(part.rstrip("!") for part in parts if not part.startswith("/")),
        frozenset(part.strip("/!") for part in parts if part.endswith("!")),
    )


@cache
def read_signatures() -> dict[str, dict[str, str]]:
    """Load the table: module to name to parameters as `tools/signatures.py` writes them."""
    return {key: value for key, value in read_table("signatures").items() if key != "measured_with"}


@cache
def last_names() -> frozenset[str]:
    """The last parts of the names of all functions and layers in the tables."""
    layers = (name.rpartition(".")[2] for name in builtin_layers())
    return frozenset((*(name for names in read_signatures().values() for name in names), *layers))
