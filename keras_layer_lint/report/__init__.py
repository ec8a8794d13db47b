"""Reporters: each turns a report into text and does nothing else."""

from __future__ import annotations

from importlib import import_module

from keras_layer_lint.findings import Report
from keras_layer_lint.report.code_frame import SourceLines


def render(
    name: str,
    report: Report,
    source_lines: SourceLines,
    *,
    color: bool = False,
    quiet: bool = False,
    notes: str = "full",
    links: bool = False,
) -> str:
    """Render `report` in the named format. Only that format's module is imported.

    `notes`: how the report for people shows them, "full", "brief" or "none"; the other formats hold them all.
    `links`: codes lead to the pages of their rules, as terminals show it.
    """
    if name not in ("json", "jsonl"):
        from keras_layer_lint.report.not_run import said_once

        report = said_once(report)
    if name == "full":
        from keras_layer_lint.report import full

        return full.render(report, source_lines, color=color, quiet=quiet, notes=notes, links=links)
    if name == "concise":
        from keras_layer_lint.report import concise

        return concise.render(report, color=color, links=links)
    if name == "github":
        from keras_layer_lint.report import github

        return github.render(report)
    if name in ("sarif", "gitlab", "rdjson", "html"):
        module = import_module(f"keras_layer_lint.report.{name}")
        return str(module.render(report, source_lines))
    if name in ("junit", "jsonl", "azure"):
        return str(import_module(f"keras_layer_lint.report.{name}").render(report))
    if name == "markdown":
        from keras_layer_lint.report import markdown

        return markdown.render(report)
    from keras_layer_lint.report import json_report

    return json_report.render(report)
