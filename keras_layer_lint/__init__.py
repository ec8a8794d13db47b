"""klint: finds what breaks a custom Keras layer before anyone trains it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from keras_layer_lint.diagnostic import Diagnostic, Edit, Fix, Severity, Span
    from keras_layer_lint.findings import Report
    from keras_layer_lint.fixes.engine import fix_source
    from keras_layer_lint.lint import lint_paths, lint_source
    from keras_layer_lint.rule import Rule
    from keras_layer_lint.settings import Settings

__version__ = "0.1.0"

__all__ = [
    "Diagnostic",
    "Edit",
    "Fix",
    "Report",
    "Rule",
    "Settings",
    "Severity",
    "Span",
    "__version__",
    "fix_source",
    "lint_paths",
    "lint_source",
]

_HOMES = {
    "Diagnostic": "diagnostic",
    "Edit": "diagnostic",
    "Fix": "diagnostic",
    "Severity": "diagnostic",
    "Span": "diagnostic",
    "Report": "findings",
    "fix_source": "fixes.engine",
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
