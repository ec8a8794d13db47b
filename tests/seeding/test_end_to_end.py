"""Faults planted in a sound layer are seen by running it, and found by reading it."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import pytest

from benchmarks.seeding.figures import Row, table
from benchmarks.seeding.mutants import Mutant, mutants
from benchmarks.seeding.registry import operators
from benchmarks.seeding.trial import Workshop, outcomes, run
from tests.frameworks import needs
from tests.seeding.samples import plain

OPERATORS = {each.name: each for each in operators()}
WANTED = ("np_mean", "return_left_out", "super_init_left_out", "if_on_mean")


@pytest.mark.slow
def test_planted_killed_found(tmp_path: Path) -> None:
    needs("3")
    sound = plain("3")
    home = tmp_path / "home"
    home.mkdir()
    (home / sound.plan.path).write_text(sound.source.text, encoding="utf-8")
    (tmp_path / "copies").mkdir()
    workshop = Workshop(tmp_path / "copies")
    workshop.copy(sound.package, home)
    before = workshop.place(None, sound)
    (result,) = run([before], jobs=2)
    assert (before.found, result.reason, result.failures) == ((), "", ())

    planted = [next(mutants(OPERATORS[name], [sound], seed=0)) for name in WANTED]
    harmless = Mutant(**{**vars(planted[0]), "text": sound.source.text + "\n# harmless\n"})
    found = outcomes([workshop.place(each, sound) for each in [*planted, harmless]], jobs=2)

    assert [each.status for each in found] == ["killed"] * len(WANTED) + ["survived"]
    assert all(each.placed.hits for each in found[: len(WANTED)])
    assert not found[-1].placed.hits
    rows = [Row.of(each) for each in found]
    assert "4 killed, 1 survived, 0 stillborn" in table(rows)


def test_one_class_of_each_place_is_linted(tmp_path: Path) -> None:
    """Static klint alone: what is planted anywhere is found where it stands."""
    sound = plain("2")
    home = tmp_path / "home"
    home.mkdir()
    (home / sound.plan.path).write_text(sound.source.text, encoding="utf-8")
    workshop = Workshop(tmp_path)
    workshop.copy(sound.package, home)
    assert not workshop.place(None, sound).found
    for each in islice(mutants(OPERATORS["np_mean"], [sound], seed=0), 12):
        placed = workshop.place(each, sound)
        assert placed.hits, str(each)
        assert not placed.others, str(each)
        workshop.remove(placed)
        assert not placed.path.exists()
