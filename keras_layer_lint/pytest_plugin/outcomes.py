"""What running a layer came to for one of its items: it passes, it fails, or it could not be run so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from keras_layer_lint.confirm.confirming import with_results
from keras_layer_lint.confirm.probe import ProbeResult
from keras_layer_lint.confirm.request import Request
from keras_layer_lint.diagnostic import Diagnostic, Severity
from keras_layer_lint.findings import Report
from keras_layer_lint.output import file_lines
from keras_layer_lint.pytest_plugin.layers import LayerCase
from keras_layer_lint.report.escape import for_log, one_line
from keras_layer_lint.report.full import render_diagnostic


@dataclass(frozen=True)
class Outcome:
    """Of one layer and one oracle. Without failures and reasons it passed."""

    failures: tuple[Diagnostic, ...]
    """What was confirmed and is severe enough."""
    told: tuple[Diagnostic, ...]
    """What was confirmed, and is not."""
    reasons: tuple[str, ...]
    """Why it was not run to its end, and what would help."""


class Outcomes:
    """Of one layer, after it was run."""

    def __init__(self, case: LayerCase, results: Sequence[ProbeResult], request: Request, fail_on: Severity) -> None:
        self._case = case
        self._results = results
        self._fail_on = fail_on
        linted = Report(case.findings, (), files=1, layers=1, seconds=0.0)
        self._diagnostics = with_results(linted, results, request).diagnostics

    def of(self, oracle: str) -> Outcome:
        """What came of one oracle."""
        own = [each for each in self._diagnostics if self._oracle_of(each) == oracle]
        confirmed = [each for each in own if each.verdict is not None and each.verdict.status == "confirmed"]
        failures = tuple(each for each in confirmed if each.severity >= self._fail_on)
        told = tuple(each for each in confirmed if each.severity < self._fail_on)
        return Outcome(failures, told, tuple(dict.fromkeys([*_undecided(own), *self._not_run(oracle)])))

    def _oracle_of(self, diagnostic: Diagnostic) -> str:
        """The item that shows it: a failure is never lost, whichever run met it."""
        oracle = "" if diagnostic.verdict is None else diagnostic.verdict.oracle
        return oracle if oracle in self._case.oracles else self._case.oracles[0]

    def _not_run(self, oracle: str) -> Iterator[str]:
        """Why the layer was not run so, in each generation of Keras in which it was not."""
        several = len({result.probe.generation for result in self._results}) > 1
        for result in self._results:
            if oracle not in result.probe.ways or any(claim.oracle == oracle for claim in result.probe.claims):
                continue
            found = next((way for way in result.ways if way.oracle == oracle), None)
            reason = result.reason or "it was not run" if found is None else found.reason
            if reason:
                where = f"Keras {result.probe.generation.value}: " if several else ""
                yield _with_help(f"{where}{reason}", result.help)


def _undecided(diagnostics: Sequence[Diagnostic]) -> Iterator[str]:
    for each in diagnostics:
        if each.verdict is not None and each.verdict.status == "inconclusive":
            yield _with_help(f"{each.code} on line {each.span.line}: {each.verdict.evidence}", each.verdict.help)


def _with_help(reason: str, help_: str) -> str:
    if not help_:
        return one_line(reason)
    does = "put into [tool.klint.recipes], completed" if help_.startswith('"') else "what helps"
    return f"{one_line(reason)}; {does}: {one_line(help_)}"


def shown(diagnostics: Sequence[Diagnostic]) -> str:
    """The diagnostics as klint reports them, each with the page of its rule."""
    return for_log("\n".join(f"{render_diagnostic(each, file_lines, False)}{each.url}\n" for each in diagnostics))
