"""What the page of a rule promises: the exceptions that a finding comes to."""

from __future__ import annotations

import re
from functools import cache

from keras_layer_lint.confirm.probe import Claim
from tests.rule_pages import Page, read_pages

_ROW = re.compile(r"^\| ([^|]+?) +\| ([^|]+?) +\| (.+?) +\|$", re.MULTILINE)
_ERROR = re.compile(r"\b[A-Z]\w*Error\b")
_BASES = {
    "OperatorNotAllowedInGraphError": {"TypeError"},
    "InaccessibleTensorError": {"ValueError"},
    "ModuleNotFoundError": {"ImportError"},
    "UnimplementedError": {"OpError"},
    "FailedPreconditionError": {"OpError"},
    "InvalidArgumentError": {"OpError"},
}
"""What the exceptions of TensorFlow are besides."""


def errors(message: str, claim: Claim, keras: str) -> set[str]:
    """The exceptions that the message of a finding names, else the table of its page; with what they are besides."""
    named = set(_ERROR.findall(message)) or _named(claim.code, keras, claim.severity)
    return named | {error for error, bases in _BASES.items() if bases & named}


def raised(evidence: str) -> set[str]:
    """The exceptions that stand in the evidence of a verdict."""
    return set(re.findall(r"\b([A-Z]\w*Error): ", evidence))


@cache
def _pages() -> dict[str, Page]:
    return {page.code: page for page in read_pages()}


def _named(code: str, keras: str, severity: str) -> set[str]:
    return {
        name
        for row_keras, row_severity, names in _rows(code)
        if row_keras in {keras, "both"} and severity in row_severity
        for name in names
    }


@cache
def _rows(code: str) -> list[tuple[str, str, tuple[str, ...]]]:
    """Generation, severity and exceptions of each row of the table; "the same" takes those of the row above."""
    text = _pages()[code].path.read_text(encoding="utf-8").partition("## Severity\n")[2].partition("\n## ")[0]
    rows: list[tuple[str, str, tuple[str, ...]]] = []
    for keras, severity, happens in _ROW.findall(text):
        named = tuple(_ERROR.findall(happens))
        if happens.startswith("the same") and rows:
            named += rows[-1][2]
        rows.append((keras, severity, named))
    return rows
