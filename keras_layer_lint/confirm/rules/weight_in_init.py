"""A weight is made in `__init__`: constructing the layer runs the line and leaves it with weights."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from keras_layer_lint.confirm.hooks import Hooks
from keras_layer_lint.confirm.oracles.blame import blamed
from keras_layer_lint.confirm.oracles.reaching import reaching
from keras_layer_lint.confirm.oracles.tracking import held
from keras_layer_lint.confirm.oracles.trial import NotRun, NotSeen, Trial
from keras_layer_lint.confirm.probe import Claim
from keras_layer_lint.confirm.subject import LinesRun, brief

if TYPE_CHECKING:
    from keras_layer_lint.confirm.planning.plan import Plan


def weights_before_input(trial: Trial, claim: Claim) -> str:
    """Constructing the layer runs the line and leaves it with weights."""
    plan = trial.fresh()
    own = set(range(claim.line, claim.end_line + 1))
    layer, lines = _constructed(trial, claim, plan)
    if own.isdisjoint(lines) and (other := next(reaching(trial, plan, own), None)) is not None:
        trial.show(other)
        layer, lines = _constructed(trial, claim, other)
    if isinstance(layer, str):
        return layer
    weights = held(trial.framework, list(vars(layer).values()))
    if own.isdisjoint(lines):
        raise NotRun("the line was not reached")
    if not weights:
        raise NotSeen("has no weight when constructed")
    names = ", ".join(str(getattr(weight, "name", "?")) for weight in weights[:4])
    return f"constructed, before any input, it has {len(weights)} weight{'s' * (len(weights) > 1)}: {names}"


def _constructed(trial: Trial, claim: Claim, plan: Plan) -> tuple[Any, set[int]]:
    """The layer, and the lines that constructing it ran; an error where that is what the line is marked for, too."""
    with LinesRun(trial.subject.path) as lines:
        try:
            return plan.make(), lines
        except Exception as error:
            marked = any(other.line == claim.line and other.severity == "error" for other in trial.probe.claims)
            if marked and blamed(trial.framework, trial.subject, [claim], error) == claim:
                return f"constructed: {brief(error)}", lines
            raise NotRun(f"could not be constructed: {brief(error)}") from error


HOOKS = Hooks(observe=weights_before_input, refutes_uncalled=True)
