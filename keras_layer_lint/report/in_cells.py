"""Places in notebooks as people see them: by cell, and line within the cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from keras_layer_lint.diagnostic import Diagnostic, Edit, Limit, Span
from keras_layer_lint.findings import Report
from keras_layer_lint.report.code_frame import SourceLines
from keras_layer_lint.source.notebook import InCell, cells_of, is_notebook


def in_cells(report: Report, source_lines: SourceLines) -> Report:
    """The report with what is in notebooks placed by cell."""
    named = {each.path for each in report.diagnostics} | {each.path for each in report.limits}
    paths = set(filter(is_notebook, named))
    if not paths:
        return report
    cells = {path: [place for place, _ in cells_of([f"{line}\n" for line in source_lines(path)])] for path in paths}
    diagnostics = [_placed(each, cells.get(each.path, ())) for each in report.diagnostics]
    limits = [_limit(each, cells.get(each.path, ())) for each in report.limits]
    return replace(report, diagnostics=tuple(diagnostics), limits=tuple(limits))


def cell_of(line: int, cells: Sequence[InCell]) -> InCell | None:
    """The cell that a line of the module is in."""
    return next((place for place in reversed(cells) if place.before <= line), None)


def _placed(diagnostic: Diagnostic, cells: Sequence[InCell]) -> Diagnostic:
    place = cell_of(diagnostic.span.line, cells)
    if place is None:
        return diagnostic
    notes = [
        replace(note, span=_within(note.span, place))
        for note in diagnostic.notes
        if cell_of(note.span.line, cells) == place  # the message names the others
    ]
    fix = diagnostic.fix
    if fix is not None:
        fix = replace(fix, edits=tuple(_edit(edit, cells) for edit in fix.edits))
    span = _within(diagnostic.span, place)
    return replace(diagnostic, span=span, cell=place.number, notes=tuple(notes), fix=fix)


def _within(span: Span, place: InCell) -> Span:
    return replace(span, line=place.line(span.line), end_line=place.line(span.end_line))


def _edit(edit: Edit, cells: Sequence[InCell]) -> Edit:
    place = cell_of(edit.span.line, cells)
    return edit if place is None else replace(edit, span=_within(edit.span, place), cell=place.number)


def _limit(limit: Limit, cells: Sequence[InCell]) -> Limit:
    place = cell_of(limit.line, cells)
    if place is None:
        return limit
    return replace(limit, path=f"{limit.path}:cell {place.number}", line=place.line(limit.line))
