"""Comments that silence diagnostics: `# noqa`, `# klint: ignore[...]`, their forms for a file, `# klint: disable`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import field, replace
from difflib import get_close_matches
from pathlib import Path
from tokenize import COMMENT, DEDENT, ENDMARKER, NEWLINE, NL, TokenError, TokenInfo, generate_tokens

from keras_layer_lint.diagnostic import Diagnostic, Span
from keras_layer_lint.immutable import dataclass
from keras_layer_lint.source.decode import split_lines

_CODES = r"[A-Z]+[0-9]+(?:[,\s]+[A-Z]+[0-9]+)*"
# As flake8 reads it: no codes, or codes that are none, silence everything.
_NOQA = re.compile(rf"# noqa(?P<list>:\s?(?P<codes>{_CODES}))?", re.IGNORECASE)
_FLAKE8_FILE = re.compile(rf"# flake8[:=]\s*noqa(?P<list>:\s?(?P<codes>{_CODES}))?", re.IGNORECASE)
_WORDS = ("ignore", "ignore-file", "disable", "enable")
_KLINT = re.compile(r"#\s*klint:\s*(?P<word>[\w-]+)(?P<rest>[^#]*)", re.IGNORECASE)
_WORD = re.compile(r"[\w-]+")
_CODE = re.compile(r"KLL\d*", re.IGNORECASE)
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
    trouble: str = ""
    """Why it silences nothing, where it does not say what klint understands."""

    def covers(self, line: int) -> bool:
        """Whether it speaks for a line."""
        if self.trouble:
            return False
        return self.last_line == 0 or self.first_line <= line <= self.last_line


@dataclass(slots=True)
class Suppressions:
    """The suppressions of one file, and which of them were needed."""

    entries: tuple[Suppression, ...] = ()
    _used: set[tuple[Suppression, str]] = field(default_factory=set)

    def suppresses(self, diagnostic: Diagnostic, *, noqa: bool = True) -> bool:
        """Whether a comment silences a diagnostic; remembers that each such comment was needed.

        Without `noqa` those comments silence nothing, and are needed all the same.
        """
        found = False
        for entry in self.entries:
            if not entry.covers(diagnostic.span.line):
                continue
            for code in entry.codes or ("",):
                if diagnostic.code.startswith(code):
                    self._used.add((entry, code))
                    found |= noqa or entry.is_klint
        return found

    def unused(self) -> tuple[tuple[Suppression, tuple[str, ...]], ...]:
        """Comments about klint that silenced nothing so far, each with its unused codes (none: all of it is unused).

        A bare `noqa`, and codes of other tools in one, may serve another tool: they are left out.
        """
        found: list[tuple[Suppression, tuple[str, ...]]] = []
        for entry in self.entries:
            if entry.trouble:
                found.append((entry, ()))
            elif entry.codes:
                codes = [code for code in entry.codes if entry.is_klint or code.startswith("KLL")]
                if unused := tuple([code for code in codes if (entry, code) not in self._used]):
                    found.append((entry, unused))
            elif entry.is_klint and (entry, "") not in self._used:
                found.append((entry, ()))
        return tuple(found)


def read_suppressions(text: str, path: Path | None = None, names: Mapping[str, str] | None = None) -> Suppressions:
    """Find the suppressions among the comments of a file; text inside strings is none.

    A comment of klint speaks for the statement that it stands in. `noqa` speaks for its line, and where strings or
    backslashes join lines for all of those, as in flake8. `names`: the codes of rules by their names.
    """
    if not _MENTIONED.search(text):
        return Suppressions()
    reader = _Reader(names or {})
    try:
        for token in generate_tokens(iter(split_lines(text)).__next__):
            if token.type not in (ENDMARKER, DEDENT):
                reader.take(token)
    except (TokenError, SyntaxError, StopIteration):
        pass  # what comes after cannot be read; what came before holds
    return Suppressions(reader.entries(text.count("\n") + 1))


class _Reader:
    """Takes the tokens of a file, and keeps what its comments say."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self._names = {name.upper(): code for name, code in names.items()}
        self._found: list[Suppression] = []
        self._line: list[TokenInfo] = []
        """Comments of the lines that strings and backslashes join."""
        self._statement: list[TokenInfo] = []
        """Comments of klint in the statement at hand."""
        self._lines = self._of_statement = (0, 0)
        self._has_code = False
        self._open: list[Suppression] = []
        """What `disable` has begun and nothing has ended."""

    def take(self, token: TokenInfo) -> None:
        """One more token."""
        self._lines = _around(self._lines, token)
        self._of_statement = _around(self._of_statement, token)
        if token.type == COMMENT:
            self._line.append(token)  # it may hold both
            if _KLINT.search(token.string):
                self._statement.append(token)
        elif token.type in (NL, NEWLINE):
            self._end_line()
            if token.type == NEWLINE or not self._has_code:
                self._end_statement()
        else:
            self._has_code = True

    def entries(self, last: int) -> tuple[Suppression, ...]:
        """What was found in a file of so many lines."""
        self._end_line()
        self._end_statement()
        ranges = [replace(entry, last_line=last) for entry in self._open]
        return tuple(sorted([*self._found, *ranges], key=lambda entry: entry.span))

    def _end_line(self) -> None:
        for token in self._line:
            self._found.extend(_noqa(token, *self._lines))
        self._line, self._lines = [], (0, 0)

    def _end_statement(self) -> None:
        for token in self._statement:
            self._klint(token, *self._of_statement)
        self._statement, self._of_statement, self._has_code = [], (0, 0), False

    def _klint(self, token: TokenInfo, first: int, last: int) -> None:
        match = _KLINT.search(token.string)
        assert match is not None
        word = match["word"].lower()
        codes, end = self._codes(match)
        if codes is None:
            return  # `klint: ignore[]` names nothing
        entry = Suppression(_span(token, match.start(), end), codes, first, last, True)
        if word not in _WORDS:
            meant = get_close_matches(word, _WORDS, 1)
            if meant:
                self._found.append(replace(entry, trouble=f"`{match['word']}` is not `{meant[0]}`"))
        elif word == "enable":
            self._enable(entry)
        elif word == "disable":
            self._open.append(replace(entry, first_line=token.start[0]))
        else:
            self._found.append(replace(entry, last_line=0) if word == "ignore-file" else entry)

    def _enable(self, entry: Suppression) -> None:
        """End what was begun for these codes; all of it, if it names none."""
        line = entry.span.line
        ended = [each for each in self._open if not entry.codes or set(each.codes) <= set(entry.codes)]
        self._open = [each for each in self._open if each not in ended]
        self._found.extend(replace(each, last_line=line) for each in ended)
        if not ended:
            self._found.append(replace(entry, trouble="nothing is disabled here"))

    def _codes(self, match: re.Match[str]) -> tuple[tuple[str, ...] | None, int]:
        """The codes that a comment names, none for all; None for an empty list. And where that ends."""
        rest, start = match["rest"], match.start("rest")
        inner = rest.lstrip()
        closed = min((at for at in map(inner.find, "])") if at > 0), default=0)
        if inner[:1] in ("[", "(") and closed:
            codes = [self._code(each.strip()) for each in inner[1:closed].replace(",", " ").split()]
            return (tuple(codes) if codes else None), start + len(rest) - len(inner) + closed + 1
        found, end = [], 0
        for word in _WORD.finditer(rest):
            is_next = not rest[end : word.start()].strip(" \t:=,")
            if not is_next or not (_CODE.fullmatch(word[0]) or word[0].upper() in self._names):
                break
            found.append(self._code(word[0]))
            end = word.end()
        return tuple(found), start + end

    def _code(self, word: str) -> str:
        return self._names.get(word.upper(), word.upper())


def _around(lines: tuple[int, int], token: TokenInfo) -> tuple[int, int]:
    first, last = lines
    return (min(first, token.start[0]) if first else token.start[0]), max(last, token.end[0])


def _span(token: TokenInfo, start: int, end: int) -> Span:
    line, column = token.start
    return Span(line, column + start + 1, line, column + end + 1)


def _noqa(token: TokenInfo, first: int, last: int) -> Iterator[Suppression]:
    whole_file = False
    if match := _FLAKE8_FILE.match(token.string):
        if token.line[: token.start[1]].strip():
            return  # flake8 takes it on a line of its own only
        whole_file = True
    elif not (match := _NOQA.search(token.string)):
        return
    codes = tuple([code for code in re.split(r"[,\s]+", (match["codes"] or "").upper()) if code])
    span = _span(token, match.start(), match.end())
    yield Suppression(span, codes, first, 0 if whole_file else last, False)
