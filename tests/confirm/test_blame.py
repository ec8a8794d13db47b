"""Which errors of eager mode a finding explains."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from keras_layer_lint.confirm.oracles.blame import explains
from tests.confirm.conftest import claim_of

SUBJECT: Any = SimpleNamespace(line_of=lambda error: 17)
FRAMEWORK: Any = None


@pytest.mark.parametrize(
    ("code", "explained"), [("KLL217", True), ("KLL101", True), ("KLL151", False), ("KLL302", False)]
)
def test_what_only_compiling_or_saving_shows_explains_no_error_of_a_call(code: str, explained: bool) -> None:
    """A search for inputs would be given up, where others do."""
    assert explains(FRAMEWORK, SUBJECT, [claim_of(code, 17)])(ValueError("of one of them")) is explained
