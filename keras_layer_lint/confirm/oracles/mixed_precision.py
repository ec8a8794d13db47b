"""`mixed precision`: the layer works in float32, and raises at the line under `mixed_float16`."""

from __future__ import annotations

from collections.abc import Sequence

from keras_layer_lint.confirm.oracles import running
from keras_layer_lint.confirm.oracles.blame import blamed
from keras_layer_lint.confirm.oracles.deciding import decide
from keras_layer_lint.confirm.oracles.trial import NotRun, NotSeen, Trial
from keras_layer_lint.confirm.probe import Claim
from keras_layer_lint.confirm.subject import brief


def run(trial: Trial, claims: Sequence[Claim]) -> None:
    """Each finding on its own."""
    precision = trial.framework.keras.mixed_precision
    for claim in claims:
        precision.set_global_policy("mixed_float16")
        try:
            decide(trial, claim, _raises)
        finally:
            precision.set_global_policy("float32")


def _raises(trial: Trial, claim: Claim) -> str:
    others = [other for other in trial.probe.claims if other.oracle == claim.oracle and other in trial.decided]
    made = trial.edited(dict.fromkeys(others, "stand-in")) if others else (trial.fresh(), None)
    if made is None:
        raise NotRun("another fault cannot be put out of the way")
    try:
        running.eager(made[0])
        running.symbolic(made[0])
        running.train(trial.framework, made[0])
    except Exception as error:
        if blamed(trial.framework, trial.subject, [claim], error) != claim:
            where = trial.subject.line_of(error)
            raise NotRun(f"under mixed_float16, line {where}: {brief(error)}") from error
        return f"under mixed_float16: {brief(error)}"
    raise NotSeen("raises nothing under mixed_float16")
