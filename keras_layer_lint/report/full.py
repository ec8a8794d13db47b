"""The report for a terminal: each diagnostic with the code it speaks of, and what to do."""

from __future__ import annotations

from keras_layer_lint.diagnostic import Diagnostic, Verdict
from keras_layer_lint.findings import Report
from keras_layer_lint.report.code_frame import Mark, SourceLines, draw
from keras_layer_lint.report.concise import header
from keras_layer_lint.report.escape import for_log, one_line
from keras_layer_lint.report.text import chosen, paint, ran, summary


def render(report: Report, source_lines: SourceLines, *, color: bool = False, quiet: bool = False) -> str:
    """Render every diagnostic with its code frame, and a closing summary unless `quiet`."""
    parts = [render_diagnostic(diagnostic, source_lines, color) for diagnostic in report.diagnostics]
    if not quiet:
        told = chosen(report)
        parts.append(summary(report, color) + "\n" + (f"{told}\n" if told else ""))
    return for_log("\n".join(parts))


def render_diagnostic(diagnostic: Diagnostic, source_lines: SourceLines, color: bool) -> str:
    """Render one diagnostic, a line feed at its end."""
    role = diagnostic.severity.label
    marks = [Mark(diagnostic.span, "", role, primary=True)]
    marks += [Mark(note.span, one_line(note.text), "secondary") for note in diagnostic.notes]
    frame = draw(source_lines(diagnostic.path), marks, color)
    lines = [header(diagnostic, color), *frame]
    if not frame:
        lines += [f"  line {note.span.line}: {one_line(note.text)}" for note in diagnostic.notes]
    if diagnostic.help:
        lines.append(f"{paint('help:', 'help', color)} {one_line(diagnostic.help)}")
    if diagnostic.verdict is not None:
        lines += verdict_lines(diagnostic.verdict, color)
    return "\n".join(lines) + "\n"


def verdict_lines(verdict: Verdict, color: bool) -> list[str]:
    """The verdict, what was run, and what would help."""
    lines = [f"{paint(f'{verdict.status}:', verdict.status, color)} {one_line(verdict.evidence)}"]
    if told := ran(verdict):
        lines.append(f"  {one_line(told)}")
    if verdict.help:
        lines.append(f"  {'put into [tool.klint.recipes], completed:' if verdict.helps_by_recipe else 'what helps:'}")
        lines.append(f"  {one_line(verdict.help)}")
    return lines
