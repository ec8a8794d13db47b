"""klint: finds what breaks a custom Keras layer before anyone trains it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from keras_layer_lint.diagnostic import Diagnostic, Severity, Span
    from keras_layer_lint.findings import Report
    from keras_layer_lint.lint import lint_paths, lint_source
    from keras_layer_lint.rule import Rule
    from keras_layer_lint.settings import Settings

__version__ = "0.1.0"

__all__ = ["Diagnostic", "Report", "Rule", "Settings", "Severity", "Span", "__version__", "lint_paths", "lint_source"]

_HOMES = {
    "Diagnostic": "diagnostic",
    "Severity": "diagnostic",
    "Span": "diagnostic",
    "Report": "findings",
    "lint_paths": "lint",
    "lint_source": "lint",
    "Rule": "rule",
    "Settings": "settings",
}


def __getattr__(name: str) -> Any:
    """Import the public names when first used: `klint --version` must not pay for LibCST."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
