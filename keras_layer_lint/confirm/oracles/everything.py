"""What `--confirm=all` runs: each way a layer can fail, for failures that no finding speaks of."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from keras_layer_lint.confirm.oracles import compiled, graph, objects, saving, weights
from keras_layer_lint.confirm.oracles.blame import blamed
from keras_layer_lint.confirm.oracles.trial import Failed, NotRun, NotSeen, Trial

Failing = Callable[[Trial], Iterator[Failed]]

_TRACING = frozenset({"graph", "purity", "xla"})
_STATE = frozenset({"build", "reload", "train"})
"""Oracles whose findings may be the reason for what such a run would see."""


def run_all(trial: Trial) -> None:
    """Run everything, as far as no finding stands in the way of it."""
    speaking = {claim.oracle for claim in trial.probe.claims if claim.severity != "note"}
    if objects.place_of(trial.framework, trial.cls):
        if not speaking and not trial.is_made_up:
            _report(trial, "reload", objects.fails)
        return
    if not trial.framework.is_layer(trial.cls):
        return
    if all(claim.oracle != "graph" for claim in trial.probe.claims):
        trial.begin("graph", [])
        graph.trace(trial, [])
    if trial.has_failed:
        return  # what cannot be traced can neither be compiled nor saved
    trial.fresh(repaired=True)
    if not speaking & _STATE:
        _report(trial, "build", weights.fails)
        if not trial.is_made_up:
            _report(trial, "reload", saving.fails)
    if not speaking & _TRACING and not trial.repairs:
        _report(trial, "train", compiled.fails)


def _report(trial: Trial, oracle: str, fails: Failing) -> None:
    """Report what fails, but for lines that a finding speaks of."""
    trial.begin(oracle, [])
    try:
        for failed in fails(trial):
            error = failed.error
            if error is not None and blamed(trial.framework, trial.subject, trial.probe.claims, error) is not None:
                continue
            line = None if error is None else trial.subject.line_of(error)
            trial.fail(failed.oracle, failed.evidence, line, failed.severity)
    except (NotRun, NotSeen):
        return
    except Exception as error:
        if blamed(trial.framework, trial.subject, trial.probe.claims, error) is None:
            raise
