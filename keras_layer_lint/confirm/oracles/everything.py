"""What `--confirm=all` runs: each way a layer can fail, for failures that no finding speaks of."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator

from keras_layer_lint.confirm.oracles import compiled, graph, inference, objects, saving, weights
from keras_layer_lint.confirm.oracles.blame import blamed
from keras_layer_lint.confirm.oracles.trial import Failed, NotRun, NotSeen, Trial
from keras_layer_lint.confirm.probe import WAYS_OF_LAYERS, WAYS_OF_OBJECTS
from keras_layer_lint.confirm.subject import brief

Failing = Callable[[Trial], Iterator[Failed]]

_TRACING = frozenset({"graph", "purity", "xla"})
_STATE = frozenset({"build", "reload", "train"})
"""Oracles whose findings may be the reason for what such a run would see."""


def run_all(trial: Trial) -> None:
    """Run everything, as far as no finding stands in the way of it."""
    if reason := trial.broken or trial.bypasses_keras:
        trial.end(*WAYS_OF_LAYERS, reason=reason)
        return
    if objects.place_of(trial.framework, trial.cls):
        if reason := _speaking(trial, _TRACING | _STATE) or _made_up(trial):
            trial.end(*WAYS_OF_OBJECTS, reason=reason)
        else:
            trial.end(*WAYS_OF_OBJECTS, reason=_report(trial, "reload", objects.fails))
        return
    if not trial.framework.is_layer(trial.cls):
        return
    if all(claim.oracle != "graph" for claim in trial.probe.claims):
        trial.begin("graph", [])
        trial.is_compiled_later = not _speaking(trial, _TRACING)
        graph.trace(trial, [])
        trial.end("graph", reason=trial.not_traced)
    if trial.has_failed:
        trial.end(*WAYS_OF_LAYERS, reason=compiled.NOT_TRACED)
        return
    trial.fresh(repaired=True)
    of_state, of_tracing = _speaking(trial, _STATE), _speaking(trial, _TRACING)
    if trial.repairs:  # what fails in such a run may be for what stands in for a line
        put_aside = ", ".join(sorted({f"{claim.code} on line {claim.line}" for claim in trial.repairs}))
        trial.end(*WAYS_OF_LAYERS[1:], reason=f"it runs only with {put_aside} out of the way")
        return
    if of_state:
        trial.end("build", "reload", reason=of_state)
    else:
        trial.end("build", reason=_report(trial, "build", weights.fails))
        trial.end("reload", reason=_made_up(trial) or _report(trial, "reload", saving.fails))
    if of_tracing:
        trial.end("train", "xla", "purity", reason=of_tracing)
    else:
        trial.end("train", reason=_report(trial, "train", _of_training))


def _of_training(trial: Trial) -> Iterator[Failed]:
    yield from compiled.fails(trial)
    yield from inference.fails(trial)


def _speaking(trial: Trial, oracles: Container[str]) -> str:
    """Which findings of such oracles may be the reason for what a run would see; empty where none is."""
    codes = {claim.code for claim in trial.probe.claims if claim.gravity != "note" and claim.oracle in oracles}
    return f"{', '.join(sorted(codes))} would be the reason for what fails" if codes else ""


def _made_up(trial: Trial) -> str:
    """Why it is not known whether the layer can be saved; empty where it is."""
    return (
        f"it may not be meant to be saved with what klint made up: {trial.plan.arguments}" if trial.is_made_up else ""
    )


def _report(trial: Trial, oracle: str, fails: Failing) -> str:
    """Report what fails, but for lines that a finding speaks of. Return why it was not run; empty where it was."""
    trial.begin(oracle, [])
    try:
        for failed in fails(trial):
            error = failed.error
            if error is not None and blamed(trial.framework, trial.subject, trial.probe.claims, error) is not None:
                continue
            line = None if error is None else trial.subject.line_of(error)
            trial.fail(failed.oracle, failed.evidence, line, failed.severity, error)
    except (NotRun, NotSeen) as error:
        return str(error)
    except Exception as error:
        if blamed(trial.framework, trial.subject, trial.probe.claims, error) is None:
            raise
        return brief(error)
    return ""
