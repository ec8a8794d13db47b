"""What static linting says of a class that failed a check: why, and what to write instead."""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from keras_layer_lint.diagnostic import Diagnostic, Severity
from keras_layer_lint.lint import report_of_source
from keras_layer_lint.registry import rules
from keras_layer_lint.settings import Settings
from keras_layer_lint.testing.report import StaticFinding

_ORACLES = {"train": {"train"}, "mask": {"mask"}, "mixed_precision": {"mixed precision"}, "unknown_batch": {"graph"}}
"""The oracles of rules that speak of what a check sees; else that of its own name."""


def finding_at(path: str, cls: Any, check: str, line: int | None) -> StaticFinding | None:
    """The diagnostic at a line; without a line, the first of the class whose rule is confirmed by such a run."""
    if not path:
        return None
    found = [each for each in _diagnostics(path, _modified(path)) if each.class_name == cls.__qualname__]
    if line is not None:
        own = [each for each in found if each.span.line <= line <= each.span.end_line]
    else:
        oracles = _ORACLES.get(check, {check})
        own = [each for each in found if _oracle_of(each.code) in oracles]
    return _shown(own[0]) if own else None


@cache
def _oracle_of(code: str) -> str:
    """The oracle that decides on the findings of a rule; empty where none does."""
    confirm = next(rule.confirm for rule in rules() if rule.code == code)
    return "" if confirm is None else confirm.oracle


def _modified(path: str) -> float:
    return Path(path).stat().st_mtime


@lru_cache(maxsize=64)
def _diagnostics(path: str, modified: float) -> tuple[Diagnostic, ...]:
    """Those of a file, errors first; none where it cannot be linted, which is no concern of a test."""
    try:
        report = report_of_source(Path(path).read_bytes(), path, Settings(tests_as_code=True, any_use=True))
    except Exception:
        return ()
    order = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}
    return tuple(sorted(report.diagnostics, key=lambda each: (order[each.severity], each.span.line)))


def _shown(diagnostic: Diagnostic) -> StaticFinding:
    return StaticFinding(
        diagnostic.code, diagnostic.name, diagnostic.message, diagnostic.help, diagnostic.url, diagnostic.span.line
    )
