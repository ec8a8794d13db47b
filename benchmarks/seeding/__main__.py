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

from benchmarks.seeding.figures import Row, by_operator, shown, table, verdicts, write, write_by_default
from benchmarks.seeding.mutants import Mutant, mutants
from benchmarks.seeding.packages import Package, chosen, unpacked
from benchmarks.seeding.registry import Operator, operators
from benchmarks.seeding.subjects import POOLS, Subject, cached_plans, is_clean, is_sound, subjects
from benchmarks.seeding.trial import Outcome, Placed, Workshop, outcomes, run

FIGURES = Path(__file__).parent.parent / "seeding.csv"
BY_DEFAULT = FIGURES.with_name("seeding_by_default.csv")
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
        asked_for = [each for each in operators() if is_asked_for(each, options)]
        kinds = {kind for each in asked_for for kind in each.kinds}
        found = sound_subjects(workshop, chosen(options.packages), kinds, options)
        count = Counter(each.kind for each in found)
        print(
            f"{len({each.package for each in found})} packages, sound subjects: "
            + ", ".join(f"{number} {kind}" for kind, number in sorted(count.items())),
            file=sys.stderr,
        )
        queues = [Queue(each, planted(each, found, options, known)) for each in asked_for]
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
        write(rows, FIGURES, options.write, options.rules)
    if options.write_default:
        write_by_default(rows, BY_DEFAULT, options.write_default)
    if options.verdicts:
        print(f"\n{verdicts(rows)}")
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
    parser.add_argument("--rules", nargs="+", default=[], help="only operators of these, by code: `KLL401 KLL4`")
    parser.add_argument("--keras", choices=("2", "3"), help="only packages of this generation")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--show", choices=("missed", "other", "stillborn", "survived", "undecided"), help="list these mutants"
    )
    parser.add_argument(
        "--verdicts", action="store_true", help="put the findings on killed mutants to confirm mode: all are true"
    )
    parser.add_argument("--by-operator", action="store_true", help="a table of operators, too")
    parser.add_argument(
        "--known", type=Path, help="what `--json` wrote before: these mutants are linted, not run again"
    )
    parser.add_argument("--only-known", action="store_true", help="with `--known`: only these mutants; nothing is run")
    parser.add_argument(
        "--write",
        metavar="REVISION",
        help="write the figures to benchmarks/seeding.csv, as of this one; with `--rules` those of these rules only",
    )
    parser.add_argument(
        "--write-default",
        metavar="REVISION",
        help="write what is found with `--any-use` and without it to benchmarks/seeding_by_default.csv",
    )
    parser.add_argument("--json", type=Path, help="write a record for each mutant to this file")
    return parser.parse_args(arguments)


def read_known(file: Path | None) -> dict[str, tuple[str, str]]:
    """Status and evidence by digest."""
    rows = json.loads(file.read_text(encoding="utf-8")) if file is not None and file.is_file() else []
    return {row["digest"]: (row["status"], row["evidence"]) for row in rows}


def planted(
    operator: Operator, found: list[Subject], options: argparse.Namespace, known: Mapping[str, tuple[str, str]]
) -> Iterator[Mutant]:
    """What an operator plants, or with `--only-known` what of that was run before: the first that it plants."""
    unknown = 0
    for mutant in mutants(operator, found, options.seed):
        if not options.only_known or mutant.digest in known:
            unknown = 0
            yield mutant
        elif (unknown := unknown + 1) >= _ENOUGH_TRIES:
            return


def is_asked_for(operator: Operator, options: argparse.Namespace) -> bool:
    """Whether an operator is to plant anything."""
    if not options.operators and not options.rules:
        return True
    return operator.name in options.operators or operator.rule.startswith(tuple(options.rules))


def sound_subjects(
    workshop: Workshop, packages: list[Package], kinds: set[str], options: argparse.Namespace
) -> list[Subject]:
    """Classes that are sound also as they are placed and run here: with a fixed plan, in a module of another name."""
    found: list[Subject] = []
    most = _TRIED * options.classes
    for package in packages:
        if options.keras not in (None, package.keras):
            continue
        home = unpacked(package, options.folder).resolve()
        plans = [
            plan
            for pool in POOLS
            if not kinds.isdisjoint(POOLS[pool].values()) and (pool in package.pools or not package.pools)
            for plan in cached_plans(package, home, pool, most, options.jobs, options.seed, options.cache)
            if plan.kind in kinds
        ]
        workshop.copy(package, home)
        found += subjects(package, home, plans, options.classes)
    placed = [workshop.place(None, subject) for subject in found]
    runs = run_again(placed, options.cache / "runs.json", options.jobs)
    for each in placed:
        workshop.remove(each)
    return [
        each.subject
        for each, is_still in zip(placed, runs, strict=True)
        if is_still and is_clean(each.found, each.subject.kind)
    ]


def run_again(placed: list[Placed], file: Path, jobs: int) -> list[bool]:
    """Whether running has nothing to report of classes as they are; kept in a file.

    Nor may it show of one that is sound what an operator asks about its mutants.
    """
    known = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    new = [each for each in placed if _key(each) not in known]
    for each, result in zip(new, run(new, jobs), strict=True):
        is_shown = any(verdict.status == "confirmed" for verdict in result.verdicts)
        known[_key(each)] = not is_shown and (bool(result.verdicts) or is_sound(result, each.subject.kind))
    file.write_text(json.dumps(known, indent=1), encoding="utf-8")
    return [known[_key(each)] for each in placed]


def _key(placed: Placed) -> str:
    """By which a run of a class as it is is known again."""
    asked = "".join(f" {claim.code} {claim.expects}" for claim in placed.probe.claims)
    return placed.subject.digest + asked


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
    shown = shown_before(workshop, {(queue.operator, mutant.subject) for queue, mutant in chosen_mutants}, options)
    chosen_mutants = [each for each in chosen_mutants if (each[0].operator, each[1].subject) not in shown]
    placed = [workshop.place(mutant, mutant.subject) for _, mutant in chosen_mutants]
    done = outcomes(placed, options.jobs, known, decide=options.verdicts)
    for (queue, _), outcome in zip(chosen_mutants, done, strict=True):
        queue.count[outcome.status] += 1
        workshop.remove(outcome.placed)
    return done


def shown_before(
    workshop: Workshop, pairs: set[tuple[Operator, Subject]], options: argparse.Namespace
) -> set[tuple[Operator, Subject]]:
    """Operators with the classes of which running shows, as they are, what the operators ask about mutants.

    What was run before was asked then.
    """
    if options.only_known:
        return set()
    asked = sorted((pair for pair in pairs if pair[0].asked is not None), key=lambda pair: (pair[0].name, str(pair[1])))
    placed = [workshop.place(None, subject, operator) for operator, subject in asked]
    runs = run_again(placed, options.cache / "runs.json", options.jobs)
    for each in placed:
        workshop.remove(each)
    return {pair for pair, is_unseen in zip(asked, runs, strict=True) if not is_unseen}


def killed(queues: list[Queue]) -> int:
    return sum(queue.count["killed"] for queue in queues)


def wants(outcome: Outcome, show: str | None) -> bool:
    if show is None or outcome.placed.subject.package.is_for_validation:
        return False
    if show == "missed":
        return outcome.status == "killed" and not outcome.placed.hits
    if show == "other":
        return outcome.status == "killed" and bool(outcome.placed.others)
    if show == "undecided":
        return any(each.status != "confirmed" for each in outcome.said if each.is_of_what_was_planted)
    return outcome.status == show


if __name__ == "__main__":
    sys.exit(main())
