"""Errors that tell the user what to change."""

from __future__ import annotations

from typing import NoReturn


class KlintError(Exception):
    """klint cannot do its job as asked: the text says what is wrong and where. The command ends with exit code 2."""


class UnreadableFile(Exception):
    """A file that cannot be analysed: the reason, and the 1-based line and column where it shows (else 1, 1)."""

    def __init__(self, reason: str, line: int = 1, column: int = 1) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line
        self.column = column


def assert_never(value: NoReturn) -> NoReturn:
    """Say to mypy that all cases are matched; raise AssertionError where one was not. As in `typing` of Python 3.11."""
    raise AssertionError(f"a case that nothing takes: {value!r}")


class LimitReached(UnreadableFile):
    """Valid Python that is not analysed because klint would need too much time, memory or stack for it."""


class BeyondParser(LimitReached):
    """Valid Python that LibCST cannot read."""
