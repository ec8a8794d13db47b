"""The corrected packages under `fixtures/` run through everything with nothing to report."""

from __future__ import annotations

from keras_layer_lint import Settings, lint_paths
from keras_layer_lint.confirm.probes import probes_of
from keras_layer_lint.confirm.request import Request
from keras_layer_lint.target import Generation
from tests.confirm.conftest import ran
from tests.frameworks import needs
from tests.test_fixtures import FIXTURES


def test_clean_has_nothing_to_report() -> None:
    """All packages at once, for what is imported takes as long as what is run."""
    needs("2", "3")
    settings = Settings(root=str(FIXTURES))
    report = lint_paths([FIXTURES / "clean"], settings)
    probes = list(probes_of(report, settings, Request(everything=True, device="cpu")))
    assert len(probes) == report.layers
    assert {probe.generation for probe in probes} == set(Generation)
    found, _ = ran(probes, 120)
    assert [(result.probe.class_name, result.failures, result.reason) for result in found] == [
        (probe.class_name, (), "") for probe in probes
    ]
