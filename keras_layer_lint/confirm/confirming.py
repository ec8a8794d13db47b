"""From a report to a report with verdicts."""

from __future__ import annotations

import importlib.util
import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from keras_layer_lint.confirm.dask_pool import DaskPool
from keras_layer_lint.confirm.framework import INSTALL
from keras_layer_lint.confirm.keeping.kept import Kept
from keras_layer_lint.confirm.not_run import not_run
from keras_layer_lint.confirm.pool import Pool, Progress
from keras_layer_lint.confirm.probe import Claim, Probe, ProbeResult, no_gpu
from keras_layer_lint.confirm.probes import probes_of
from keras_layer_lint.confirm.request import Request
from keras_layer_lint.confirm.unseen import unseen
from keras_layer_lint.diagnostic import Diagnostic, Span, Verdict
from keras_layer_lint.errors import KlintError
from keras_layer_lint.findings import NotRun, Report
from keras_layer_lint.settings import BACKENDS, Settings
from keras_layer_lint.source.notebook import is_notebook

_RANK = {"confirmed": 0, "inconclusive": 1, "refuted": 2}
Key = tuple[str, str, Span]


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A report whose diagnostics have verdicts, and how the run went."""

    report: Report
    interrupted: bool
    lacking: tuple[str, ...]
    """What this system does not let klint stop."""
    kept: int = 0
    """How many layers were not run, for nothing has changed since they were."""
    cache_trouble: str = ""
    """Why verdicts could not be kept, or taken."""


def confirm(report: Report, settings: Settings, request: Request, progress: Progress) -> Confirmed:
    """Run the layers that the report speaks of, or all in its files, and give each diagnostic its verdict."""
    check_installed(settings)
    if request.shard is not None:
        report = request.shard.of_report(report)
    probes = list(probes_of(report, settings, request))
    kept = Kept(request.cache, probes, request.timeout, request.scheduler)
    pool = pool_of(kept.unknown, request, progress)
    results = kept.with_known(pool.run() if kept.unknown else [])
    if results and request.device == "gpu" and all(result.reason == no_gpu(result.probe.backend) for result in results):
        seen = " and ".join(sorted({result.reason for result in results}))
        raise KlintError(f"--device gpu: {seen}; `--device auto` runs layers on the processor where there is none")
    lacking = dict.fromkeys([*pool.lacking, *(what for result in kept.known for what in result.lacking)])
    report = with_results(report, results, request)
    return Confirmed(report, pool.interrupted, tuple(lacking), len(kept.known), kept.trouble)


def with_results(report: Report, results: Sequence[ProbeResult], request: Request) -> Report:
    """The report with what running layers came to: verdicts, and what failed and no rule saw, if that is asked for."""
    verdicts: dict[Key, list[Verdict]] = defaultdict(list)
    for result in results:
        for claim, verdict in zip(result.probe.claims, result.verdicts, strict=True):
            verdicts[result.probe.shown, claim.code, _span(claim)].append(verdict)
    diagnostics = [_with_verdict(diagnostic, verdicts) for diagnostic in report.diagnostics]
    if request.everything:
        diagnostics += unseen(results)
    return replace(
        report,
        diagnostics=tuple(sorted(diagnostics, key=lambda diagnostic: diagnostic.sort_key)),
        runs=tuple(result.to_json() for result in results),
        not_run=tuple(sorted([*not_run(results), *_notebooks(report)], key=lambda entry: entry.sort_key)),
    )


def _notebooks(report: Report) -> Iterator[NotRun]:
    """The classes with findings in notebooks: what is run is imported, and a notebook is not."""
    for path in dict.fromkeys(each.path for each in report.diagnostics if is_notebook(each.path)):
        own = [each for each in report.diagnostics if each.path == path and each.class_name]
        classes = tuple(dict.fromkeys(each.class_name for each in own if each.class_name))
        if classes:
            keras = min(keras for each in own for keras in each.keras)
            reason = "it stands in a notebook, which cannot be imported"
            yield NotRun(path, 1, classes, keras, reason, "move it to a module", "module")


def pool_of(probes: Iterable[Probe], request: Request, progress: Progress) -> Pool | DaskPool:
    """What runs probes as the request says."""
    if request.scheduler:
        return DaskPool(probes, address=request.scheduler, timeout=request.timeout, progress=progress)
    jobs = request.jobs or os.cpu_count() or 1
    return Pool(probes, jobs=jobs, timeout=request.timeout, progress=progress)


def default_backend() -> str:
    """What layers that only import Keras are run on: the first backend that is installed."""
    return next((name for name in BACKENDS if importlib.util.find_spec(name) is not None), BACKENDS[0])


def check_installed(settings: Settings) -> None:
    """Raise KlintError where layers cannot be run at all. Finding a package imports nothing."""
    if not hasattr(os, "fork"):
        raise KlintError("--confirm needs a system with `fork`: Linux, or macOS within limits")
    wanted = BACKENDS if settings.backend is None else (settings.backend,)
    if all(importlib.util.find_spec(name) is None for name in wanted):
        extra = " jax" if settings.backend == "jax" else ""
        raise KlintError(f"--confirm runs layers with {wanted[0]}, which is not installed: {INSTALL}{extra}")
    if all(importlib.util.find_spec(name) is None for name in ("keras", "tf_keras")):
        raise KlintError(f"--confirm runs layers with Keras, which is not installed: {INSTALL}")


def _span(claim: Claim) -> Span:
    return Span(claim.line, claim.column, claim.end_line, claim.end_column)


def _with_verdict(diagnostic: Diagnostic, verdicts: Mapping[Key, Sequence[Verdict]]) -> Diagnostic:
    """What happens in one generation happens; it is refuted only where it happens in none."""
    found = verdicts.get((diagnostic.path, diagnostic.code, diagnostic.span))
    return replace(diagnostic, verdict=min(found, key=lambda verdict: _RANK[verdict.status])) if found else diagnostic
