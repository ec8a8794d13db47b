"""What was measured, as data and as tables."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.seeding.trial import Outcome
from keras_layer_lint.diagnostic import Severity


@dataclass(frozen=True)
class Row:
    """One mutant."""

    package: str
    path: str
    class_name: str
    keras: str
    rule: str
    operator: str
    place: str
    is_for_validation: bool
    status: str
    evidence: str
    is_found: bool
    is_shown: bool
    """Whether static klint speaks of it by default: no use of the class is needed that its project does not make."""
    is_warned: bool
    """Whether it does so in an error or a warning."""
    others: tuple[str, ...]
    """What static klint says besides."""
    refuted: tuple[str, ...]
    digest: str
    verdicts: tuple[tuple[str, str, str], ...] = ()
    """Rule, status and evidence of what static klint says of the planted fault, where confirm mode was asked."""

    @classmethod
    def of(cls, outcome: Outcome) -> Row:
        placed = outcome.placed
        mutant = placed.mutant
        assert mutant is not None
        subject = placed.subject
        return cls(
            package=subject.package.folder,
            path=subject.plan.path,
            class_name=subject.plan.class_name,
            keras=subject.generation,
            rule=mutant.operator.rule,
            operator=mutant.operator.name,
            place=mutant.place,
            is_for_validation=subject.package.is_for_validation,
            status=outcome.status,
            evidence=outcome.evidence,
            is_found=bool(placed.hits),
            is_shown=bool(placed.shown),
            is_warned=any(each.severity > Severity.NOTE for each in placed.shown),
            others=tuple(
                f"{each.code} {Path(each.path).name}:{each.span.line} {each.message}" for each in placed.others
            ),
            refuted=outcome.refuted,
            digest=mutant.digest,
            verdicts=tuple((said.code, said.status, str(said)) for said in outcome.said if said.is_of_what_was_planted),
        )

    def to_json(self) -> dict[str, object]:
        return asdict(self)


def table(rows: Iterable[Row]) -> str:
    """Recall by rule, place and generation; of validation packages apart."""
    every = list(rows)
    killed = [row for row in every if row.status == "killed"]
    counts = Counter(row.status for row in every)
    refuted = sum(bool(row.refuted) for row in killed)
    parts = [
        f"{len(every)} planted: {counts['killed']} killed, {counts['survived']} survived, "
        f"{counts['stillborn']} stillborn",
        f"{len({row.operator for row in killed})} operators, {len({row.rule for row in killed})} rules, "
        f"{len({row.package for row in killed})} packages",
        *(_table(kind, killed, key) for kind, key in KINDS.items() if kind != "all"),
        by_default(killed),
        f"of {sum(bool(row.others) for row in killed)} mutants something else is said, of {refuted} something refuted",
    ]
    return "\n\n".join(parts)


KINDS: dict[str, Callable[[Row], str]] = {
    "rule": lambda row: row.rule,
    "place": lambda row: row.place,
    "generation": lambda row: row.keras,
    "packages": lambda row: "validation" if row.is_for_validation else "other",
    "all": lambda row: "all",
}
"""What is counted apart."""


def counted(rows: Iterable[Row]) -> Iterator[dict[str, str | int]]:
    """The figures that are kept: of killed mutants, how many there are, were found, and had something refuted said."""
    killed = [row for row in rows if row.status == "killed"]
    for kind, key in KINDS.items():
        for name in sorted({key(row) for row in killed}):
            those = [row for row in killed if key(row) == name]
            yield {
                "kind": kind,
                "name": name,
                "killed": len(those),
                "found": sum(row.is_found for row in those),
                "refuted": sum(bool(row.refuted) for row in those),
                "operators": len({row.operator for row in those}),
                "packages": len({row.package for row in those}),
            }


def write(rows: Iterable[Row], path: Path, revision: str, rules: Sequence[str] = ()) -> None:
    """Write the figures, each with the revision of klint that they are of.

    `rules`: only operators of these were planted, as codes or how codes begin. What the file has of other rules, and of
    all of them together, stays as it is.
    """
    every: list[dict[str, str | int]] = [{**figures, "revision": revision} for figures in counted(rows)]
    if rules:
        with path.open(encoding="utf-8", newline="") as file:
            before = [dict(row) for row in csv.DictReader(file)]
        new = {row["name"]: row for row in every if row["kind"] == "rule"}
        of_rules = {row["name"]: row for row in before if row["kind"] == "rule"} | new
        every = [of_rules[name] for name in sorted(of_rules)] + [row for row in before if row["kind"] != "rule"]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(every[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(every)


def by_default(killed: Sequence[Row]) -> str:
    """What of the same mutants is found where nobody asks for uses that a project does not make."""
    total, found, shown, warned = _by_default(killed)
    share = 1 / max(1, total)
    return (
        f"of {total} mutants {found} found ({found * share:.3f}); by default {shown} ({shown * share:.3f}), "
        f"in an error or a warning {warned} ({warned * share:.3f})"
    )


def _by_default(killed: Sequence[Row]) -> tuple[int, int, int, int]:
    counts = (sum(getattr(row, kind) for row in killed) for kind in ("is_found", "is_shown", "is_warned"))
    found, shown, warned = counts
    return len(killed), found, shown, warned


def write_by_default(rows: Iterable[Row], path: Path, revision: str) -> None:
    """Write how many killed mutants are found with `--any-use` and without it: in all, and by rules that differ."""
    killed = [row for row in rows if row.status == "killed"]
    groups = {"all": killed}
    for rule in sorted({row.rule for row in killed}):
        groups[rule] = [row for row in killed if row.rule == rule]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["rule", "killed", "found", "shown", "warned", "revision"])
        for name, those in groups.items():
            total, found, shown, warned = _by_default(those)
            if name == "all" or warned < found:
                writer.writerow([name, total, found, shown, warned, revision])


def _table(title: str, rows: list[Row], key: Callable[[Row], str]) -> str:
    killed = Counter(map(key, rows))
    found = Counter(key(row) for row in rows if row.is_found)
    lines = [f"{title:14}{'killed':>8}{'found':>8}{'recall':>9}"]
    names = [*sorted(killed), "all"] if title == "rule" else sorted(killed)
    for name in names:
        total = len(rows) if name == "all" else killed[name]
        hits = sum(found.values()) if name == "all" else found[name]
        lines.append(f"{name:14}{total:8}{hits:8}{hits / total if total else 0:9.3f}")
    return "\n".join(lines)


def verdicts(rows: Iterable[Row]) -> str:
    """What confirm mode makes of findings on faults that running shows: each of them is true."""
    counts: dict[str, Counter[str]] = {}
    for row in rows:
        for code, status, _ in row.verdicts:
            for name in (code, "all"):
                counts.setdefault(name, Counter())[status] += 1
    lines = [f"{'verdicts':14}{'confirmed':>11}{'refuted':>11}{'inconclusive':>14}"]
    for name in [*sorted(counts.keys() - {"all"}), "all"]:
        count = counts.get(name, Counter())
        lines.append(f"{name:14}{count['confirmed']:11}{count['refuted']:11}{count['inconclusive']:14}")
    every = counts.get("all", Counter())
    lines.append(f"{every['confirmed'] / max(1, every.total()):.3f} confirmed")
    return "\n".join(lines)


def by_operator(rows: Iterable[Row]) -> str:
    """For whoever writes operators: what became of the mutants of each."""
    lines = [f"{'operator':30}{'rule':8}{'planted':>8}{'killed':>8}{'stillborn':>10}{'found':>8}"]
    groups: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        groups.setdefault((row.rule, row.operator), []).append(row)
    for (rule, name), those in sorted(groups.items()):
        killed = [row for row in those if row.status == "killed"]
        stillborn = sum(row.status == "stillborn" for row in those)
        found = sum(row.is_found for row in killed)
        lines.append(f"{name:30}{rule:8}{len(those):8}{len(killed):8}{stillborn:10}{found:8}")
    return "\n".join(lines)


def shown(outcome: Outcome) -> str:
    """A mutant with what was planted, for reading. Never of a validation package."""
    placed = outcome.placed
    mutant = placed.mutant
    assert mutant is not None
    assert not placed.subject.package.is_for_validation
    parts = [f"--- {mutant}", f"    {outcome.evidence}"]
    parts += [f"    says: {each.code} line {each.span.line}: {each.message}" for each in placed.found]
    parts += [f"    {each.status}: {each}" for each in outcome.said if each.status != "confirmed"]
    parts += _excerpt(mutant.text, mutant.lines)
    if mutant.other:
        parts += ["    ...", *_excerpt(mutant.other, mutant.other_lines)]
    return "\n".join(parts)


def _excerpt(text: str, lines: Iterable[int]) -> list[str]:
    every = text.split("\n")
    near = sorted({number for line in lines for number in range(line - 1, line + 2) if 1 <= number <= len(every)})
    return [f"    {number:5} {every[number - 1]}" for number in near[:40]]
