"""What a layer is linted for: a generation of Keras, and for Keras 3 the backend where that matters."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum

Version = tuple[int, int]
"""Major and minor release of Keras. Keras 2 is numbered as the TensorFlow that it comes with."""


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


def generations_of(words: Iterable[str]) -> frozenset[Generation]:
    """Tell of which generations words such as `2`, `2.12` and `3.6` speak."""
    return frozenset(Generation(word.partition(".")[0]) for word in words)


def newest_of(words: Iterable[str], generation: Generation) -> Version | None:
    """Tell the newest version of a generation that such words allow; None: the newest that there is."""
    own = [word.partition(".")[2] for word in words if word.partition(".")[0] == generation.value]
    return (int(generation.value), max(map(int, own))) if own and all(own) else None


def written(version: Version) -> str:
    """Write a version as people do: `3.6`."""
    return f"{version[0]}.{version[1]}"
