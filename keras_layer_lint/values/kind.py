"""The base of all kinds of values, and the one that says that nothing is known."""

from __future__ import annotations

from keras_layer_lint.immutable import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """Base of all kinds of values; `Value` is any of them, and nothing else."""


@dataclass(frozen=True, slots=True)
class Unknown(Kind):
    """Nothing is known, so nothing may be reported."""


UNKNOWN = Unknown()
