"""Paths from the root of the repository, for services that know no working directory."""

from __future__ import annotations

import posixpath
from dataclasses import replace

from keras_layer_lint.findings import Report
from keras_layer_lint.report.code_frame import SourceLines

FROM_ROOT = frozenset({"github", "sarif", "gitlab", "azure"})
"""Formats for such services."""


def rooted(report: Report, source_lines: SourceLines, prefix: str) -> tuple[Report, SourceLines]:
    """The report with paths that begin at the root, and the lines of its files by these.

    `prefix`: the working directory from there; empty where it is the root, or there is none.
    """
    if not prefix:
        return report, source_lines
    known: dict[str, str] = {}

    def path(own: str) -> str:
        if posixpath.isabs(own) or own.startswith("<"):
            return own
        found = posixpath.normpath(posixpath.join(prefix, own))
        known[found] = own
        return found

    moved = replace(
        report,
        diagnostics=tuple(replace(each, path=path(each.path)) for each in report.diagnostics),
        errors=tuple(replace(each, path=path(each.path)) for each in report.errors),
        limits=tuple(replace(each, path=path(each.path)) for each in report.limits),
        not_run=tuple(replace(each, path=path(each.path)) for each in report.not_run),
    )
    return moved, lambda found: source_lines(known.get(found, found))
