"""What failed and no rule saw, as diagnostics: one for each failure, however often it was met."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from keras_layer_lint.confirm.probe import ProbeResult, UnseenFailure
from keras_layer_lint.diagnostic import Diagnostic, Severity, Span, Verdict
from keras_layer_lint.rule import FAILS_WHEN_RUN

_NAMES = re.compile(r"'[^' ]*'|\"[^\" ]*\"|\{\{[^{}]*\}\}|<[^<>]*>|\b\w*\d[\w/:]*")
"""Names of tensors, nodes and functions, which count up from run to run."""


def unseen(results: Sequence[ProbeResult]) -> Iterator[Diagnostic]:
    """A diagnostic for each failure of the results; what fails in a base is told once.

    What is seen at a line by which the finding of another class is confirmed in the same way is that finding's: the
    class is a part of this one.
    """
    found: dict[tuple[str, int, str], Diagnostic] = {}
    told: dict[tuple[str, int | None, str], set[str]] = defaultdict(set)
    for result in results:
        for verdict in result.verdicts:
            if verdict.status == "confirmed" and verdict.line is not None:
                told[result.probe.shown, verdict.line, verdict.oracle].add(result.probe.class_name)
    for result in results:
        for failure in result.failures:
            if told[result.probe.shown, failure.line, failure.oracle] - {result.probe.class_name}:
                continue
            line = failure.line or result.probe.line
            key = (result.probe.shown, line, _NAMES.sub("_", failure.evidence))
            known = found.setdefault(key, _diagnostic(result, failure, line))
            generations = sorted({*known.keras, result.probe.generation.value})
            found[key] = replace(known, keras=tuple(generations))
    yield from found.values()


def _diagnostic(result: ProbeResult, failure: UnseenFailure, line: int) -> Diagnostic:
    name = result.probe.class_name
    verdict = Verdict(
        status="confirmed",
        oracle=failure.oracle,
        keras=result.keras,
        backend=result.backend,
        device=result.device,
        platform=result.platform,
        evidence=failure.evidence,
        line=failure.line,
        inputs=result.inputs,
        arguments=result.arguments,
        seconds=result.seconds,
    )
    return Diagnostic(
        code=FAILS_WHEN_RUN.code,
        name=FAILS_WHEN_RUN.name,
        severity=Severity[failure.severity.upper()],
        message=f"`{name}` fails when run: {failure.evidence}",
        help=f"no rule sees this; `klint rule {FAILS_WHEN_RUN.code}` says what to do",
        path=result.probe.shown,
        span=Span(line, 1, line, 2),
        class_name=name,
        keras=(result.probe.generation.value,),
        verdict=verdict,
    )
