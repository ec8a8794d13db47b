"""A table in Markdown, for the summary of a GitHub workflow step."""

from __future__ import annotations

import re

from keras_layer_lint.diagnostic import Diagnostic
from keras_layer_lint.findings import Report
from keras_layer_lint.report import not_run
from keras_layer_lint.report.escape import for_log, one_line
from keras_layer_lint.report.github import not_shown
from keras_layer_lint.report.text import chosen, count, ran_on, summary

LIMIT = 1_000_000
"""Bytes; GitHub refuses a step summary over 1 MiB as a whole."""


def render(report: Report) -> str:
    """Render a heading, what could not be read, and one row a diagnostic."""
    parts = ["### klint\n", f"\n{summary(report)}\n"]
    if told := chosen(report):
        parts.append(f"\n{escape(told)}\n")
    if dropped := not_shown(report):
        parts.append(f"\nGitHub shows the first 10 annotations of each kind; {dropped} stand only in this table.\n")
    if report.errors:
        parts.append("\n")
        parts += [f"- {escape(error.path)}: {escape(error.message)}\n" for error in report.errors]
    if report.diagnostics:
        parts.append("\n| | Rule | Place | Problem |\n|---|---|---|---|\n")
    size = sum(len(part.encode(errors="replace")) for part in parts)
    for number, diagnostic in enumerate(report.diagnostics):
        line = row(diagnostic)
        size += len(line.encode(errors="replace"))
        if size > LIMIT:
            parts.append(f"\n{count(len(report.diagnostics) - number, 'more row')} left out: GitHub takes 1 MiB.\n")
            break
        parts.append(line)
    if report.not_run:
        parts.append("\nNot run:\n\n")
        parts += [f"- {escape(not_run.place(entry))}: {escape(not_run.told(entry))}\n" for entry in report.not_run]
    verdicts = [diagnostic.verdict for diagnostic in report.diagnostics if diagnostic.verdict is not None]
    if places := dict.fromkeys(filter(None, map(ran_on, verdicts))):
        parts.append(f"\nRun with {escape('; '.join(places))}.\n")
    return for_log("".join(parts))


def row(diagnostic: Diagnostic) -> str:
    """Write one row of the table."""
    place = escape(diagnostic.place)
    message = escape(diagnostic.message)
    if diagnostic.verdict is not None:
        message += f" *{diagnostic.verdict.status}*: {escape(diagnostic.verdict.evidence)}"
    rule = f"[{diagnostic.code}]({diagnostic.url}) {diagnostic.name}"
    return f"| {diagnostic.severity.label} | {rule} | {place} | {message} |\n"


def escape(text: str) -> str:
    """Make text literal in a table cell, but keep code in backticks as code."""
    parts = re.split(r"(`[^`]+`)", one_line(text))
    return "".join(escape_code(part) if index % 2 else escape_plain(part) for index, part in enumerate(parts))


def escape_code(text: str) -> str:
    """Keep code as it is: only a pipe would end the cell, and behind a backslash it cannot be escaped there."""
    return escape_plain(text) if "|" in text and "\\" in text else text.replace("|", r"\|")


def escape_plain(text: str) -> str:
    """Put a backslash before Markdown's punctuation; entities keep HTML, mentions and links from coming alive."""
    text = re.sub(r"([\\`*_{}\[\]()#+!|~])", r"\\\1", text)
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("@", "&#64;")
    return text.replace("://", "&#58;//")
