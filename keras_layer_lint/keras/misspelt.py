"""Names of TensorFlow and Keras that are not there: one letter is wrong, missing or too many, or two change places.

Or a module of Keras had imported them for itself.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from keras_layer_lint.keras.exports import beside_missing
from keras_layer_lint.keras.names import canonical
from keras_layer_lint.keras.removed_api import is_of_another_module, is_of_tensorflow_1, is_removed

_SHORTEST = 5
"""Shorter names are too near to each other: `elu`, `relu`, `selu`."""


_WERE_IMPORTED = {"keras.backend.tf": "tensorflow", "keras.backend.np": "numpy"}
"""What `keras.backend` imported for itself, and code used from there: see BACKEND_HAS_ITS_OWN_NAMES_ONLY."""


class Misspelling(NamedTuple):
    """The first part of a name that is not there, and what must be meant by it, both as full names."""

    written: str
    meant: str

    @property
    def is_of_a_module(self) -> bool:
        """Whether a whole package is meant, which the module it is read from has imported once."""
        return "." not in self.meant


@cache
def misspelt(name: str) -> Misspelling | None:
    """What is wrong with a name, as it is imported.

    None where all is there, where another module has the name, where no name or several are near, and where an older
    release may have had it: of names that differ in a digit, a capital letter or an `s` at the end, both were there.
    """
    found = beside_missing(name)
    if found is None or is_of_tensorflow_1(name) or is_removed(name) or is_of_another_module(name):
        return None
    missing, names = found
    if canonical(missing) in _WERE_IMPORTED:
        return Misspelling(missing, _WERE_IMPORTED[canonical(missing)])
    module, _, written = missing.rpartition(".")
    if len(written) < _SHORTEST or written.startswith("_"):
        return None
    near = [each for each in sorted(names) if _is_slip(written, each)]
    return Misspelling(missing, f"{module}.{near[0]}") if len(near) == 1 else None


def _is_slip(written: str, meant: str) -> bool:
    one, two = written.lower(), meant.lower()
    if one == two or one.rstrip("s") == two.rstrip("s") or _digits(one) != _digits(two):
        return False
    return _is_one_edit(one, two)


def _digits(name: str) -> str:
    return "".join(filter(str.isdigit, name))


def _is_one_edit(one: str, two: str) -> bool:
    if abs(len(one) - len(two)) > 1:
        return False
    same = next((at for at, (a, b) in enumerate(zip(one, two, strict=False)) if a != b), min(len(one), len(two)))
    one, two = one[same:], two[same:]
    return one[1:] == two[1:] or one[1:] == two or one == two[1:] or (one[:2] == two[1::-1] and one[2:] == two[2:])
