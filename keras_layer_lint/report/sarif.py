"""SARIF 2.1.0, as GitHub code scanning reads it: rules with their pages, why a value is a tensor, what was not read."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from keras_layer_lint import __version__
from keras_layer_lint.diagnostic import Diagnostic, Edit, Severity, Span
from keras_layer_lint.explain import Page, find_pages, measured
from keras_layer_lint.findings import Report
from keras_layer_lint.report.code_frame import SourceLines
from keras_layer_lint.report.escape import for_json
from keras_layer_lint.report.fingerprints import fingerprints
from keras_layer_lint.report.not_run import told

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
HOME = "https://github.com/keras-layer-lint/klint"
MOST_RESULTS = 25_000
"""GitHub refuses a run with more; the worst are kept."""
_ENOUGH = 5
"""Judged findings from which on a share is worth something."""
_PRECISION = ((0.98, "very-high"), (0.95, "high"), (0.8, "medium"), (0.0, "low"))
_LONGEST = 1024
"""Characters of a description that GitHub takes."""


def render(report: Report, source_lines: SourceLines) -> str:
    """Render the whole report as one run."""
    prints = dict(zip(map(id, report.diagnostics), fingerprints(report.diagnostics, source_lines), strict=True))
    worst = {id(each) for each in sorted(report.diagnostics, key=lambda each: -each.severity)[:MOST_RESULTS]}
    kept = [each for each in report.diagnostics if id(each) in worst]
    pages = find_pages(sorted({each.code for each in kept}))
    index = {page.rule.code: number for number, page in enumerate(pages)}
    figures = measured()
    driver = {
        "name": "klint",
        "semanticVersion": __version__,
        "informationUri": HOME,
        "rules": [_rule(page, figures.get(page.rule.code, (0, 0))) for page in pages],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(report, left_out=len(report.diagnostics) - len(kept))],
        "results": [_result(each, index[each.code], prints[id(each)]) for each in kept],
    }
    return for_json(json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2)) + "\n"


def _rule(page: Page, figures: tuple[int, int]) -> dict[str, Any]:
    title, summary, *_ = page.text.split("\n")
    what_to_do = page.section("What to do")
    true, judged = figures
    properties: dict[str, Any] = {"tags": ["keras", "maintainability" if page.rule.code < "KLL100" else "correctness"]}
    if judged >= _ENOUGH:
        properties["precision"] = next(word for least, word in _PRECISION if true / judged >= least)
    return {
        "id": page.rule.code,
        "name": page.rule.name,
        "shortDescription": {"text": summary},
        "fullDescription": {"text": page.section("Why")[:_LONGEST]},
        "help": {
            "text": f"{title.removeprefix('# ')}\n{summary}\n{what_to_do}\n{page.rule.url}",
            "markdown": page.text,
        },
        "helpUri": page.rule.url,
        "properties": properties,
    }


def _result(diagnostic: Diagnostic, index: int, fingerprint: str) -> dict[str, Any]:
    where = "" if diagnostic.cell is None else f"cell {diagnostic.cell}, line {diagnostic.span.line}: "
    parts = [f"{where}{diagnostic.message}", diagnostic.help]
    if diagnostic.verdict is not None:
        parts.append(f"{diagnostic.verdict.status}: {diagnostic.verdict.evidence}")
    result: dict[str, Any] = {
        "ruleId": diagnostic.code,
        "ruleIndex": index,
        "level": (Severity.NOTE if diagnostic.is_refuted else diagnostic.severity).label,
        "message": {"text": "\n".join(part for part in parts if part)},
        "locations": [_location(diagnostic, diagnostic.span)],
        "partialFingerprints": {"primaryLocationLineHash": fingerprint},
        "properties": {
            "keras": list(diagnostic.keras),
            "class": diagnostic.class_name,
            "method": diagnostic.method,
            "cell": diagnostic.cell,
            "verdict": None if diagnostic.verdict is None else diagnostic.verdict.to_json(),
        },
    }
    if diagnostic.notes:
        result["relatedLocations"] = [
            _location(diagnostic, note.span) | {"id": number, "message": {"text": note.text}}
            for number, note in enumerate(diagnostic.notes, 1)
        ]
    if diagnostic.fix is not None and diagnostic.cell is None:
        change = {
            "artifactLocation": _artifact(diagnostic.path),
            "replacements": [_replacement(edit) for edit in diagnostic.fix.edits],
        }
        result["fixes"] = [{"description": {"text": diagnostic.fix.message}, "artifactChanges": [change]}]
    return result


def _location(diagnostic: Diagnostic, span: Span) -> dict[str, Any]:
    physical: dict[str, Any] = {"artifactLocation": _artifact(diagnostic.path)}
    # The lines of a cell are no lines of the file.
    physical["region"] = {"startLine": 1} if diagnostic.cell is not None else _region(span)
    return {"physicalLocation": physical}


def _artifact(path: str) -> dict[str, str]:
    return {"uri": quote(path), "uriBaseId": "%SRCROOT%"}


def _region(span: Span) -> dict[str, int]:
    return {
        "startLine": span.line,
        "startColumn": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
    }


def _replacement(edit: Edit) -> dict[str, Any]:
    return {"deletedRegion": _region(edit.span), "insertedContent": {"text": edit.text}}


def _invocation(report: Report, left_out: int) -> dict[str, Any]:
    """What klint could not do, and did not analyse or run."""
    said = [("error", error.path, error.line, error.message) for error in report.errors]
    said += [("warning", limit.path, limit.line, f"not analysed: {limit.what}") for limit in report.limits]
    said += [("note", entry.path, entry.line, f"not run: {told(entry)}") for entry in report.not_run]
    if left_out:
        said.append(("warning", "", 1, f"{left_out} more findings are left out: GitHub takes {MOST_RESULTS}"))
    notifications = []
    for level, path, line, text in said:
        place = {"physicalLocation": {"artifactLocation": _artifact(path), "region": {"startLine": line}}}
        notifications.append({"level": level, "message": {"text": text}} | ({"locations": [place]} if path else {}))
    return {"executionSuccessful": not report.errors, "toolExecutionNotifications": notifications}
