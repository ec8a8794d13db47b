"""Layers of test files are helpers: nobody saves them, and what they do shows in the test."""

from __future__ import annotations

import textwrap

import pytest

from keras_layer_lint import Settings, Severity, lint_source
from tests.checks.cases import HEADER

LAYER = """
class Helper(layers.Layer):
    def __init__(self, units, rate=0.1, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.rate = rate
        self.n = 0

    def call(self, inputs):
        self.n += 1
        return int(tf.reduce_sum(inputs)) * self.n

    def get_config(self):
        return {**super().get_config(), "rate": self.rate}
"""


def severities(path: str) -> dict[str, Severity]:
    settings = Settings(keras=("3",), select=("KLL113", "KLL123", "KLL302"))
    return {one.code: one.severity for one in lint_source(HEADER + textwrap.dedent(LAYER), path, settings)}


@pytest.mark.parametrize(
    "path", ["tests/layers.py", "pkg/test/helpers.py", "pkg/test_layers.py", "layers_test.py", "tests/conftest.py"]
)
def test_only_what_raises_when_called_is_told(path: str) -> None:
    assert severities(path) == {"KLL113": Severity.ERROR}


@pytest.mark.parametrize("path", ["layers.py", "testing/layers.py", "contest.py", "pkg/latest/layers.py", "tested.py"])
def test_other_files(path: str) -> None:
    assert severities(path) == {"KLL113": Severity.ERROR, "KLL123": Severity.WARNING, "KLL302": Severity.ERROR}
