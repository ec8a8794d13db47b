"""Findings silenced by comments: at the end of their lines, or in the comment that is there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from keras_layer_lint.diagnostic import Diagnostic, Edit, Span
from keras_layer_lint.errors import UnreadableFile
from keras_layer_lint.findings import Report
from keras_layer_lint.fixes.editing import edited
from keras_layer_lint.rule import UNREADABLE_FILE, UNUSED_SUPPRESSION
from keras_layer_lint.source.decode import decode, encoded_like, split_lines
from keras_layer_lint.source.joined_lines import last_lines
from keras_layer_lint.source.suppressions import Suppression, read_suppressions

NOT_SILENCED = frozenset({UNREADABLE_FILE.code, UNUSED_SUPPRESSION.code})
"""What no comment mends: a file that was not read, and comments."""
Lint = Callable[[bytes, Path], Report]


@dataclass(frozen=True, slots=True)
class Style:
    """Which comment: `# klint: ignore[KLL101] reason`, or `# noqa: KLL101` without a reason."""

    is_klint: bool
    reason: str = ""

    def written(self, codes: Sequence[str]) -> str:
        """The comment for some codes."""
        if not self.is_klint:
            return f"# noqa: {', '.join(codes)}"
        return f"# klint: ignore[{', '.join(codes)}]" + (f" {self.reason}" if self.reason else "")


@dataclass(frozen=True, slots=True)
class Commented:
    """A file after comments were added."""

    before: bytes
    after: bytes
    silenced: int
    left: tuple[tuple[Diagnostic, str], ...]
    """What could not be silenced, and why."""


def commented(data: bytes, path: Path, diagnostics: Iterable[Diagnostic], style: Style, lint: Lint) -> Commented:
    """Add a comment for each of the diagnostics of one file, as far as that silences them and nothing else changes."""
    wanted = [each for each in diagnostics if each.code not in NOT_SILENCED]
    try:
        told = _places(lint(data, path).diagnostics)
    except UnreadableFile:
        return Commented(data, data, 0, ())
    groups = list(_by_comment(wanted, decode(data)).values())
    after = _tried(data, path, groups, style, lint, told)
    if after is not None:
        return Commented(data, after, len(wanted), ())
    # One of them is at fault: each is tried by itself.
    after, done, left = data, list[list[Diagnostic]](), list[tuple[Diagnostic, str]]()
    for group in groups:
        more = _tried(data, path, [*done, group], style, lint, told)
        if more is None:
            left += [(each, "a comment at the end of its line would not silence just this") for each in group]
        else:
            after, done = more, [*done, group]
    return Commented(data, after, sum(map(len, done)), tuple(left))


def _by_comment(diagnostics: Sequence[Diagnostic], text: str) -> Mapping[int, list[Diagnostic]]:
    """Diagnostics by the line at whose end their comment stands."""
    ends = last_lines(text)
    found: dict[int, list[Diagnostic]] = {}
    for each in diagnostics:
        found.setdefault(ends.get(each.span.line, each.span.line), []).append(each)
    return found


def _tried(
    data: bytes,
    path: Path,
    groups: Sequence[Sequence[Diagnostic]],
    style: Style,
    lint: Lint,
    told: frozenset[tuple[object, ...]],
) -> bytes | None:
    """The file with comments for these, if klint then says what it says now but these; else None."""
    text = decode(data)
    ends = last_lines(text)
    entries = read_suppressions(text).entries
    edits = [_edit(text, ends, group, entries, style) for group in groups]
    try:
        after = encoded_like(data, edited(text, edits))
    except ValueError:  # the encoding has no bytes for a character of the reason
        return None
    expected = told - _places(each for group in groups for each in group)
    report = lint(after, path)
    return after if not report.errors and _places(report.diagnostics) == expected else None


def _edit(
    text: str,
    ends: Mapping[int, int],
    group: Sequence[Diagnostic],
    entries: Iterable[Suppression],
    style: Style,
) -> Edit:
    codes = sorted({each.code for each in group})
    line = group[0].span.line
    for entry in entries:
        # A comment without codes silences all: what is left has another reason, and gets a comment of its own.
        if entry.is_klint == style.is_klint and entry.last_line and entry.codes and entry.covers(line):
            if style.is_klint and not _is_ignore(text, entry.span):
                continue
            return _longer(text, entry.span, [code for code in codes if code not in entry.codes])
    end = ends.get(line, line)
    kept = split_lines(text)[end - 1].rstrip("\r\n")
    place = len(kept.rstrip()) + 1
    return Edit(Span(end, place, end, len(kept) + 1), f"  {style.written(codes)}")


def _is_ignore(text: str, span: Span) -> bool:
    written = split_lines(text)[span.line - 1][span.column - 1 : span.end_column - 1].lower()
    return "ignore" in written and "ignore-file" not in written


def _longer(text: str, span: Span, codes: Sequence[str]) -> Edit:
    """More codes for a comment that is there: before the bracket that closes its list, if it has one."""
    written = split_lines(text)[span.line - 1][span.column - 1 : span.end_column - 1]
    at = span.end_column - (1 if written.endswith(("]", ")")) else 0)
    return Edit(Span(span.line, at, span.line, at), "".join(f", {code}" for code in codes))


def _places(diagnostics: Iterable[Diagnostic]) -> frozenset[tuple[object, ...]]:
    """Diagnostics by what no comment at the end of a line changes; a longer comment that is idle has other words."""
    return frozenset(
        (each.code, each.span.line, *(() if each.code == UNUSED_SUPPRESSION.code else (each.span.column, each.message)))
        for each in diagnostics
    )
