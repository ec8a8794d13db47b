"""Takes code out of a text so that each line and column of what is left stays as it was."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from itertools import accumulate

LIVE = "if 1"
"""Head of a block that always runs: whoever reads the result takes its statements for those of the block around."""

_ELSE = re.compile(r"^[ \t\f]*(else)[ \t\f]*:", re.MULTILINE)
_FINALLY = re.compile(r"^[ \t\f]*(finally)[ \t\f]*:", re.MULTILINE)
_IF = re.compile(r"\bif\b")
_ELSE_WORD = re.compile(r"\belse\b")


class Blanking:
    """A text from which parts are taken; nodes are those of `ast` of the whole text."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines
        self._starts = [0, *accumulate(len(line) for line in lines)]
        self._cells = list("".join(lines))
        self.is_changed = False

    def result(self) -> str:
        """What is left."""
        return "".join(self._cells)

    def is_elif(self, node: ast.If) -> bool:
        """Whether an `if` is written as the `elif` of another."""
        start = self._start(node)
        return self._text(start, start + 4) in ("elif", "if  ")

    def blank_between(self, first: ast.stmt, last: ast.stmt) -> None:
        """Take statements out of a block that has others before them."""
        self._blank(self._start(first), self._end(last))

    def decide_if(self, node: ast.If, truth: bool) -> list[ast.stmt]:
        """Leave of an `if` what runs where its test comes out as `truth`: these statements."""
        start, end = self._start(node), self._end(node)
        is_alternative = self._text(start, start + 4) == "elif"  # of another `if`, whose test is not decided
        if truth:
            test = self._end(node.test)
            self._blank(self._start(node.test), test)
            self._write(test - 1, "1")
            self._blank(self._end(node.body[-1]), end)
            return node.body
        if not node.orelse:
            self._blank(start, end)
            self._write(start, "pass" if end - start >= len("pass") else "0")
            return []
        body_end, other = self._end(node.body[-1]), self._start(node.orelse[0])
        if len(node.orelse) == 1 and isinstance(node.orelse[0], ast.If) and self._text(other, other + 4) == "elif":
            self._blank(start, other)
            if not is_alternative:
                self._write(other, "if  ")
        else:
            keyword = self._find(_ELSE, body_end, other)
            self._blank(start, keyword)
            if not is_alternative:
                self._write(keyword, LIVE)
        return node.orelse

    def decide_try(self, node: ast.Try, handler: ast.ExceptHandler | None = None, number: int = 0) -> None:
        """Leave of a `try` what runs: its body, or what is before statement `number`, which raises, and a handler."""
        start = self._start(node)
        after = node.orelse or node.finalbody
        if handler is None:
            self._widen(start, "try", LIVE)
            behind = self._header(_ELSE if node.orelse else _FINALLY, node.handlers[-1].body[-1], after)
            self._blank(self._end(node.body[-1]), self._end(node) if behind is None else behind)
            if behind is not None and node.orelse:
                self._write(behind, LIVE)
        else:
            if number:
                self._widen(start, "try", LIVE)
            self._blank(self._start(node.body[number]) if number else start, self._start(handler))
            head, body = self._start(handler), self._start(handler.body[0])
            colon = self._text(head, body).rindex(":", 0, self._colon(head, body, handler) - head + 1) + head
            self._blank(head, colon)
            self._write(head, LIVE)
            final = self._header(_FINALLY, (node.orelse or node.handlers[-1].body)[-1], node.finalbody)
            self._blank(self._end(handler.body[-1]), self._end(node) if final is None else final)
        if node.finalbody:
            final = self._header(_FINALLY, (node.orelse or node.handlers[-1].body)[-1], node.finalbody)
            assert final is not None
            self._blank(final, final + len("finally"))
            self._write(final, LIVE)

    def decide_expression(self, node: ast.IfExp, truth: bool) -> bool:
        """Leave of a conditional expression the side that counts; False where its keywords are not found."""
        start, end = self._start(node), self._end(node)
        body_end, test = self._end(node.body), self._start(node.test)
        word_if = _IF.search(self._text(body_end, test))
        test_end, other = self._end(node.test), self._start(node.orelse)
        word_else = _ELSE_WORD.search(self._text(test_end, other))
        if word_if is None or word_else is None or "#" in self._text(body_end, test) + self._text(test_end, other):
            return False
        if truth:
            self._blank(body_end + word_if.start(), end)
        else:
            self._blank(start, test_end + word_else.end())
        return True

    def _header(self, word: re.Pattern[str], before: ast.stmt, body: Sequence[ast.stmt]) -> int | None:
        """Where the clause begins that holds `body`."""
        return self._find(word, self._end(before), self._start(body[0])) if body else None

    def _colon(self, head: int, body: int, handler: ast.ExceptHandler) -> int:
        after = head if handler.type is None else self._end(handler.type)
        return after + self._text(after, body).index(":")

    def _find(self, word: re.Pattern[str], start: int, end: int) -> int:
        found = word.search(self._text(start, end))
        assert found is not None
        return start + found.start(1)

    def _text(self, start: int, end: int) -> str:
        return "".join(self._cells[start:end])

    def _blank(self, start: int, end: int) -> None:
        self.is_changed = True
        for place in range(start, end):
            if self._cells[place] not in "\r\n":
                self._cells[place] = " "

    def _write(self, start: int, text: str) -> None:
        self.is_changed = True
        self._cells[start : start + len(text)] = text

    def _widen(self, start: int, word: str, text: str) -> None:
        """Put a longer text in the place of a word; only what follows on its line moves."""
        self.is_changed = True
        self._cells[start : start + len(word)] = [text, *[""] * (len(word) - 1)]

    def _start(self, node: ast.stmt | ast.expr | ast.excepthandler) -> int:
        decorators: list[ast.expr] = getattr(node, "decorator_list", [])
        if decorators:
            place = self._offset(decorators[0].lineno, decorators[0].col_offset)
            while self._cells[place] != "@":
                place -= 1
            return place
        return self._offset(node.lineno, node.col_offset)

    def _end(self, node: ast.stmt | ast.expr | ast.excepthandler) -> int:
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return self._offset(node.end_lineno, node.end_col_offset)

    def _offset(self, line: int, column: int) -> int:
        text = self._lines[line - 1]
        if not text.isascii():
            column = len(text.encode("utf-8", "surrogatepass")[:column].decode("utf-8", "ignore"))
        return self._starts[line - 1] + column
