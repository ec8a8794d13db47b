"""Which errors of eager mode a finding explains."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from keras_layer_lint.confirm.edits import Source
from keras_layer_lint.confirm.oracles.blame import explains
from keras_layer_lint.expectation import expects
from tests.confirm.conftest import claim_of

SUBJECT: Any = SimpleNamespace(line_of=lambda error: 17)
FRAMEWORK: Any = None


@pytest.mark.parametrize(
    ("code", "explained"), [("KLL217", True), ("KLL101", True), ("KLL151", False), ("KLL302", False)]
)
def test_what_only_compiling_or_saving_shows_explains_no_error_of_a_call(code: str, explained: bool) -> None:
    """A search for inputs would be given up, where others do."""
    assert explains(FRAMEWORK, SUBJECT, [claim_of(code, 17)])(ValueError("of one of them")) is explained


@pytest.mark.parametrize(
    ("named", "raised", "explained"),
    [
        ((), TypeError("of what was given"), True),
        (("ValueError",), ValueError("the name"), True),
        (("ValueError",), UnicodeError("derives from it"), True),
        (("ValueError",), TypeError("of what was given"), False),
    ],
)
def test_a_finding_that_names_exceptions_explains_no_others(
    named: tuple[str, ...], raised: Exception, explained: bool
) -> None:
    claim = claim_of("KLL208", 17, expects=expects(errors=named))
    assert explains(FRAMEWORK, SUBJECT, [claim])(raised) is explained


NESTED = """
class Scale:
    def __init__(self, name):
        raise ValueError(name)
    def call(self):
        raise ValueError("of a call")
class Stack:
    def __init__(self):
        self.scale = Scale("a/b")
    def call(self):
        self.scale.call()
"""
MAKES, CALLS = NESTED.splitlines().index('        self.scale = Scale("a/b")') + 1, len(NESTED.splitlines())


@pytest.mark.parametrize(
    ("code", "line", "inner", "explained"),
    [
        ("KLL208", MAKES, (MAKES, 4), True),
        ("KLL208", CALLS, (CALLS, 6), False),
        ("KLL208", MAKES, (CALLS, 6), False),
        ("KLL212", MAKES, (MAKES, 4), False),
    ],
)
def test_a_finding_on_what_a_line_makes_explains_errors_of_its_constructor(
    code: str, line: int, inner: tuple[int, int], explained: bool
) -> None:
    subject: Any = SimpleNamespace(
        line_of=lambda error: inner[-1], lines_of=lambda error: list(inner), source=Source(NESTED)
    )
    assert explains(FRAMEWORK, subject, [claim_of(code, line)])(ValueError("the name")) is explained
