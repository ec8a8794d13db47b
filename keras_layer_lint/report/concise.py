"""One line a diagnostic, for editors and for `grep`."""

from __future__ import annotations

from keras_layer_lint.diagnostic import Diagnostic
from keras_layer_lint.findings import Report
from keras_layer_lint.report.escape import for_log, one_line, printable
from keras_layer_lint.report.not_run import told
from keras_layer_lint.report.text import linked, paint


def render(report: Report, *, color: bool = False, links: bool = False) -> str:
    """Render one line a diagnostic, then one a class that was not run, and nothing else."""
    lines = [
        f"{header(diagnostic, diagnostic.message, color, links)}{verdict_word(diagnostic, color)}"
        for diagnostic in report.diagnostics
    ]
    lines += [f"{printable(entry.path)}:{entry.line}:1: not run: {told(entry)}" for entry in report.not_run]
    return for_log("".join(f"{line}\n" for line in lines))


def header(diagnostic: Diagnostic, message: str, color: bool = False, links: bool = False) -> str:
    """Write place, severity, rule and a message on one line; with `links` the code leads to the page of the rule."""
    path = paint(printable(diagnostic.path), "path", color)
    cell = "" if diagnostic.cell is None else f":cell {diagnostic.cell}"
    place = f"{path}{cell}:{diagnostic.span.line}:{diagnostic.span.column}"
    code = linked(diagnostic.code, diagnostic.url) if links else diagnostic.code
    rule = paint(f"{diagnostic.severity.label} {code}", diagnostic.severity.label, color)
    return f"{place}: {rule} ({diagnostic.name}): {one_line(message)}"


def verdict_word(diagnostic: Diagnostic, color: bool = False) -> str:
    """The word of the verdict, in brackets behind the message; empty where the layer was not run."""
    if diagnostic.verdict is None:
        return ""
    return " [" + paint(diagnostic.verdict.status, diagnostic.verdict.status, color) + "]"
