"""The report for programs. Its schema only ever grows; `schema_version` would say otherwise."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict

from keras_layer_lint import __version__
from keras_layer_lint.diagnostic import Diagnostic
from keras_layer_lint.findings import Report
from keras_layer_lint.report.escape import for_json

SCHEMA_VERSION = 1


def render(report: Report) -> str:
    """Render the whole report as one JSON document, in ASCII, so that no encoding of a pipe can break it."""
    document = {
        "schema_version": SCHEMA_VERSION,
        "version": __version__,
        "diagnostics": [as_dict(diagnostic) for diagnostic in report.diagnostics],
        "layers": list(report.runs),
        "not_run": [asdict(entry) | {"classes": list(entry.classes)} for entry in report.not_run],
        "errors": [{"path": error.path, "message": error.message} for error in report.errors],
        "limits": [
            {"path": limit.path, "line": limit.line, "class": limit.class_name, "what": limit.what}
            for limit in report.limits
        ],
        "summary": summary_of(report),
    }
    return for_json(json.dumps(document, indent=2)) + "\n"


def summary_of(report: Report) -> dict[str, object]:
    """Return the JSON object that sums a report up."""
    by_code = Counter(diagnostic.code for diagnostic in report.diagnostics)
    return {
        "files": report.files,
        "layers": report.layers,
        "limits": len(report.limits),
        "not_run": sum(len(entry.classes) for entry in report.not_run),
        "generations": [
            {"keras": list(choice.keras), "newest": choice.newest or None, "files": files, "why": choice.why}
            for choice, files in report.chosen
        ],
        "shard": report.shard or None,
        "in_baseline": report.known,
        "unchanged": report.unchanged,
        "elsewhere": report.elsewhere,
        "by_code": dict(sorted(by_code.items())),
        "seconds": round(report.seconds, 3),
    }


def as_dict(diagnostic: Diagnostic) -> dict[str, object]:
    """Return the JSON object of one diagnostic."""
    span = diagnostic.span
    return {
        "code": diagnostic.code,
        "name": diagnostic.name,
        "severity": diagnostic.severity.label,
        "message": diagnostic.message,
        "help": diagnostic.help,
        "url": diagnostic.url,
        "path": diagnostic.path,
        "cell": diagnostic.cell,
        "line": span.line,
        "column": span.column,
        "end_line": span.end_line,
        "end_column": span.end_column,
        "labels": [{**asdict(note.span), "text": note.text} for note in diagnostic.notes],
        "class": diagnostic.class_name,
        "method": diagnostic.method,
        "keras": list(diagnostic.keras),
        "fix": None if diagnostic.fix is None else diagnostic.fix.to_json(),
        "verdict": None if diagnostic.verdict is None else diagnostic.verdict.to_json(),
    }
