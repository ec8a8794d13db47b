"""The pages under `rules/` are true: what they claim about an example happens when Keras runs it."""

from __future__ import annotations

import pytest

from tests.proof.cases import NOTHING_TO_RUN, Case, read_cases
from tests.proof.conftest import Judge
from tests.rule_pages import read_pages

CASES = read_cases()


@pytest.mark.parametrize("case", CASES, ids=str)
def test_proof(case: Case, judge: Judge) -> None:
    verdict = judge(case)
    claimed = case.claim.message if case.claim else "constructs, traces, compiles, trains, and survives a reload"
    assert verdict["proved"], f"{case.class_name}: {claimed}\n{verdict['evidence']}"


def test_every_mark_is_a_case() -> None:
    marked = {
        (str(block), keras, line, code)
        for page in read_pages()
        if page.code not in NOTHING_TO_RUN
        for block in page.blocks
        if block.backend == "tensorflow"  # tests/confirm/test_jax.py runs the others
        for keras in block.keras
        for line, code in block.expected
    }
    claimed = {(str(case.block), case.keras, case.claim.line, case.claim.code) for case in CASES if case.claim}
    assert claimed == marked
