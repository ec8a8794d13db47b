"""What a layer is linted for: a generation of Keras, and for Keras 3 the backend where that matters."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Versions:
    """The versions of one generation in which something is so."""

    ranges: tuple[tuple[Version | None, Version | None], ...]
    """The first and the last version of each, the oldest range first; None where a range has no such end."""

    def __or__(self, newer: Versions) -> Versions:
        """These versions and newer ones, with a gap between them."""
        return Versions(self.ranges + newer.ranges)

    def has(self, version: Version | None) -> bool:
        """Whether a version is among them; None: the newest that there is."""
        if version is None:
            return self.ranges[-1][1] is None
        return any(
            (first is None or first <= version) and (last is None or version <= last) for first, last in self.ranges
        )

    def __str__(self) -> str:
        """Say it: `up to Keras 2.15 and from 2.17 on`; nothing of all versions."""
        told = [_told(first, last, "" if number else "Keras ") for number, (first, last) in enumerate(self.ranges)]
        return " and ".join(told)


def _told(first: Version | None, last: Version | None, name: str) -> str:
    if first is None:
        return "" if last is None else f"up to {name}{written(last)}"
    return f"from {name}{written(first)} {'on' if last is None else f'to {written(last)}'}"


EVERY_VERSION = Versions(((None, None),))


def since(*version: int) -> Versions:
    """From a version on."""
    return Versions(((_version(version), None),))


def until(*version: int) -> Versions:
    """Up to a version."""
    return Versions(((None, _version(version)),))


def _version(numbers: tuple[int, ...]) -> Version:
    major, minor = numbers
    return major, minor
