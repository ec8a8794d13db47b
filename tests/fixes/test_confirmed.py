"""What `--fix` makes of the pages' pairs runs: in each generation, nothing fails that the rule speaks of."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from keras_layer_lint import Settings, lint_paths
from keras_layer_lint.confirm.probe import ProbeResult
from keras_layer_lint.confirm.probes import probes_of
from keras_layer_lint.confirm.request import Request
from tests.confirm.conftest import ran
from tests.frameworks import needs
from tests.rule_pages import FixedBlock, read_pages

PAIRS = [(pair, keras) for page in read_pages() for pair in page.fixed for keras in pair.keras]


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Callable[[FixedBlock, str], list[ProbeResult]]:
    needs("2", "3")
    folder = tmp_path_factory.mktemp("fixed")
    probes = []
    for pair, keras in PAIRS:
        path = _path(folder, pair, keras)
        path.write_text(pair.after, encoding="utf-8")
        settings = Settings(keras=(keras,), root=str(folder))
        report = lint_paths([path], settings)
        probes += [replace(each) for each in probes_of(report, settings, Request(everything=True, device="cpu"))]
    found = ran(probes, 120)[0]
    return lambda pair, keras: [each for each in found if Path(each.probe.path) == _path(folder, pair, keras)]


def _path(folder: Path, pair: FixedBlock, keras: str) -> Path:
    return folder / f"{pair.code.lower()}_{pair.line}_{keras}.py"


@pytest.mark.parametrize(("pair", "keras"), PAIRS, ids=str)
def test_runs(pair: FixedBlock, keras: str, results: Callable[[FixedBlock, str], list[ProbeResult]]) -> None:
    found = results(pair, keras)
    assert len(found) == len(
        re.findall(r"^class \w+\(", pair.after, re.MULTILINE)
    )  # what derives from nothing is no layer
    for each in found:
        failures = [failure for failure in each.failures if failure.severity != "note"]
        assert (each.reason, failures) == ("", []), each.probe.class_name
        assert "confirmed" not in {verdict.status for verdict in each.verdicts}, each.verdicts
