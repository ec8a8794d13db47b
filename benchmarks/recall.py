"""How much of what running shows static linting had seen: `python -m benchmarks.recall deepctr-0.9.4=report.json ...`.

Each report is what `klint . --confirm=all --output-format json` wrote in the folder that holds the package. A fault is
a class, a generation of Keras and an oracle (graph, build, reload, train, xla, ...): what running shows there. Static
linting has it where a finding on that class was confirmed by that oracle, or where one that was not refuted stands at
the line that fails, as in a base of the class; it missed it where only KLL900 speaks of it.

What it missed is judged in `misses/deepctr-0.9.4.csv` (path, class, oracle, keras, verdict, why). The verdicts:
`miss`, a rule could see it; `unknowable`, reading cannot know it, which counts as missed, too; `mistake`, confirm mode
is wrong, and nothing is missed. Whatever has no verdict counts as missed. Notes do not count.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

COUNTS = Path(__file__).parent / "recall.csv"
MISSES = Path(__file__).parent / "misses"
VERDICTS = ("miss", "unknowable", "mistake")
ONLY_WHEN_RUN = "KLL900"


@dataclass(frozen=True, slots=True)
class Fault:
    """What running a class shows, by one oracle."""

    package: str
    path: str
    class_name: str
    keras: str
    oracle: str


@dataclass(frozen=True, slots=True)
class Seen:
    """A fault that running shows, and the codes of the findings that speak of it; none where it was missed."""

    fault: Fault
    codes: tuple[str, ...]
    evidence: str
    verdict: str
    """One of `VERDICTS`, or empty where nobody has judged yet."""
    why: str

    @property
    def counts(self) -> bool:
        """Whether there is a fault at all."""
        return self.verdict != "mistake"


def judged(package: str) -> dict[Fault, tuple[str, str]]:
    """The verdicts on what was missed in a package, and why; raises ValueError on an unknown one."""
    path = MISSES / f"{package}.csv"
    if not path.exists():
        return {}
    found = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["verdict"] not in VERDICTS:
                raise ValueError(f"{path.name}: unknown verdict {row['verdict']!r}")
            fault = Fault(package, row["path"], row["class"], row["keras"], row["oracle"])
            found[fault] = (row["verdict"], row["why"])
    return found


def read(package: str, report: dict[str, object]) -> list[Seen]:
    """The faults that a report of `--confirm=all` shows."""
    verdicts = judged(package)
    codes: dict[Fault, set[str]] = {}
    evidence: dict[Fault, str] = {}
    diagnostics = report["diagnostics"]
    assert isinstance(diagnostics, list)
    at_line: dict[tuple[str, int], set[str]] = {}
    for item in diagnostics:
        refuted = item["verdict"] is not None and item["verdict"]["status"] == "refuted"
        if item["code"] != ONLY_WHEN_RUN and item["severity"] != "note" and not refuted:
            at_line.setdefault((item["path"], item["line"]), set()).add(item["code"])
    for item in diagnostics:
        verdict = item["verdict"]
        if verdict is None or verdict["status"] != "confirmed" or item["severity"] == "note":
            continue
        generation = verdict["keras"].partition(".")[0]
        fault = Fault(package, item["path"], item["class"] or "", generation, verdict["oracle"])
        speaking = codes.setdefault(fault, set())
        if item["code"] != ONLY_WHEN_RUN:
            speaking.add(item["code"])
        elif verdict["line"] is not None:
            speaking |= at_line.get((item["path"], verdict["line"]), set())
        evidence.setdefault(fault, verdict["evidence"])
    return [
        Seen(fault, tuple(sorted(found)), evidence[fault], *(("", "") if found else verdicts.get(fault, ("", ""))))
        for fault, found in codes.items()
    ]


def recall(seen: Iterable[Seen]) -> tuple[int, int]:
    """How many faults a finding speaks of, of how many."""
    faults = [item for item in seen if item.counts]
    return sum(bool(item.codes) for item in faults), len(faults)


def table(seen: list[Seen]) -> str:
    """A row for each package, and one for all."""
    rows = [f"{'package':40}{'faults':>8}{'found':>8}{'recall':>8}{'mistakes':>10}{'not judged':>12}"]
    for package in [*dict.fromkeys(item.fault.package for item in seen), "all"]:
        mine = [item for item in seen if package in (item.fault.package, "all")]
        found, faults = recall(mine)
        share = f"{found / faults:.2f}" if faults else "-"
        mistakes = sum(not item.counts for item in mine)
        open_ = sum(not item.codes and not item.verdict for item in mine)
        rows.append(f"{package:40}{faults:>8}{found:>8}{share:>8}{mistakes:>10}{open_:>12}")
    missed = Counter(item.fault.oracle for item in seen if item.counts and not item.codes)
    rows.append("missed by oracle: " + (", ".join(f"{name} {count}" for name, count in missed.most_common()) or "none"))
    return "\n".join(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("reports", nargs="+", metavar="PACKAGE=REPORT")
    parser.add_argument("--show", choices=[*VERDICTS, "open"], help="list what has this verdict, or none yet")
    parser.add_argument(
        "--write", metavar="REVISION", help="keep the counts for docs/accuracy.md, as those of klint then"
    )
    given = parser.parse_args()
    seen: list[Seen] = []
    packages = []
    for word in given.reports:
        package, _, report = word.partition("=")
        packages.append(package)
        seen += read(package, json.loads(Path(report).read_text(encoding="utf-8")))
    for item in seen:
        if given.show and not item.codes and item.verdict == ("" if given.show == "open" else given.show):
            fault = item.fault
            print(f"{fault.package} {fault.path} {fault.class_name} Keras {fault.keras} {fault.oracle}")
            print(f"    {item.evidence}" + (f"\n    {item.why}" if item.why else ""))
    print(table(seen))
    if given.write:
        write(seen, packages, given.write)


def write(seen: list[Seen], packages: Iterable[str], revision: str) -> None:
    """Keep how many faults each package has, and how many were found; those without any, too."""
    with COUNTS.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(("package", "faults", "found", "not judged", "revision"))
        for package in sorted(packages):
            mine = [item for item in seen if item.fault.package == package]
            found, faults = recall(mine)
            open_ = sum(not item.codes and not item.verdict for item in mine)
            rows.writerow((package, faults, found, open_, revision))


if __name__ == "__main__":
    main()
