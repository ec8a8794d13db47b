"""Annotations of a GitHub workflow: the most severe first, because GitHub keeps only the first of each kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from keras_layer_lint.diagnostic import Diagnostic, Severity
from keras_layer_lint.findings import NotRun, Report
from keras_layer_lint.report.escape import INVISIBLE
from keras_layer_lint.report.not_run import help_lines, told
from keras_layer_lint.report.text import count, ran

COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}
KEPT = 10
"""Annotations of each kind that GitHub keeps of one step."""
_DATA: Mapping[int, int | str] = {**INVISIBLE, ord("%"): "%25", ord("\r"): "%0D", ord("\n"): "%0A"}
_PROPERTY: Mapping[int, int | str] = {**_DATA, ord(":"): "%3A", ord(","): "%2C"}


def render(report: Report) -> str:
    """Render one workflow command a diagnostic, failures to read a file before them."""
    ordered = sorted(report.diagnostics, key=lambda diagnostic: (-diagnostic.severity, diagnostic.sort_key))
    failures = [command("error", {"file": error.path, "title": "klint"}, error.message) for error in report.errors]
    return "".join([*failures, *map(annotation, ordered), *map(not_run, report.not_run)])


def annotation(diagnostic: Diagnostic) -> str:
    """Render one diagnostic. GitHub takes columns only of a span within one line."""
    span, message = diagnostic.span, diagnostic.message
    place: dict[str, object] = {"file": diagnostic.path}
    if diagnostic.cell is not None:  # of the lines of the file GitHub shows none
        message = f"cell {diagnostic.cell}, line {span.line}: {message}"
    else:
        place |= {"line": span.line, "endLine": span.end_line}
    if diagnostic.cell is None and span.line == span.end_line:
        place |= {"col": span.column, "endColumn": span.end_column}
    place["title"] = f"klint {diagnostic.code} ({diagnostic.name})"
    lines = [message, diagnostic.help]
    if diagnostic.verdict is not None:
        lines += [f"{diagnostic.verdict.status}: {diagnostic.verdict.evidence}", ran(diagnostic.verdict)]
    lines.append(diagnostic.url)
    name = "notice" if diagnostic.is_refuted else COMMANDS[diagnostic.severity]
    return command(name, place, "\n".join(line for line in lines if line))


def not_run(entry: NotRun) -> str:
    """Render one class, or module, that was not run."""
    data = "\n".join([told(entry), *(help_lines(entry) if entry.help else ())])
    return command("notice", {"file": entry.path, "line": entry.line, "title": "klint: not run"}, data)


def command(name: str, properties: dict[str, object], data: str) -> str:
    """Write a workflow command on one line."""
    written = ",".join(f"{key}={escape_property(str(value))}" for key, value in properties.items())
    return f"::{name} {written}::{escape_data(data)}\n"


def escape_data(text: str) -> str:
    """Escape what would end the command's line, and show control characters: the runner decodes no others."""
    return text.translate(_DATA)


def escape_property(text: str) -> str:
    """Escape what would end a property, too."""
    return text.translate(_PROPERTY)


def not_shown(report: Report) -> str:
    """Say how many annotations GitHub will drop: `3 errors and 1 note`; empty when it shows all of them."""
    totals = Counter(diagnostic.severity for diagnostic in report.diagnostics)
    totals[Severity.ERROR] += len(report.errors)
    totals[Severity.NOTE] += len(report.not_run)
    dropped = [(totals[level] - KEPT, level.label) for level in sorted(Severity, reverse=True)]
    return " and ".join(count(number, label) for number, label in dropped if number > 0)
