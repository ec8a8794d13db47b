"""The report for a terminal: each diagnostic with the code it speaks of, and what to do."""

from __future__ import annotations

from collections.abc import Iterable

from keras_layer_lint.diagnostic import Diagnostic, Severity, Verdict
from keras_layer_lint.findings import Report
from keras_layer_lint.report.code_frame import Mark, SourceLines, draw
from keras_layer_lint.report.concise import header
from keras_layer_lint.report.escape import for_log, one_line, printable
from keras_layer_lint.report.not_run import block
from keras_layer_lint.report.order import soonest_first
from keras_layer_lint.report.text import chosen, count, fixable, paint, ran, summary
from keras_layer_lint.source.notebook import lines_of_cell


def render(
    report: Report,
    source_lines: SourceLines,
    *,
    color: bool = False,
    quiet: bool = False,
    notes: str = "full",
    links: bool = False,
) -> str:
    """Render diagnostics with their code frames, and a closing summary unless `quiet`.

    Notes come last: each like the others ("full"), a line for each rule ("brief"), or not at all ("none").
    """
    ordered = soonest_first(report.diagnostics)
    shown = [one for one in ordered if notes == "full" or one.severity > Severity.NOTE]
    parts = [render_diagnostic(diagnostic, source_lines, color, links) for diagnostic in shown]
    if notes == "brief" and (lines := in_brief(report.diagnostics, color)):
        parts.append("\n".join(lines) + "\n")
    if not quiet and report.not_run:
        parts.append("\n".join(block(report)) + "\n")
    if not quiet:
        told = chosen(report)
        closing = [summary(report, color), told, fixable(report.diagnostics)]
        parts.append("".join(f"{line}\n" for line in closing if line))
    return for_log("\n".join(parts))


FIRST_PLACES = 3
"""Places that a line on several notes names."""


def in_brief(diagnostics: Iterable[Diagnostic], color: bool) -> list[str]:
    """A line for each rule that has notes: how many, and where the first of them are."""
    by_rule: dict[str, list[Diagnostic]] = {}
    for one in diagnostics:
        if one.severity is Severity.NOTE:
            by_rule.setdefault(one.code, []).append(one)
    lines = []
    for code, found in sorted(by_rule.items(), key=lambda item: (-len(item[1]), item[0])):
        places = [printable(one.place) for one in found[:FIRST_PLACES]]
        more = "" if len(found) <= FIRST_PLACES else ", ..."
        rule = paint(f"note {code}", "note", color)
        lines.append(f"{rule} ({found[0].name}): {count(len(found), 'time')}: {', '.join(places)}{more}")
    return [*lines, "`--notes full` shows each note"] if lines else []


def render_diagnostic(
    diagnostic: Diagnostic, source_lines: SourceLines, color: bool = False, links: bool = False
) -> str:
    """Render one diagnostic, a line feed at its end."""
    role = diagnostic.severity.label
    marks = [Mark(diagnostic.span, "", role, primary=True)]
    marks += [Mark(note.span, one_line(note.text), "secondary") for note in diagnostic.notes]
    shown = source_lines(diagnostic.path)
    if diagnostic.cell is not None:
        shown = lines_of_cell(shown, diagnostic.cell)
    frame = draw(shown, marks, color)
    message = diagnostic.headline if frame and diagnostic.headline else diagnostic.message
    lines = [header(diagnostic, message, color, links), *frame]
    if not frame:
        lines += [f"  line {note.span.line}: {one_line(note.text)}" for note in diagnostic.notes]
    if diagnostic.help:
        lines.append(f"{paint('help:', 'help', color)} {one_line(diagnostic.help)}")
    if (fix := diagnostic.fix) is not None:
        option = "--fix" if fix.applicability == "safe" else "--fix --unsafe-fixes"
        lines.append(f"{paint('fix:', 'help', color)} {one_line(fix.message)} (`{option}`)")
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
