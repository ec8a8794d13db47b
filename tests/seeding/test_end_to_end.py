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
from tests.seeding.samples import SUBJECTS, plain

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
    found = outcomes([workshop.place(each, sound) for each in [*planted, harmless]], jobs=2, decide=True)

    assert [each.status for each in found] == ["killed"] * len(WANTED) + ["survived"]
    assert all(each.placed.hits for each in found[: len(WANTED)])
    assert not found[-1].placed.hits
    assert {said.status for each in found for said in each.said if said.is_of_what_was_planted} == {"confirmed"}
    rows = [Row.of(each) for each in found]
    assert all(row.verdicts for row in rows[: len(WANTED)])
    assert "4 killed, 1 survived, 0 stillborn" in table(rows)


@pytest.mark.slow
def test_what_an_operator_asks_decides(tmp_path: Path) -> None:
    """A loss is no layer: what kills its mutant is the run that the operator asks for, and of the loss itself it has
    nothing to say.
    """
    needs("3")
    (sound,) = (each for each in SUBJECTS if each.kind == "loss")
    home = tmp_path / "home"
    home.mkdir()
    (home / sound.plan.path).write_text(sound.source.text, encoding="utf-8")
    (tmp_path / "copies").mkdir()
    workshop = Workshop(tmp_path / "copies")
    workshop.copy(sound.package, home)
    operator = OPERATORS["rounded_prediction"]
    (result,) = run([workshop.place(None, sound, operator)], jobs=1)
    assert [verdict.status for verdict in result.verdicts] == ["refuted"]
    planted = list(mutants(operator, [sound], seed=0))
    found = outcomes([workshop.place(each, sound) for each in planted], jobs=2)
    assert [each.status for each in found] == ["killed"] * len(planted)
    assert all(each.placed.hits for each in found)


@pytest.mark.slow
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
