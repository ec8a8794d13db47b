"""Checks of your own layers, in your own tests: `check_layer` and `parametrize_with_checks`."""

from __future__ import annotations

from keras_layer_lint.testing.check_layer import check_layer
from keras_layer_lint.testing.parametrize import parametrize_with_checks
from keras_layer_lint.testing.recipe import Recipe
from keras_layer_lint.testing.report import CheckFailure, CheckReport, CheckResult, LayerCheckError, StaticFinding

__all__ = [
    "CheckFailure",
    "CheckReport",
    "CheckResult",
    "LayerCheckError",
    "Recipe",
    "StaticFinding",
    "check_layer",
    "parametrize_with_checks",
]
