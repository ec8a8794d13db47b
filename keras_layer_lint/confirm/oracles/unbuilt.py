"""Sublayers that nothing builds before weights are loaded: looked for with arguments that make some."""

from __future__ import annotations

from typing import TYPE_CHECKING

from keras_layer_lint.confirm.oracles import running
from keras_layer_lint.confirm.oracles.reaching import with_another_argument
from keras_layer_lint.confirm.oracles.saving import loses_weights
from keras_layer_lint.confirm.oracles.trial import NotRun, NotSeen, Trial
from keras_layer_lint.confirm.probe import Claim

if TYPE_CHECKING:
    from keras_layer_lint.confirm.planning.plan import Plan


def loses_unbuilt(trial: Trial, claim: Claim) -> str:
    """Saved and loaded as planned, and with another argument where the layer then has none of the sublayers."""
    plan = trial.fresh(repaired=True)
    try:
        return loses_weights(trial, plan)
    except NotSeen:
        if not claim.expects.unbuilt or _has_any(plan, claim):
            raise
    changed = next((other for other in with_another_argument(trial, plan) if _has_any(other, claim)), None)
    if changed is None:
        raise NotRun(f"it has none of {', '.join(claim.expects.unbuilt)}, with no argument that is known")
    trial.show(changed)
    return loses_weights(trial, changed)


def _has_any(plan: Plan, claim: Claim) -> bool:
    """Whether the layer, once called, holds any of what the claim says is not built."""
    try:
        layer = plan.make()
        running.eager(plan, layer)
    except Exception:
        return False
    return any(getattr(layer, name, None) for name in claim.expects.unbuilt)
