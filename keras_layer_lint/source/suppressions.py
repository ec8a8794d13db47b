"""Comments that silence diagnostics: `# noqa`, `# klint: ignore[...]` and their forms for a whole file."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import field
from pathlib import Path
from tokenize import COMMENT, DEDENT, ENDMARKER, NEWLINE, NL, TokenError, TokenInfo, generate_tokens

from keras_layer_lint.diagnostic import Diagnostic, Span
from keras_layer_lint.immutable import dataclass
from keras_layer_lint.source.decode import split_lines

_CODES = r"[A-Z]+[0-9]+(?:[,\s]+[A-Z]+[0-9]+)*"
# As flake8 reads it: no codes, or codes that are none, silence everything.
_NOQA = re.compile(rf"# noqa(?P<list>:\s?(?P<codes>{_CODES}))?", re.IGNORECASE)
_FLAKE8_FILE = re.compile(rf"# flake8[:=]\s*noqa(?P<list>:\s?(?P<codes>{_CODES}))?", re.IGNORECASE)
_KLINT = re.compile(r"#\s*klint:\s*(?P<word>ignore-file|ignore)(?![\w-])\s*(?P<list>\[(?P<codes>[^\]]*)\])?")
_MENTIONED = re.compile(r"noqa|klint:", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Suppression:
    """One comment. No `codes` means every code; a code stands for all that begin with it."""

    span: Span
    codes: tuple[str, ...]
    first_line: int
    last_line: int
    """Lines it speaks for; a comment for the whole file has 0 as its last line."""
    is_klint: bool
    """`klint: ignore`, which no other tool reads."""

    def covers(self, line: int) -> bool:
        """Whether it speaks for a line."""
        return self.last_line == 0 or self.first_line <= line <= self.last_line


@dataclass(slots=True)
class Suppressions:
    """The suppressions of one file, and which of them were needed."""

    entries: tuple[Suppression, ...] = ()
    _used: set[tuple[Suppression, str]] = field(default_factory=set)

    def suppresses(self, diagnostic: Diagnostic) -> bool:
        """Whether a comment silences a diagnostic; remembers that each such comment was needed."""
        found = False
        for entry in self.entries:
            if not entry.covers(diagnostic.span.line):
                continue
            for code in entry.codes or ("",):
                if diagnostic.code.startswith(code):
                    self._used.add((entry, code))
                    found = True
        return found

    def unused(self) -> tuple[tuple[Suppression, tuple[str, ...]], ...]:
        """Comments about klint that silenced nothing so far, each with its unused codes (none: all of it is unused).

        A bare `noqa`, and codes of other tools in one, may serve another tool: they are left out.
        """
        found = []
        for entry in self.entries:
            if entry.codes:
                codes = [code for code in entry.codes if entry.is_klint or code.startswith("KLL")]
                if unused := tuple([code for code in codes if (entry, code) not in self._used]):
                    found.append((entry, unused))
            elif entry.is_klint and (entry, "") not in self._used:
                found.append((entry, ()))
        return tuple(found)


def read_suppressions(text: str, path: Path | None = None) -> Suppressions:
    """Find the suppressions among the comments of a file; text inside strings is none.

    A comment speaks for its line. Where strings or backslashes join lines, it speaks for all of those, as in flake8.
    """
    if not _MENTIONED.search(text):
        return Suppressions()
    entries: list[Suppression] = []
    waiting: list[TokenInfo] = []
    first = last = 0
    try:
        for token in generate_tokens(iter(split_lines(text)).__next__):
            if token.type in (ENDMARKER, DEDENT):
                continue
            first = min(first, token.start[0]) if first else token.start[0]
            last = max(last, token.end[0])
            if token.type == COMMENT:
                waiting.append(token)
            elif token.type in (NL, NEWLINE):
                entries.extend(_read(waiting, first, last))
                waiting, first, last = [], 0, 0
    except (TokenError, SyntaxError, StopIteration):
        pass  # what comes after cannot be read; what came before holds
    return Suppressions((*entries, *_read(waiting, first, last)))


def _read(comments: Iterable[TokenInfo], first: int, last: int) -> list[Suppression]:
    found = []
    for token in comments:
        whole_file = False
        if match := _KLINT.search(token.string):
            whole_file = match["word"] == "ignore-file"
        elif match := _FLAKE8_FILE.match(token.string):
            if token.line[: token.start[1]].strip():
                continue  # flake8 takes it on a line of its own only
            whole_file = True
        elif not (match := _NOQA.search(token.string)):
            continue
        codes = tuple([code for code in re.split(r"[,\s]+", (match["codes"] or "").upper()) if code])
        is_klint = match.re is _KLINT
        if match["list"] and not codes:
            continue  # `klint: ignore[]` names nothing
        line, column = token.start
        span = Span(line, column + match.start() + 1, line, column + match.end() + 1)
        found.append(Suppression(span, codes, first, 0 if whole_file else last, is_klint))
    return found
