"""A metric whose `reset_states` sets a weight to what the reset of Keras does not, or that leaves what it holds."""

from __future__ import annotations

from typing import Any

from keras_layer_lint.confirm.hooks import Hooks
from keras_layer_lint.confirm.oracles import fitting
from keras_layer_lint.confirm.oracles.trial import NotRun, NotSeen, Trial
from keras_layer_lint.confirm.probe import Claim


def is_not_called(trial: Trial, claim: Claim) -> str:
    """Two epochs of `fit` call `reset_states` never, and it sets the weight to another value than Keras does.

    Of a metric that is held: its weights are the same after `reset_state`.
    """
    plan = trial.fresh()
    held = getattr(plan.make(), claim.expects.attribute)
    if hasattr(held, "update_state"):
        return _is_left(trial, claim)
    fitted = fitting.fitting_of(trial.framework, plan)
    if fitted is None:
        raise NotRun("no model can be fitted with it")
    calls: list[Any] = []
    original = plan.cls.reset_states

    def recorded(self: Any) -> Any:
        calls.append(self)
        return original(self)

    plan.cls.reset_states = recorded
    fitted.run(epochs=2)
    if calls:
        raise NotSeen(f"`reset_states` was called {len(calls)} times in two epochs of `fit`")
    metric = plan.make()
    metric.reset_state()
    by_keras = _value(trial, metric, claim)
    original(metric)
    by_itself = _value(trial, metric, claim)
    if trial.framework.same([by_keras], [by_itself]):
        raise NotSeen("`reset_state` of Keras sets the weight to the same value")
    return (
        f"two epochs of `fit` call `reset_states` never; Keras resets `{claim.expects.attribute}` to {by_keras}, "
        f"it would to {by_itself}"
    )


def _is_left(trial: Trial, claim: Claim) -> str:
    """`reset_state` leaves the weights of a metric that the metric holds."""
    np, metric = trial.framework.np, trial.fresh().make()
    weights = getattr(metric, claim.expects.attribute).variables
    for weight in weights:
        weight.assign(np.ones(weight.shape))
    metric.reset_state()
    kept = [weight for weight in weights if np.any(np.array(weight) != 0)]
    if not kept:
        raise NotSeen(f"`reset_state` sets the weights of `{claim.expects.attribute}` to zero")
    return f"after `reset_state` {len(kept)} weights of `{claim.expects.attribute}` are what they were"


def _value(trial: Trial, metric: Any, claim: Claim) -> Any:
    return trial.framework.np.array(getattr(metric, claim.expects.attribute))


HOOKS = Hooks(observe=is_not_called)
