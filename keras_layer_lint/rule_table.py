"""What the pages and measurements say of each rule, in short: a row a rule."""

from __future__ import annotations

import pkgutil
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

from keras_layer_lint.explain import Page, find_pages, measured, pages
from keras_layer_lint.fixes import rules as fix_modules
from keras_layer_lint.registry import opt_in
from keras_layer_lint.report.text import paint

TARGETS = ("2", "3", "3 on JAX")
_SECTION = re.compile(r"^## Severity\n(.*?)(?=^## )", re.MULTILINE | re.DOTALL)
_WORD = re.compile(r"\b(error|warning|note)\b")
_COLUMNS = ("code", "name", "Keras 2", "Keras 3", "on JAX", "", "fix", "precision")


@dataclass(frozen=True, slots=True)
class Row:
    """One rule in short."""

    code: str
    name: str
    url: str
    summary: str
    severity: dict[str, str]
    """By target, the worst first: `error/warning`; empty where it is silent."""
    is_default: bool
    fix: str
    """`safe`: some of its fixes are; `unsafe`: none is; empty: it has none."""
    true: int
    judged: int
    """So many of its findings on real packages were judged, and so many were true."""

    @property
    def precision(self) -> float | None:
        """The share that was true; None where none was judged."""
        return self.true / self.judged if self.judged else None

    def to_json(self) -> dict[str, Any]:
        """The row as `klint rule --output-format json` has it."""
        return asdict(self) | {"precision": self.precision}


@cache
def rows() -> tuple[Row, ...]:
    """Every rule, by code."""
    figures = measured()
    return tuple(_row(page, figures.get(page.rule.code, (0, 0))) for page in pages())


def rows_of(words: Sequence[str]) -> tuple[Row, ...]:
    """The rules that have these codes, beginnings of codes, or names; all, if none is named."""
    if not words:
        return rows()
    asked = [word.upper() for word in words]
    known = [row.code for row in rows()]
    exact = [word for word in words if not any(code.startswith(word.upper()) for code in known)]
    codes = {page.rule.code for page in find_pages(exact)}  # which says what no rule is called
    prefixes = tuple(word for word in asked if word.startswith("KLL"))
    return tuple(row for row in rows() if row.code in codes or row.code.startswith(prefixes or ("-",)))


def _row(page: Page, figures: tuple[int, int]) -> Row:
    code, name, text = page.rule.code, page.rule.name, page.text
    return Row(
        code=code,
        name=name,
        url=page.rule.url,
        summary=text.split("\n")[1].strip(),
        severity=_severities(text),
        is_default=code not in opt_in(),
        fix=_fix(name, text),
        true=figures[0],
        judged=figures[1],
    )


def _severities(text: str) -> dict[str, str]:
    """The words of the table on the page; what holds in Keras 3 holds on JAX, where that is not said otherwise."""
    found: dict[str, list[str]] = {target: [] for target in TARGETS}
    is_said: set[str] = set()
    for where, severity, _ in said_of_severity(text):
        for target in _targets(where):
            is_said.add(target)
            found[target] += _WORD.findall(severity)
    if "3 on JAX" not in is_said:
        found["3 on JAX"] = found["3"]
    order = ("error", "warning", "note")
    return {target: "/".join(sorted(set(words), key=order.index)) for target, words in found.items()}


def said_of_severity(text: str) -> list[tuple[str, str, str]]:
    """The table of a page: for which Keras, how severe, and what happens."""
    section = _SECTION.search(text)
    found = []
    for line in section[1].split("\n") if section else ():
        cells = [cell.strip() for cell in line.strip("|").split("|", 2)]
        if line.startswith("|") and len(cells) == 3 and not cells[0].startswith(("-", "Keras")):
            found.append((cells[0], cells[1], cells[2]))
    return found


def _targets(cell: str) -> Iterable[str]:
    if cell.startswith(("both", "all", "2, 3")):
        return ("2", "3")
    if cell.startswith("3 on JAX"):
        return ("3 on JAX",)
    return (cell[:1],) if cell[:1] in ("2", "3") else ()


@cache
def _fixed() -> frozenset[str]:
    return frozenset(module.name.replace("_", "-") for module in pkgutil.iter_modules(fix_modules.__path__))


def _fix(name: str, text: str) -> str:
    if name not in _fixed():
        return ""
    return "safe" if re.search(r"^```python before(?! unsafe)", text, re.MULTILINE) else "unsafe"


def table(shown: Sequence[Row], color: bool = False) -> str:
    """The rows as a table for people."""
    lines = [_COLUMNS, *map(_cells, shown)]
    widths = [max(len(cells[at]) for cells in lines) for at in range(len(_COLUMNS))]
    return "".join(f"{_line(cells, widths, color)}\n" for cells in lines)


def _cells(row: Row) -> tuple[str, ...]:
    precision = "" if row.precision is None else f"{row.precision:.3f} of {row.judged}"
    severity = [row.severity[target] or "-" for target in TARGETS]
    return (row.code, row.name, *severity, "" if row.is_default else "off by default", row.fix, precision)


def _line(cells: Sequence[str], widths: Sequence[int], color: bool) -> str:
    parts = []
    for cell, width in zip(cells, widths, strict=True):
        worst = cell.partition("/")[0]
        is_severity = worst in ("error", "warning", "note")
        parts.append((paint(cell, worst, color) if is_severity else cell) + " " * (width - len(cell)))
    return "  ".join(parts).rstrip()
