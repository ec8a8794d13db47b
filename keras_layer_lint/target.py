"""What a layer is linted for: a generation of Keras, and for Keras 3 the backend where that matters."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum


class Generation(Enum):
    """A generation of Keras. The value is how the command line, the JSON report and the tables of facts write it."""

    KERAS2 = "2"
    KERAS3 = "3"
    __hash__ = object.__hash__  # that of Enum is written in Python, and sets of these are everywhere


class Target(Enum):
    """A generation of Keras on a backend. The value is how messages write it."""

    KERAS2 = "2"
    KERAS3 = "3"
    KERAS3_JAX = "3 on JAX"
    """Keras 3 on JAX, where that comes to something else than on TensorFlow."""
    __hash__ = object.__hash__

    @property
    def generation(self) -> Generation:
        """Which generation it is."""
        return Generation.KERAS2 if self is Target.KERAS2 else Generation.KERAS3


GENERATIONS = (Target.KERAS2, Target.KERAS3)
"""One target for each generation, in order."""


def in_order(generations: Iterable[Generation]) -> tuple[Generation, ...]:
    """Each generation once, the older first."""
    found = set(generations)
    return tuple(generation for generation in Generation if generation in found)
