"""Which classes were not run, of those that were to be: once for a module that no class of can be had from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from keras_layer_lint.confirm.probe import ProbeResult
from keras_layer_lint.findings import NotRun


def not_run(results: Iterable[ProbeResult]) -> tuple[NotRun, ...]:
    """What the results say of classes that were not run, or not to the end, in report order."""
    groups: dict[tuple[object, ...], list[ProbeResult]] = defaultdict(list)
    for number, result in enumerate(results):
        if result.not_run:
            own = number if result.not_run == "rest" else result.help
            groups[result.probe.shown, result.probe.generation, result.reason, own].append(result)
    return tuple(sorted(map(_entry, groups.values()), key=lambda entry: entry.sort_key))


def _entry(group: list[ProbeResult]) -> NotRun:
    first = min(group, key=lambda result: result.probe.line)
    return NotRun(
        path=first.probe.shown,
        line=first.probe.line,
        classes=tuple(dict.fromkeys(result.probe.class_name for result in group)),
        keras=first.probe.generation.value,
        reason=first.reason,
        help=first.help,
        extent=first.not_run,
    )
