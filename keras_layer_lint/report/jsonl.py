"""JSON lines: an object a line, each with its `type`, so that a reader need not wait for the end."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from keras_layer_lint.findings import Report
from keras_layer_lint.report.escape import for_json
from keras_layer_lint.report.json_report import SCHEMA_VERSION, as_dict, summary_of


def render(report: Report) -> str:
    """Render diagnostics, what was not done, and the summary, as the JSON report has them."""
    return "".join(f"{for_json(json.dumps(each))}\n" for each in _objects(report))


def _objects(report: Report) -> Iterator[dict[str, Any]]:
    for diagnostic in report.diagnostics:
        yield {"type": "diagnostic", **as_dict(diagnostic)}
    for entry in report.not_run:
        yield {"type": "not_run", **asdict(entry)}
    for error in report.errors:
        yield {"type": "error", "path": error.path, "message": error.message}
    for limit in report.limits:
        yield {"type": "limit", "path": limit.path, "line": limit.line, "class": limit.class_name, "what": limit.what}
    yield {"type": "summary", "schema_version": SCHEMA_VERSION, **summary_of(report)}
