"""The code quality report of GitLab."""

from __future__ import annotations

import json

from keras_layer_lint.diagnostic import Severity
from keras_layer_lint.findings import Report
from keras_layer_lint.report.code_frame import SourceLines
from keras_layer_lint.report.escape import for_json
from keras_layer_lint.report.fingerprints import fingerprints

SEVERITIES = {Severity.ERROR: "critical", Severity.WARNING: "major", Severity.NOTE: "info"}


def render(report: Report, source_lines: SourceLines) -> str:
    """Render an issue for each diagnostic, and one for each failure of klint."""
    issues: list[dict[str, object]] = [
        {
            "description": error.message,
            "check_name": "klint",
            "fingerprint": f"klint:{error.path}:{number}",
            "severity": "blocker",
            "location": {"path": error.path, "lines": {"begin": error.line}},
        }
        for number, error in enumerate(report.errors)
    ]
    for each, fingerprint in zip(report.diagnostics, fingerprints(report.diagnostics, source_lines), strict=True):
        where = "" if each.cell is None else f"cell {each.cell}, line {each.span.line}: "
        verdict = "" if each.verdict is None else f" [{each.verdict.status}]"
        lines = {"begin": each.span.line, "end": each.span.end_line} if each.cell is None else {"begin": 1}
        issues.append(
            {
                "description": f"{where}{each.code} ({each.name}): {each.message}{verdict}",
                "check_name": each.code,
                "fingerprint": fingerprint,
                "severity": "info" if each.is_refuted else SEVERITIES[each.severity],
                "location": {"path": each.path, "lines": lines},
            }
        )
    return for_json(json.dumps(issues, indent=2)) + "\n"
