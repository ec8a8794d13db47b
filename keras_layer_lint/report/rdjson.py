"""The format of reviewdog: diagnostics with suggestions. Its columns count bytes of UTF-8."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from keras_layer_lint.diagnostic import Diagnostic, Severity, Span
from keras_layer_lint.findings import Report
from keras_layer_lint.report.code_frame import SourceLines
from keras_layer_lint.report.escape import for_json
from keras_layer_lint.report.sarif import HOME

SEVERITIES = {Severity.ERROR: "ERROR", Severity.WARNING: "WARNING", Severity.NOTE: "INFO"}


def render(report: Report, source_lines: SourceLines) -> str:
    """Render one result. Failures of klint are diagnostics of its own."""
    found: list[dict[str, Any]] = [
        {
            "message": error.message,
            "severity": "ERROR",
            "location": {"path": error.path, "range": {"start": {"line": error.line, "column": 1}}},
        }
        for error in report.errors
    ]
    found += [_diagnostic(each, source_lines(each.path)) for each in report.diagnostics]
    document = {"source": {"name": "klint", "url": HOME}, "diagnostics": found}
    return for_json(json.dumps(document, indent=2)) + "\n"


def _diagnostic(each: Diagnostic, lines: Sequence[str]) -> dict[str, Any]:
    where = "" if each.cell is None else f"cell {each.cell}, line {each.span.line}: "
    text = "\n".join(part for part in (f"{where}{each.message}", each.help) if part)
    location: dict[str, Any] = {"path": each.path}
    if each.cell is None:  # the lines of a cell are no lines of the file
        location["range"] = _range(each.span, lines)
    result: dict[str, Any] = {
        "message": text,
        "severity": "INFO" if each.is_refuted else SEVERITIES[each.severity],
        "location": location,
        "code": {"value": each.code, "url": each.url},
    }
    if each.fix is not None and each.cell is None:
        result["suggestions"] = [{"range": _range(edit.span, lines), "text": edit.text} for edit in each.fix.edits]
    return result


def _range(span: Span, lines: Sequence[str]) -> dict[str, Any]:
    return {"start": _position(span.line, span.column, lines), "end": _position(span.end_line, span.end_column, lines)}


def _position(line: int, column: int, lines: Sequence[str]) -> dict[str, int]:
    before = lines[line - 1][: column - 1] if 0 < line <= len(lines) else "x" * (column - 1)
    return {"line": line, "column": len(before.encode("utf-8", "replace")) + 1}
