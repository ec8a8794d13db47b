"""Checks read events and facts. What walks syntax trees stands in the model or the value analysis, with tests there."""

from __future__ import annotations

import pytest

from tests.test_floors import MODULES, imports

MAY_IMPORT_LIBCST = {"keras_layer_lint.checks.context": "types of the nodes that a check hands on to point at"}
CHECKS = [name for name in MODULES if name.startswith("keras_layer_lint.checks.")]


@pytest.mark.parametrize("name", CHECKS)
def test_checks_import_no_libcst(name: str) -> None:
    assert ("libcst" in imports(name, MODULES[name])) == (name in MAY_IMPORT_LIBCST)


def test_there_are_checks() -> None:
    assert len(CHECKS) > 50
