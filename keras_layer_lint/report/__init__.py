"""Reporters: each turns a report into text and does nothing else."""

from __future__ import annotations

from keras_layer_lint.findings import Report
from keras_layer_lint.report.code_frame import SourceLines


def render(name: str, report: Report, source_lines: SourceLines, *, color: bool = False, quiet: bool = False) -> str:
    """Render `report` in the named format. Only that format's module is imported."""
    if name == "full":
        from keras_layer_lint.report import full

        return full.render(report, source_lines, color=color, quiet=quiet)
    if name == "concise":
        from keras_layer_lint.report import concise

        return concise.render(report, color=color)
    if name == "github":
        from keras_layer_lint.report import github

        return github.render(report)
    if name == "markdown":
        from keras_layer_lint.report import markdown

        return markdown.render(report)
    from keras_layer_lint.report import json_report

    return json_report.render(report)
