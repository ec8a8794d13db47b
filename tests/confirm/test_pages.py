"""The pages under `rules/` through confirm mode: bad examples are confirmed, good ones have nothing to report."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from keras_layer_lint import Settings, lint_paths
from keras_layer_lint.confirm.oracles import ORDER
from keras_layer_lint.confirm.probe import Probe, ProbeResult
from tests.confirm.conftest import ORACLES, needs_its_keras, needs_newer_keras, ran, selected
from tests.confirm.examples import ABOUT_FILES, UNSEEN, examples, probes_for, written
from tests.confirm.promises import errors, raised
from tests.frameworks import needs
from tests.rule_pages import Block, Page

Results = Callable[[Block, str], list[ProbeResult]]

BLOCKS = examples()
BAD = [(page, block, keras) for page, block, keras in BLOCKS if block.is_bad and page.code != UNSEEN]
NOT_SEEN = [(page, block, keras) for page, block, keras in BLOCKS if block.is_bad and page.code == UNSEEN]
GOOD = [(page, block, keras) for page, block, keras in BLOCKS if not block.is_bad]


def name_of(value: object) -> str:
    return f"{value.code}" if isinstance(value, Page) else str(value)


@pytest.fixture(scope="module")
def results(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Results:
    """All selected examples, run at once."""
    needs("2", "3")
    probes: list[Probe] = []
    keys: list[tuple[str, str]] = []
    for page, block, keras in dict.fromkeys(selected(request, "page", "block", "keras")):
        folder = tmp_path_factory.mktemp(f"{page.code}-{keras}-")
        for made in probes_for(page, block, keras, written(page, block, folder)):
            probes.append(made)
            keys.append((str(block), keras))
    found, _ = ran(probes, 120)

    def of(block: Block, keras: str) -> list[ProbeResult]:
        return [result for key, result in zip(keys, found, strict=True) if key == (str(block), keras)]

    return of


def told(results: list[ProbeResult]) -> list[tuple[int, str, str, str]]:
    return [
        (claim.line, claim.code, verdict.status, verdict.evidence)
        for result in results
        for claim, verdict in zip(result.probe.claims, result.verdicts, strict=True)
    ]


@pytest.mark.parametrize(("page", "block", "keras"), BAD, ids=name_of)
def test_bad(page: Page, block: Block, keras: str, results: Results) -> None:
    needs_its_keras(block, keras)
    found = results(block, keras)
    assert {seen[:2] for seen in told(found)} == block.expected
    assert [seen for seen in told(found) if seen[2] != "confirmed"] == []


@pytest.mark.parametrize(("page", "block", "keras"), [case for case in BAD if case[0].code == "KLL143"], ids=name_of)
def test_keras_3_warns_of_a_lost_mask(page: Page, block: Block, keras: str, results: Results) -> None:
    evidence = [seen[3] for seen in told(results(block, keras)) if seen[1] == "KLL143"]
    assert {"of which Keras warns" in text for text in evidence} == {keras == "3"}


def messages(made: Probe, keras: str) -> dict[tuple[int, int, str], str]:
    """What people are told, by place and code."""
    selected = Settings(keras=(keras,), extend_select=tuple(claim.code for claim in made.claims))
    found = lint_paths([made.path], selected).diagnostics
    return {(each.span.line, each.span.column, each.code): each.message for each in found}


@pytest.mark.parametrize(("page", "block", "keras"), BAD, ids=name_of)
def test_bad_raises_what_the_page_names(page: Page, block: Block, keras: str, results: Results) -> None:
    needs_its_keras(block, keras)
    needs_newer_keras(block.source, keras)
    found = [
        (messages(result.probe, block.target(keras))[claim.line, claim.column, claim.code], claim, verdict.evidence)
        for result in results(block, keras)
        for claim, verdict in zip(result.probe.claims, result.verdicts, strict=True)
    ]
    others = [
        (claim.code, named, evidence)
        for message, claim, evidence in found
        if (named := errors(message, claim, keras)) and (seen := raised(evidence)) and not seen & named
    ]
    assert others == []


@pytest.mark.parametrize(("page", "block", "keras"), GOOD, ids=name_of)
def test_good(page: Page, block: Block, keras: str, results: Results) -> None:
    needs_its_keras(block, keras)
    needs_newer_keras(block.source, keras)
    found = results(block, keras)
    assert any(result.probe.everything for result in found)
    assert [(result.probe.class_name, result.failures, result.reason) for result in found] == [
        (result.probe.class_name, (), "") for result in found
    ]
    assert [seen for seen in told(found) if seen[2] != "refuted"] == []


@pytest.mark.parametrize(("page", "block", "keras"), NOT_SEEN, ids=name_of)
def test_unseen(page: Page, block: Block, keras: str, results: Results) -> None:
    (result,) = results(block, keras)
    assert {(failure.line, page.code) for failure in result.failures} == block.expected


def test_every_rule_has_an_oracle_that_is_run() -> None:
    assert {oracle for code, oracle in ORACLES.items() if code not in {*ABOUT_FILES, UNSEEN}} == set(ORDER)
