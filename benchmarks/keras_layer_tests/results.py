"""What was measured: a row for each mutant, the table of them, and where both are kept."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path

from benchmarks.keras_layer_tests.mutants import SOUND, Mutant
from benchmarks.keras_layer_tests.operators import FAMILIES

RESULTS = Path(__file__).with_name("results.csv")
PAGE = Path(__file__).parents[2] / "docs" / "testing.md"
_MARKS = "<!-- keras_layer_tests -->", "<!-- /keras_layer_tests -->"


@dataclass(frozen=True, slots=True)
class Row:
    """One mutant: what each of the two saw of it, empty where nothing."""

    port: str
    operator: str
    keras: str
    check: str
    """The first check of klint that fails."""
    klint: str

    @property
    def key(self) -> tuple[str, str]:
        """By which it is known again."""
        return self.port, self.operator


def by_both(mutant: Mutant, keras: Mapping[str, str], klint: Mapping[str, str], alarms: Iterable[str]) -> Row:
    """The row; what also fails on the layer as it is finds nothing."""
    known = set(alarms) if mutant.operator != SOUND else set()
    check, said = next(((name, text) for name, text in klint.items() if name not in known), ("", ""))
    return Row(mutant.port.name, mutant.operator, next(iter(keras.values()), ""), check, said)


def read(path: Path) -> list[Row]:
    """The rows of a file."""
    with path.open(encoding="utf-8", newline="") as file:
        return [Row(**row) for row in csv.DictReader(file)]


def write(path: Path, rows: Iterable[Row]) -> None:
    """Write them."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([field.name for field in fields(Row)])
        writer.writerows(astuple(row) for row in rows)


def table(rows: Sequence[Row], families: Mapping[str, Sequence[str]] | None = None) -> str:
    """How many mutants each of the two finds, by operator or family, and in all; and which layers either fails."""
    sound = [row for row in rows if row.operator == SOUND]
    planted = [row for row in rows if row.operator != SOUND]
    if families is None:
        families = {f"`{name}`": (name,) for name in sorted({row.operator for row in planted})}
    lines = ["| fault | mutants | both | only Keras's | only `check_layer` | neither |", "|---|---|---|---|---|---|"]
    lines += [_line(name, [row for row in planted if row.operator in own]) for name, own in families.items()]
    lines.append(_line("**all**", planted))
    by_keras = [row.port for row in sound if row.keras]
    by_klint = [f"{row.port}: `{row.check}`" for row in sound if row.klint]
    failed = f"{_named(by_keras)} Keras's test case and {_named(by_klint)} `check_layer`"
    return "\n".join([*lines, "", f"Of the {len(sound)} tests of layers as they are, {failed}."])


def _named(failed: Sequence[str]) -> str:
    names = f" ({', '.join(failed)})" if failed else ""
    return f"{len(failed)} {'fails' if len(failed) == 1 else 'fail'}{names}"


def _line(name: str, rows: Sequence[Row]) -> str:
    counts = Counter((bool(row.keras), bool(row.klint)) for row in rows)
    cells = [len(rows), counts[True, True], counts[True, False], counts[False, True], counts[False, False]]
    return f"| {name} | {' | '.join(map(str, cells))} |"


def write_page(rows: Sequence[Row], page: Path = PAGE) -> None:
    """Put the table by families between its marks."""
    text = page.read_text(encoding="utf-8")
    begin, end = _MARKS
    found = re.search(rf"{begin}.*?{end}", text, re.DOTALL)
    assert found is not None, f"{page.name} has no {begin}"
    page.write_text(
        text[: found.start()] + f"{begin}\n{table(rows, FAMILIES)}\n{end}" + text[found.end() :], encoding="utf-8"
    )
