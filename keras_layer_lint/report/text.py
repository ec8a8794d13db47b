"""What the reports for people share: colours and counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from keras_layer_lint.diagnostic import Diagnostic, Severity, Status, Verdict
from keras_layer_lint.findings import Report
from keras_layer_lint.report.escape import one_line
from keras_layer_lint.report.not_run import counted, said_once

STYLES = {
    "error": "1;31",
    "warning": "1;33",
    "note": "1;36",
    "path": "1",
    "frame": "34",
    "secondary": "36",
    "help": "32",
    "good": "1;32",
    "confirmed": "1;31",
    "refuted": "32",
    "inconclusive": "33",
}
"""ANSI parameters by role; severities go by their label."""


def paint(text: str, role: str, color: bool) -> str:
    """Colour `text` for its role."""
    return f"\x1b[{STYLES[role]}m{text}\x1b[0m" if color and text else text


def linked(text: str, url: str) -> str:
    """Text that leads somewhere, for terminals; those that know no links show the text."""
    return f"\x1b]8;;{url}\x1b\\{text}\x1b]8;;\x1b\\"


def count(number: int, noun: str) -> str:
    """Write `1 file`, `2 files`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def by_severity(diagnostics: Iterable[Diagnostic]) -> str:
    """Count diagnostics by severity, the worst first: `5 errors, 2 warnings`."""
    totals = Counter(diagnostic.severity for diagnostic in diagnostics)
    return ", ".join(count(totals[level], level.label) for level in sorted(Severity, reverse=True) if totals[level])


def summary(report: Report, color: bool = False) -> str:
    """Close a report: what was found, and in how much code."""
    where = f"in {count(report.files, 'file')}"
    if report.layers:
        where += f", {count(report.layers, 'layer')}"
    if report.shard:
        where += f", shard {report.shard}"
    if report.known:
        where += f"; {report.known} more in the baseline"
    if report.unchanged:
        where += f"; {report.unchanged} more on lines that have not changed"
    if report.elsewhere:
        where += f"; {count(report.elsewhere, 'note')} more with `--any-use`, on uses that the project does not make"
    unrun = f"; {told}" if (told := counted(report)) else ""
    limits = f"; {limits_reached(report)}" if report.limits else ""
    if not report.diagnostics and unrun:
        return f"Nothing found {where}{unrun}{limits}"  # which is not to say that there is no problem
    if not report.diagnostics and not report.files:
        return "Nothing was linted: 0 files"
    if not report.diagnostics:
        return paint("No problems", "good", color) + f" {where}{limits}"
    worst = max(diagnostic.severity for diagnostic in report.diagnostics).label
    found = paint(f"Found {count(len(report.diagnostics), 'problem')}", worst, color)
    return (
        f"{found} ({by_severity(report.diagnostics)}) {where}{by_verdict(said_once(report).diagnostics)}{unrun}{limits}"
    )


MOST_REASONS = 2
"""Reasons that the summary gives for one generation."""


def chosen(report: Report) -> str:
    """Say which generations were chosen and why, and how to say otherwise; empty where the user chose."""
    if not report.chosen:
        return ""
    by_target: dict[str, list[tuple[str, int]]] = {}
    for choice, files in report.chosen:
        target = " and ".join(choice.keras) + (f" up to {choice.newest}" if choice.newest else "")
        by_target.setdefault(target, []).append((choice.why, files))
    parts = []
    for target, reasons in sorted(by_target.items()):
        told = "; ".join(one_line(why) for why, _ in reasons[:MOST_REASONS])
        more = len(reasons) - MOST_REASONS
        rest = f"; and {count(more, 'other reason')}" if more > 0 else ""
        where = count(sum(number for _, number in reasons), "file")
        parts.append(f"Linted for Keras {target} ({where}): {told}{rest}.")
    return " ".join([*parts, "`--keras`, or `keras` in the configuration, says otherwise."])


def fixable(diagnostics: Iterable[Diagnostic]) -> str:
    """Say how many diagnostics klint can fix, and how; empty where it can fix none."""
    totals = Counter(diagnostic.fix.applicability for diagnostic in diagnostics if diagnostic.fix is not None)
    safe, unsafe = totals["safe"], totals["unsafe"]
    if not totals:
        return ""
    more = f"{unsafe} more with" if safe else f"{count(unsafe, 'problem')} can be fixed with"
    parts = [f"{count(safe, 'problem')} can be fixed with `--fix`"] if safe else []
    parts += [f"{more} `--fix --unsafe-fixes`"] if unsafe else []
    return ", ".join(parts) + "."


def limits_reached(report: Report) -> str:
    """Count what was not analysed: `2 limits reached, --verbose names them`."""
    return (
        f"{count(len(report.limits), 'limit')} reached, --verbose names {'it' if len(report.limits) == 1 else 'them'}"
    )


def by_verdict(diagnostics: Iterable[Diagnostic]) -> str:
    """Count what running the layers showed: `: 3 confirmed, 1 refuted`; empty where none was run."""
    totals = Counter(diagnostic.verdict.status for diagnostic in diagnostics if diagnostic.verdict is not None)
    words: tuple[Status, ...] = ("confirmed", "refuted", "inconclusive")
    return ": " + ", ".join(f"{totals[word]} {word}" for word in words if totals[word]) if totals else ""


def ran_on(verdict: Verdict) -> str:
    """Say what a layer ran on: `Keras 3.15.1, tensorflow 2.21.0, cpu (XLA: Host)`; empty where it did not run."""
    if not verdict.keras:
        return ""
    device = f", {verdict.device}" if verdict.device else ""
    return f"Keras {verdict.keras}, {verdict.backend}{device}" + (
        f" (XLA: {verdict.platform})" if verdict.platform else ""
    )


def ran(verdict: Verdict) -> str:
    """Say what was run: what it ran on; `constructed with units=4, called on float32[2,8]`."""
    if not verdict.keras:
        return ""
    parts = [ran_on(verdict)]
    if verdict.arguments or verdict.inputs:
        made = f"constructed with {verdict.arguments}" if verdict.arguments else "constructed without arguments"
        parts.append(f"{made}, called on {verdict.inputs}" if verdict.inputs else made)
    return "; ".join(parts)


def statistics(report: Report) -> str:
    """Count diagnostics by rule, the most frequent first."""
    totals = Counter((diagnostic.code, diagnostic.name) for diagnostic in report.diagnostics)
    rows = sorted(totals.items(), key=lambda item: (-item[1], item[0]))
    width = len(str(rows[0][1])) if rows else 0
    return "".join(f"{total:>{width}}  {code} {name}\n" for (code, name), total in rows)
