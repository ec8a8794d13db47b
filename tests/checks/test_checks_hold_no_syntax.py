"""Checks read events and facts. What walks syntax trees stands in the model or the value analysis, with tests there."""

from __future__ import annotations

import pytest

from tests.own_source import MODULES, imports

MAY_IMPORT_LIBCST = {"keras_layer_lint.checks.context": "types of the nodes that a check hands on to point at"}
CHECKS = [name for name in MODULES if name.startswith("keras_layer_lint.checks.")]


@pytest.mark.slow
def test_checks_import_no_libcst() -> None:
    assert {name for name in CHECKS if "libcst" in imports(name)} == MAY_IMPORT_LIBCST.keys()


def test_there_are_checks() -> None:
    assert len(CHECKS) > 50
