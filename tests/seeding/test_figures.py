"""What the benchmark of planted faults counts, and keeps."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from benchmarks.seeding.figures import Row, by_default, counted, table, verdicts, write, write_by_default


def row(**fields: Any) -> Row:
    known: dict[str, Any] = {
        "package": "sample-1.0", "path": "a.py", "class_name": "Gate", "keras": "3", "rule": "KLL101",
        "operator": "if_on_sum", "place": "call", "is_for_validation": False, "status": "killed", "evidence": "",
        "is_found": True, "is_shown": True, "is_warned": True, "others": (), "refuted": (), "digest": "",
    }  # fmt: skip
    return Row(**(known | fields))


ROWS = [
    row(),
    row(is_found=False, place="base", package="other-1.0"),
    row(status="survived", place="file"),
    row(rule="KLL302", operator="argument_left_out", is_for_validation=True, refuted=("KLL303",)),
]


def test_only_what_running_shows_counts() -> None:
    found = {(figures["kind"], figures["name"]): figures for figures in counted(ROWS)}
    assert {name for kind, name in found if kind == "place"} == {"base", "call"}
    assert [found[key]["killed"] for key in (("all", "all"), ("rule", "KLL101"), ("packages", "validation"))] == [
        3,
        2,
        1,
    ]
    assert found["rule", "KLL101"]["found"] == 1
    every = found["all", "all"]
    assert [every[name] for name in ("found", "refuted", "operators", "packages")] == [2, 1, 2, 2]


def test_figures_are_kept_with_their_revision(tmp_path: Path) -> None:
    write(ROWS, tmp_path / "seeding.csv", "abc1234")
    with (tmp_path / "seeding.csv").open(encoding="utf-8", newline="") as file:
        kept = list(csv.DictReader(file))
    assert {each["revision"] for each in kept} == {"abc1234"}
    assert [(each["killed"], each["found"]) for each in kept if each["kind"] == "all"] == [("3", "2")]


def test_what_was_planted_of_some_rules_replaces_their_figures(tmp_path: Path) -> None:
    path = tmp_path / "seeding.csv"
    write(ROWS, path, "abc1234")
    write([row(), row(rule="KLL303")], path, "def5678", ["KLL1", "KLL303"])
    with path.open(encoding="utf-8", newline="") as file:
        kept = list(csv.DictReader(file))
    assert [(each["name"], each["killed"], each["revision"]) for each in kept if each["kind"] == "rule"] == [
        ("KLL101", "1", "def5678"),
        ("KLL302", "1", "abc1234"),
        ("KLL303", "1", "def5678"),
    ]
    assert [(each["killed"], each["revision"]) for each in kept if each["kind"] == "all"] == [("3", "abc1234")]


def test_the_table_shows_each_kind() -> None:
    shown = table(ROWS)
    assert all(title in shown for title in ("rule", "place", "generation", "packages"))
    assert "4 planted: 3 killed, 1 survived, 0 stillborn" in shown


def test_verdicts_are_counted_by_the_rule_of_the_finding() -> None:
    said = (("KLL101", "confirmed", ""), ("KLL104", "inconclusive", "not run"))
    shown = verdicts([row(verdicts=said), row(verdicts=said[:1]), row()])
    assert [line.split() for line in shown.splitlines()] == [
        ["verdicts", "confirmed", "refuted", "inconclusive"],
        ["KLL101", "2", "0", "0"],
        ["KLL104", "0", "0", "1"],
        ["all", "2", "0", "1"],
        ["0.667", "confirmed"],
    ]


DEFAULT = [
    row(),
    row(is_warned=False),
    row(rule="KLL151", is_shown=False, is_warned=False),
    row(rule="KLL302", is_found=False, is_shown=False, is_warned=False),
    row(rule="KLL303"),
    row(status="survived"),
]


def test_what_is_found_without_any_use(tmp_path: Path) -> None:
    killed = [each for each in DEFAULT if each.status == "killed"]
    told = "of 5 mutants 4 found (0.800); by default 3 (0.600), in an error or a warning 2 (0.400)"
    assert by_default(killed) == told
    assert told in table(DEFAULT)
    write_by_default(DEFAULT, tmp_path / "default.csv", "abc1234")
    assert (tmp_path / "default.csv").read_text(encoding="utf-8").splitlines() == [
        "rule,killed,found,shown,warned,revision",
        "all,5,4,3,2,abc1234",
        "KLL101,2,2,2,1,abc1234",
        "KLL151,1,1,0,0,abc1234",
    ]
