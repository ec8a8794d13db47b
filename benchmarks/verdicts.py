"""Verdicts of confirm mode against the labels: `python -m benchmarks.verdicts deepctr-0.9.4=report.json ...`.

Each report is what `klint . --confirm --output-format json` wrote in the folder that holds the package, whose labels
are `labels/deepctr-0.9.4.csv`. A true label that is refuted, or a false one that is confirmed, is a fault of one of
the two: these are listed.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.accuracy import labels

STATUSES = ("confirmed", "refuted", "inconclusive")


@dataclass(frozen=True, slots=True)
class Verdict:
    """One verdict, and the label of its diagnostic: None where it has none."""

    package: str
    place: str
    code: str
    class_name: str
    status: str
    evidence: str
    plan: str
    is_true: bool | None
    why: str

    @property
    def is_at_odds(self) -> bool:
        """Whether verdict and label say opposite things."""
        return (self.status, self.is_true) in {("refuted", True), ("confirmed", False)}

    def __str__(self) -> str:
        label = {True: "true", False: "false", None: "no label"}[self.is_true]
        return (
            f"{self.package} {self.place} {self.code} {self.class_name}: {self.status}, label {label}\n"
            f"    {self.evidence}\n    {self.plan}" + (f"\n    label: {self.why}" if self.why else "")
        )


def read(package: str, report: Path) -> list[Verdict]:
    """The verdicts of a report."""
    known = {(label.path, label.line, label.code): label for label in labels(package)}
    found = []
    for diagnostic in json.loads(report.read_text(encoding="utf-8"))["diagnostics"]:
        verdict = diagnostic["verdict"]
        if verdict is None:
            continue
        label = known.get((diagnostic["path"], diagnostic["line"], diagnostic["code"]))
        found.append(
            Verdict(
                package=package,
                place=f"{diagnostic['path']}:{diagnostic['line']}",
                code=diagnostic["code"],
                class_name=diagnostic["class"],
                status=verdict["status"],
                evidence=verdict["evidence"],
                plan=f"constructed with {verdict['arguments'] or '-'}, called on {verdict['inputs'] or '-'}",
                is_true=label.is_true if label else None,
                why=label.why if label else "",
            )
        )
    return found


def table(found: Iterable[Verdict]) -> str:
    """A row for each rule: the verdicts on true labels, on false ones, and on what has none."""
    counts = Counter((verdict.code, verdict.is_true, verdict.status) for verdict in found)
    codes = sorted({code for code, _, _ in counts})
    rows = [f"{'':8}{'true':>12}{'':21}{'false':>9}{'':21}{'no label':>12}"]
    rows.append(f"{'rule':8}" + 3 * "".join(f"{status[:9]:>11}" for status in STATUSES))
    for name in [*codes, "all"]:
        cells = [
            sum(counts[code, is_true, status] for code in ([name] if name != "all" else codes))
            for is_true in (True, False, None)
            for status in STATUSES
        ]
        rows.append(f"{name:8}" + "".join(f"{cell or '-':>11}" for cell in cells))
    return "\n".join(rows)


def reasons(found: Iterable[Verdict]) -> str:
    """Why verdicts are inconclusive, the most frequent reason first."""
    counts = Counter(
        re.sub(r"`[^`]*`|\d+", "_", verdict.evidence)[:90] for verdict in found if verdict.status == "inconclusive"
    )
    return "\n".join(f"{count:4d}  {reason}" for reason, count in counts.most_common())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("reports", nargs="+", metavar="PACKAGE=REPORT")
    parser.add_argument("--show", choices=STATUSES, help="list all verdicts of this kind")
    given = parser.parse_args()
    found: list[Verdict] = []
    for word in given.reports:
        package, _, report = word.partition("=")
        found += read(package, Path(report))
    for verdict in found:
        if verdict.is_at_odds or verdict.status == given.show:
            print(verdict)
    print(table(found))
    print(reasons(found))


if __name__ == "__main__":
    main()
