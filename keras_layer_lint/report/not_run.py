"""What the reports for people say of classes that were not run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from keras_layer_lint.diagnostic import Diagnostic
from keras_layer_lint.findings import NotRun, Report
from keras_layer_lint.report.escape import one_line, printable

MOST_NAMES = 5
"""Classes of a module that a line names."""


def said_once(report: Report) -> Report:
    """The report without a verdict for each finding in a module that was not run: one line says that of the module."""
    known = {(entry.path, entry.reason) for entry in report.not_run if entry.extent == "module"}
    if not known:
        return report

    def without(diagnostic: Diagnostic) -> Diagnostic:
        verdict = diagnostic.verdict
        is_known = verdict is not None and (diagnostic.path, verdict.evidence) in known
        return replace(diagnostic, verdict=None) if is_known else diagnostic

    return replace(report, diagnostics=tuple(map(without, report.diagnostics)))


def counted(report: Report) -> str:
    """Count them: `2 layers not run, 1 not to the end`; empty where all was run."""
    unrun = {(entry.path, name) for entry in report.not_run if entry.extent != "rest" for name in entry.classes}
    partly = {(entry.path, name) for entry in report.not_run if entry.extent == "rest" for name in entry.classes}
    parts = [f"{_layers(len(unrun))} not run"] * bool(unrun)
    parts += [f"{len(partly) if unrun else _layers(len(partly))} not run to the end"] * bool(partly)
    return ", ".join(parts)


def _layers(number: int) -> str:
    return f"{number} layer{'' if number == 1 else 's'}"


def place(entry: NotRun) -> str:
    """Where they stand: `layers.py:7`, of a module `layers.py`."""
    path = printable(entry.path)
    return path if entry.extent == "module" else f"{path}:{entry.line}"


def told(entry: NotRun) -> str:
    """Which classes, and why: `` `Gate` (Keras 3): could not be called in 60 attempts: ... ``."""
    names = ", ".join(f"`{name}`" for name in entry.classes[:MOST_NAMES])
    more = len(entry.classes) - MOST_NAMES
    rest = f" and {more} more" if more > 0 else ""
    return one_line(f"{names}{rest} (Keras {entry.keras}): {entry.reason}")


def block(report: Report) -> list[str]:
    """All of them, each with its reason, and what would help where no finding says so."""
    offered = {verdict.help for one in report.diagnostics if (verdict := one.verdict) is not None}
    lines = ["Not run:"] if report.not_run else []
    for entry in report.not_run:
        lines.append(f"  {place(entry)}: {told(entry)}")
        if entry.help and entry.help not in offered:
            lines += [f"    {line}" for line in help_lines(entry)]
    return lines


def help_lines(entry: NotRun) -> Iterator[str]:
    """What would help, and of which kind that is."""
    yield "put into [tool.klint.recipes], completed:" if entry.help.startswith('"') else "what helps:"
    yield one_line(entry.help)
