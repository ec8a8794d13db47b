"""Faults that people reported in public: small modules written anew, what running them shows, whether klint speaks.

`faults.csv` has a row for each module in `modules/`:

- `slug`: the name of the module, with `-` for `_`
- `keras`, `backend`: what it is for, and what it was run with
- `kind`: what kind of fault it is
- `shows`: what `run` of the module ends with; what begins with "silent" raises nothing by itself
- `rule`: the rule that speaks of it or should; empty where reading cannot know it, or no rule has it
- `before`, `now`: whether klint spoke of it before anything was mended, and does today, by an error or a warning
- `source`: where a fault of the kind was reported; empty for what was written beside such a one
"""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterable
from dataclasses import dataclass, fields
from pathlib import Path
from tempfile import TemporaryDirectory

FOLDER = Path(__file__).parent
MODULES = FOLDER / "modules"
TABLE = FOLDER / "faults.csv"


@dataclass(frozen=True, slots=True)
class ReportedFault:
    """A row of `faults.csv`."""

    slug: str
    keras: str
    backend: str
    kind: str
    shows: str
    rule: str
    before: bool
    now: bool
    source: str

    @property
    def path(self) -> Path:
        """The module that has the fault."""
        return MODULES / f"{self.slug.replace('-', '_')}.py"


def reported_faults() -> list[ReportedFault]:
    """All of them, in the order of the table."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [
        ReportedFault(
            **{name: row[name] for name in ("slug", "keras", "backend", "kind", "shows", "rule", "source")},
            before=row["before"] == "yes",
            now=row["now"] == "yes",
        )
        for row in rows
    ]


def write(faults: Iterable[ReportedFault]) -> None:
    """Write the table anew."""
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        names = [field.name for field in fields(ReportedFault)]
        writer.writerow(names)
        for fault in faults:
            values = [getattr(fault, name) for name in names]
            writer.writerow([{True: "yes", False: "no"}.get(value, value) for value in values])


def found(faults: Iterable[ReportedFault]) -> set[str]:
    """The slugs of those of which an error or a warning of static linting speaks today."""
    from keras_layer_lint import Settings, Severity, lint_paths

    speaks = set()
    with TemporaryDirectory() as folder:
        for fault in faults:  # each alone: other modules of a project have their say
            alone = Path(folder) / fault.slug
            alone.mkdir()
            settings = Settings(keras=(fault.keras,), backend=fault.backend, select=("KLL",), jobs=1, root=str(alone))
            report = lint_paths([shutil.copy(fault.path, alone)], settings)
            if any(item.code == fault.rule and item.severity > Severity.NOTE for item in report.diagnostics):
                speaks.add(fault.slug)
    return speaks
