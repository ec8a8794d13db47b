"""From klint's words to those of the protocol, and from what changes in a text to edits."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

from lsprotocol import types
from pygls.workspace import PositionCodec

from keras_layer_lint.diagnostic import Diagnostic, Edit, Severity, Span
from keras_layer_lint.source.decode import split_lines

SOURCE = "klint"
_SEVERITIES = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.NOTE: types.DiagnosticSeverity.Information,
}


class Text:
    """A text whose places are told to an editor, in the units that were agreed on."""

    def __init__(self, uri: str, source: str, codec: PositionCodec) -> None:
        self.uri = uri
        self.source = source
        self._codec = codec
        self._lines = split_lines(source)

    def range_of(self, span: Span) -> types.Range:
        """The range of a span: lines and columns from 0, columns in code units of the protocol."""
        start = types.Position(span.line - 1, span.column - 1)
        end = types.Position(span.end_line - 1, span.end_column - 1)
        return self._codec.range_to_client_units(self._lines, types.Range(start, end))

    def diagnostic(self, found: Diagnostic) -> types.Diagnostic:
        """A finding as editors show it."""
        notes = [
            types.DiagnosticRelatedInformation(types.Location(self.uri, self.range_of(note.span)), note.text)
            for note in found.notes
        ]
        return types.Diagnostic(
            range=self.range_of(found.span),
            message=found.message + (f"\nhelp: {found.help}" if found.help else ""),
            severity=_SEVERITIES[found.severity],
            code=found.code,
            code_description=types.CodeDescription(found.url),
            source=SOURCE,
            related_information=notes or None,
        )

    def edits(self, edits: Sequence[Edit]) -> types.WorkspaceEdit:
        """Edits of this text."""
        return types.WorkspaceEdit(
            changes={self.uri: [types.TextEdit(self.range_of(edit.span), edit.text) for edit in edits]}
        )

    def becoming(self, after: str) -> types.WorkspaceEdit:
        """The lines that have to change for the text to be another."""
        before, lines = self._lines, split_lines(after)
        matcher = SequenceMatcher(None, before, lines, autojunk=False)
        edits = [
            types.TextEdit(types.Range(types.Position(first, 0), types.Position(last, 0)), "".join(lines[begin:end]))
            for tag, first, last, begin, end in matcher.get_opcodes()
            if tag != "equal"
        ]
        return types.WorkspaceEdit(changes={self.uri: edits})


def touches(one: types.Range, other: types.Range) -> bool:
    """Whether two ranges have a place in common, be it that one ends where the other begins."""
    return _key(one.start) <= _key(other.end) and _key(other.start) <= _key(one.end)


def _key(position: types.Position) -> tuple[int, int]:
    return position.line, position.character
