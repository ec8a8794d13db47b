"""Verdicts on small layers that are like real ones: what each finding must come to, and with which evidence."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from keras_layer_lint.confirm.probe import ProbeResult
from tests.confirm import configuration_cases, evidence_cases, running_cases
from tests.confirm.conftest import claims_in, needs_newer_keras, probe, ran
from tests.frameworks import needs

MARK = re.compile(r"# (KLL\d+) (confirmed|refuted|inconclusive): (.+)")

NESTED = {"Nested": "Block.Nested"}
CASES = {**running_cases.CASES, **configuration_cases.CASES, **evidence_cases.CASES}


@dataclass(frozen=True)
class Expected:
    line: int
    code: str
    status: str
    evidence: str


def expected_in(source: str) -> list[Expected]:
    return [
        Expected(number, *found.groups())
        for number, line in enumerate(source.splitlines(), 1)
        if (found := MARK.search(line))
    ]


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], list[ProbeResult]]:
    """All cases, run at once."""
    needs("2", "3")
    folder = tmp_path_factory.mktemp("verdicts")
    probes = []
    for name, (keras, source) in CASES.items():
        path = folder / name / f"{name}.py"  # what one project does with its layers is nothing to another
        path.parent.mkdir()
        path.write_text(source, encoding="utf-8")
        probes += [
            probe(path, NESTED.get(cls, cls), claims, keras) for cls, claims in claims_in(path, keras, "KLL201").items()
        ]
    found, _ = ran(probes, 120)

    def of(name: str) -> list[ProbeResult]:
        return [result for result in found if Path(result.probe.path).stem == name]

    return of


@pytest.mark.parametrize("name", CASES)
def test_verdicts(name: str, results: Callable[[str], list[ProbeResult]]) -> None:
    needs_newer_keras(CASES[name][1], CASES[name][0])
    seen = {
        (claim.line, claim.code): verdict
        for result in results(name)
        for claim, verdict in zip(result.probe.claims, result.verdicts, strict=True)
    }
    wanted = expected_in(CASES[name][1])
    assert wanted
    for each in wanted:
        verdict = seen[each.line, each.code]
        assert (verdict.status, each.evidence in verdict.evidence) == (each.status, True), verdict


def test_what_is_shown_was_run(results: Callable[[str], list[ProbeResult]]) -> None:
    """A layer that could not be called was called on nothing; another flag than the plan's is told."""
    assert [result.inputs for result in results("never_called")] == ["", ""]
    shown = {
        name: {verdict.arguments for result in results(name) for verdict in result.verdicts}
        for name in (
            "a_rate_of_zero",
            "sublayers_that_build_themselves",
            "a_line_that_waits_for_an_argument_is_run_with_it",
        )
    }
    assert shown == {
        "a_rate_of_zero": {"dropout=0.25"},
        "sublayers_that_build_themselves": {""},
        "a_line_that_waits_for_an_argument_is_run_with_it": {"positive=True"},
    }
