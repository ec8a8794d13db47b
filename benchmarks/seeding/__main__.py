"""Recall of static klint, measured by faults planted in sound layers of real packages: `python -m benchmarks.seeding`.

The packages are downloaded with pip, unpacked under `--folder`, and run: what they import must be installed. A layer is
a subject where `--confirm=all` plans it, and neither reading nor running has anything to report. In copies of the
packages each operator plants its fault; a mutant counts where running it shows the fault. Of the packages for
validation only figures are shown. The same seed gives the same mutants.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from benchmarks.seeding.figures import Row, by_operator, shown, table, write
from benchmarks.seeding.mutants import Mutant, mutants
from benchmarks.seeding.packages import Package, chosen, unpacked
from benchmarks.seeding.registry import Operator, operators
from benchmarks.seeding.subjects import Subject, cached_plans, subjects
from benchmarks.seeding.trial import Outcome, Placed, Workshop, outcomes, run

FIGURES = Path(__file__).parent.parent / "seeding.csv"
_ENOUGH_TRIES = 10
"""An operator of whose first mutants none is killed plants no more."""
_BATCH = 200
_TRIED = 2
"""For each layer wanted, how many classes are tried."""


@dataclass
class Queue:
    """What an operator still has to plant, and what came of it so far."""

    operator: Operator
    waiting: Iterator[Mutant]
    count: Counter[str] = field(default_factory=Counter)
    is_empty: bool = False

    @property
    def is_open(self) -> bool:
        hopeless = self.count.total() >= _ENOUGH_TRIES and not self.count["killed"]
        return not self.is_empty and not hopeless


def main(arguments: Sequence[str] | None = None) -> int:
    options = read(arguments)
    rows: list[Row] = []
    known = read_known(options.known)
    with tempfile.TemporaryDirectory(prefix="seeding-") as folder:
        workshop = Workshop(Path(folder))
        found = sound_subjects(workshop, chosen(options.packages), options)
        print(f"{len(found)} sound layers of {len({each.package for each in found})} packages", file=sys.stderr)
        chosen_operators = [each for each in operators() if not options.operators or each.name in options.operators]
        queues = [Queue(each, mutants(each, found, options.seed)) for each in chosen_operators]
        while any(queue.is_open for queue in queues) and killed(queues) < options.mutants:
            for outcome in plant(workshop, queues, options, known):
                rows.append(Row.of(outcome))
                if wants(outcome, options.show):
                    print(shown(outcome), flush=True)
            print(f"{len(rows)} planted, {killed(queues)} killed", file=sys.stderr, flush=True)
            if options.json:
                options.json.write_text(json.dumps([row.to_json() for row in rows], indent=1), encoding="utf-8")
    print(table(rows))
    if options.write:
        write(rows, FIGURES, options.write)
    if options.by_operator:
        print(f"\n{by_operator(rows)}")
    return 0


def read(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--packages", nargs="+", default=[], help="`spektral`, `spektral-1.3.1` or `spektral-1.3.1@2`")
    parser.add_argument("--folder", type=Path, default=Path("seeding-packages"), help="where packages lie unpacked")
    parser.add_argument("--cache", type=Path, default=Path("seeding-plans"), help="where plans are kept")
    parser.add_argument("--mutants", type=int, default=300, help="killed mutants after which it ends")
    parser.add_argument("--classes", type=int, default=12, help="layers of a package at most")
    parser.add_argument("--operators", nargs="+", default=[], help="only these, by name")
    parser.add_argument("--keras", choices=("2", "3"), help="only packages of this generation")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--show", choices=("missed", "other", "stillborn", "survived"), help="list these mutants")
    parser.add_argument("--by-operator", action="store_true", help="a table of operators, too")
    parser.add_argument(
        "--known", type=Path, help="what `--json` wrote before: these mutants are linted, not run again"
    )
    parser.add_argument(
        "--write", metavar="REVISION", help="write the figures to benchmarks/seeding.csv, as of this one"
    )
    parser.add_argument("--json", type=Path, help="write a record for each mutant to this file")
    return parser.parse_args(arguments)


def read_known(file: Path | None) -> dict[str, tuple[str, str]]:
    """Status and evidence by digest."""
    rows = json.loads(file.read_text(encoding="utf-8")) if file is not None and file.is_file() else []
    return {row["digest"]: (row["status"], row["evidence"]) for row in rows}


def sound_subjects(workshop: Workshop, packages: list[Package], options: argparse.Namespace) -> list[Subject]:
    """Layers that are sound also as they are placed and run here: with a fixed plan, in a module of another name."""
    found: list[Subject] = []
    for package in packages:
        if options.keras not in (None, package.keras):
            continue
        home = unpacked(package, options.folder).resolve()
        plans = cached_plans(package, home, _TRIED * options.classes, options.jobs, options.seed, options.cache)
        workshop.copy(package, home)
        found += subjects(package, home, plans, options.classes)
    placed = [workshop.place(None, subject) for subject in found]
    runs = run_again(placed, options.cache / "runs.json", options.jobs)
    for each in placed:
        workshop.remove(each)
    return [each.subject for each, is_sound in zip(placed, runs, strict=True) if is_sound and not each.found]


def run_again(placed: list[Placed], file: Path, jobs: int) -> list[bool]:
    """Whether running has nothing to report of layers as they are; kept in a file."""
    known = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    new = [each for each in placed if each.subject.digest not in known]
    for each, result in zip(new, run(new, jobs), strict=True):
        known[each.subject.digest] = not (result.reason or result.failures)
    file.write_text(json.dumps(known, indent=1), encoding="utf-8")
    return [known[each.subject.digest] for each in placed]


def plant(
    workshop: Workshop, queues: list[Queue], options: argparse.Namespace, known: Mapping[str, tuple[str, str]]
) -> list[Outcome]:
    """The next mutants: of each operator as many, until a batch is full."""
    chosen_mutants: list[tuple[Queue, Mutant]] = []
    open_queues = [queue for queue in queues if queue.is_open]
    each = max(1, _BATCH // len(open_queues))
    for queue in open_queues:
        some = list(islice(queue.waiting, each))
        queue.is_empty = len(some) < each
        chosen_mutants += [(queue, mutant) for mutant in some]
    placed = [workshop.place(mutant, mutant.subject) for _, mutant in chosen_mutants]
    done = outcomes(placed, options.jobs, known)
    for (queue, _), outcome in zip(chosen_mutants, done, strict=True):
        queue.count[outcome.status] += 1
        workshop.remove(outcome.placed)
    return done


def killed(queues: list[Queue]) -> int:
    return sum(queue.count["killed"] for queue in queues)


def wants(outcome: Outcome, show: str | None) -> bool:
    if show is None or outcome.placed.subject.package.is_for_validation:
        return False
    if show == "missed":
        return outcome.status == "killed" and not outcome.placed.hits
    if show == "other":
        return outcome.status == "killed" and bool(outcome.placed.others)
    return outcome.status == show


if __name__ == "__main__":
    sys.exit(main())
