"""The corrected packages under `fixtures/` run through everything with nothing to report."""

from __future__ import annotations

import pytest

from keras_layer_lint import Settings, lint_paths
from keras_layer_lint.confirm.confirming import Request, probes_of
from tests.confirm.conftest import ran
from tests.frameworks import needs
from tests.test_fixtures import FIXTURES


@pytest.mark.parametrize("package", sorted(path.name for path in (FIXTURES / "clean").iterdir()))
def test_clean_has_nothing_to_report(package: str) -> None:
    needs("2", "3")
    settings = Settings(root=str(FIXTURES))
    paths = [FIXTURES / "clean" / package]
    report = lint_paths(paths, settings)
    probes = list(probes_of(report, settings, Request(everything=True, device="cpu")))
    assert len(probes) == report.layers
    found, _ = ran(probes, 120)
    assert [(result.probe.class_name, result.failures, result.reason) for result in found] == [
        (probe.class_name, (), "") for probe in probes
    ]
