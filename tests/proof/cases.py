"""What has to be proved, read from the pages: each marked line of a bad example, each class of a good one."""

from __future__ import annotations

import ast
import re
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

from keras_layer_lint import Settings, lint_source
from tests.proof.claim import Claim
from tests.rule_pages import Block, Page, read_pages

NOTHING_TO_RUN = {"KLL001", "KLL002", "KLL900"}
"""Codes about the file, or about what was run already."""

_ROW = re.compile(r"^\| ([^|]+?) +\| ([^|]+?) +\| (.+?) +\|$", re.MULTILINE)
_ERROR = re.compile(r"\b[A-Z]\w*Error\b")


@dataclass(frozen=True, slots=True)
class Case:
    block: Block
    keras: str
    class_name: str
    claim: Claim | None

    def __str__(self) -> str:
        what = f"{self.claim.code}-line{self.claim.line}" if self.claim else "good"
        return f"{self.block}-keras{self.keras}-{what}-{self.class_name}"

    def request(self) -> dict[str, Any]:
        return {
            "id": str(self),
            "code": self.block.page[:6],
            "source": self.block.source,
            "marked": sorted({line for line, _ in self.block.expected}),
            "class_name": self.class_name,
            "claim": asdict(self.claim) if self.claim else None,
        }


def read_cases() -> list[Case]:
    return [
        case
        for page in read_pages()
        if page.code not in NOTHING_TO_RUN
        for block in page.blocks
        if block.backend == "tensorflow"
        for keras in block.keras
        for case in (_bad(page, block, keras) if block.is_bad else _good(block, keras))
    ]


def _good(block: Block, keras: str) -> list[Case]:
    classes = [node.name for node in ast.parse(block.source).body if isinstance(node, ast.ClassDef)]
    return [Case(block, keras, name, None) for name in classes]


def _bad(page: Page, block: Block, keras: str) -> list[Case]:
    pages = {page.code: page for page in read_pages()}
    found = lint_source(block.source, "example.py", Settings(keras=(keras,), extend_select=(page.code,)))
    return [
        Case(
            block,
            keras,
            diagnostic.class_name or "",
            Claim(
                diagnostic.code,
                diagnostic.span.line,
                diagnostic.severity.label,
                diagnostic.message,
                diagnostic.class_name or "",
                tuple(_ERROR.findall(diagnostic.message))
                or _errors(pages[diagnostic.code], keras, diagnostic.severity.label),
            ),
        )
        for diagnostic in found
        if diagnostic.code not in NOTHING_TO_RUN
    ]


@cache
def _rows(page: Page) -> list[tuple[str, str, tuple[str, ...]]]:
    """Generation, severity and exceptions of each row of the table; "the same" takes those of the row above."""
    text = page.path.read_text(encoding="utf-8").partition("## Severity\n")[2].partition("\n## ")[0]
    rows: list[tuple[str, str, tuple[str, ...]]] = []
    for keras, severity, happens in _ROW.findall(text):
        named = tuple(_ERROR.findall(happens))
        if happens.startswith("the same") and rows:
            named += rows[-1][2]
        rows.append((keras, severity, named))
    return rows


def _errors(page: Page, keras: str, severity: str) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys(
            name
            for row_keras, row_severity, names in _rows(page)
            if row_keras in {keras, "both"} and severity in row_severity
            for name in names
        )
    )
