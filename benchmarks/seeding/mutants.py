"""Which fault is planted in which layer at which place: by the seed, as evenly over the operators as can be."""

from __future__ import annotations

import ast
import difflib
import hashlib
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from benchmarks.seeding.places import IN_CALL, ON_CLASS, PLACES, Planted, edited, planted, spots
from benchmarks.seeding.registry import Edited, Operator, Seed, Snippet
from benchmarks.seeding.source import MARK, unmarked
from benchmarks.seeding.subjects import Subject

_UNKNOWN_IS_ENOUGH = 2
"""The rank that a value whose rank is not known is taken to have at least."""


@dataclass(frozen=True)
class Mutant:
    """A layer with a fault."""

    subject: Subject
    operator: Operator
    place: str
    text: str
    lines: frozenset[int]
    """Those of `text` that are planted."""
    other: str
    """The text of a second file, empty where there is none."""
    other_lines: frozenset[int]
    class_names: tuple[str, ...]

    @property
    def digest(self) -> str:
        """By which the same mutant is known again."""
        parts = [self.subject.digest, self.text, self.other]
        if self.operator.asked is not None:
            parts.append(str(self.operator.asked))
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:20]

    def __str__(self) -> str:
        return f"{self.operator.rule} {self.operator.name} ({self.place}) in {self.subject}"


def mutants(operator: Operator, subjects: Sequence[Subject], seed: int) -> Iterator[Mutant]:
    """All that an operator can plant, in an order that the seed decides: each layer once before one comes again.

    What is planted in a layer does not depend on which others there are.
    """
    those = [
        (random.Random(f"{seed} {operator.name} {subject}"), subject)
        for subject in subjects
        if subject.generation in operator.generations and subject.kind in operator.kinds
    ]
    those.sort(key=lambda one: one[0].random())
    seeds = [(chance, subject, list(operator.plant(subject))) for chance, subject in those]
    places = [(chance, subject, some, _shuffled(chance, PLACES)) for chance, subject, some in seeds if some]
    known: set[str] = set()
    for turn in range(len(PLACES)):
        for chance, subject, some, order in places:
            if operator.places and order[turn] not in operator.places:
                continue
            found = _mutant(operator, subject, some, order[turn], chance)
            if found is not None and found.text + found.other not in known:
                known.add(found.text + found.other)
                yield found


def _shuffled(chance: random.Random, places: Sequence[str]) -> list[str]:
    return chance.sample(places, len(places))


def _mutant(
    operator: Operator, subject: Subject, seeds: Sequence[Seed], place: str, chance: random.Random
) -> Mutant | None:
    for each in chance.sample(seeds, len(seeds)):
        made = _planted(subject, each, place, chance)
        if made is None:
            continue
        text, lines = unmarked(made.text)
        other, other_lines = unmarked(made.other)
        if isinstance(each, Edited):
            lines = _changed(subject.source.text, text)
            other_lines = set(range(1, other.count("\n") + 2))
        if text == subject.source.text or not _compiles(text) or not _compiles(other):
            continue
        return Mutant(subject, operator, place, text, frozenset(lines), other, frozenset(other_lines), made.class_names)
    return None


def _planted(subject: Subject, seed: Seed, place: str, chance: random.Random) -> Planted | None:
    if isinstance(seed, Edited):
        return edited(subject.source, seed, place, subject.working) if place in ON_CLASS else None
    if place not in IN_CALL or (seed.is_planted_in != "call" and place not in ("call", "helper", "base")):
        return None
    tensor = subject.first_input
    found = [spot for spot in spots(subject.source, None if tensor is None else tensor.rank) if _suits(seed, spot.rank)]
    chance.shuffle(found)
    for spot in found:
        made = planted(subject.source, seed, spot, place, subject.generation)
        if made is not None:
            return made
    return None


def _suits(seed: Snippet, rank: int | None) -> bool:
    return seed.lowest_rank <= (_UNKNOWN_IS_ENOUGH if rank is None else rank)


def _changed(before: str, after: str) -> set[int]:
    """The lines that are new or differ, and those around what is gone."""
    found: set[int] = set()
    matcher = difflib.SequenceMatcher(None, before.splitlines(), after.splitlines(), autojunk=False)
    for tag, _, _, first, last in matcher.get_opcodes():
        if tag != "equal":
            found |= set(range(first + 1, max(last, first + 1) + 1))
    return found


def _compiles(text: str) -> bool:
    assert MARK not in text, "marks are taken off"
    try:
        compile(text, "mutant", "exec", ast.PyCF_ONLY_AST, dont_inherit=True)
    except SyntaxError:
        return False
    return True
