"""The pages under `rules/` are true: what they claim about an example happens when Keras runs it."""

from __future__ import annotations

import pytest

from tests.proof.cases import Case, read_cases
from tests.proof.conftest import Judge


@pytest.mark.parametrize("case", read_cases(), ids=str)
def test_proof(case: Case, judge: Judge) -> None:
    verdict = judge(case)
    claimed = case.claim.message if case.claim else "constructs, traces, compiles, trains, and survives a reload"
    assert verdict["proved"], f"{case.class_name}: {claimed}\n{verdict['evidence']}"
