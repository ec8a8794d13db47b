"""`training=True` by default: called without it, the layer trains."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from keras_layer_lint.confirm.framework import Values
from keras_layer_lint.confirm.hooks import Hooks
from keras_layer_lint.confirm.oracles import running
from keras_layer_lint.confirm.oracles.trial import NotRun, NotSeen, Trial
from keras_layer_lint.confirm.probe import Claim

if TYPE_CHECKING:
    from keras_layer_lint.confirm.planning.plan import Plan


def trains_by_default(trial: Trial, claim: Claim) -> str:
    """Called without `training`, the layer trains: by hand (note), or in `predict` of a Model (warning)."""
    framework = trial.framework
    plan = trial.fresh()
    layer = plan.make()

    def values(**keywords: Any) -> Values:
        return framework.values(running.eager(plan, layer, **keywords))

    inference = values(training=False)
    if not framework.same(inference, values(training=False)):
        raise NotRun("in inference mode each call gives other values")
    if claim.gravity == "note":
        if framework.same(inference, values()):
            raise NotSeen("called without `training`, it is in inference mode")
        return "called without `training`, it gives other values than in inference mode"
    predicted = framework.values(
        _around(trial, plan, layer, takes_training=True).predict_on_batch(_packed(trial, plan))
    )
    if not framework.same(inference, predicted):
        raise NotRun("in a Model whose `call` takes `training`, predict gives other values than inference mode")
    predicted = framework.values(
        _around(trial, plan, layer, takes_training=False).predict_on_batch(_packed(trial, plan))
    )
    if framework.same(inference, predicted):
        raise NotSeen("in a Model whose `call` takes no `training`, predict is in inference mode")
    return "in a Model whose `call` takes no `training`, predict gives other values than inference mode"


def _packed(trial: Trial, plan: Plan) -> Any:
    args, kwargs = plan.arrays(plan.given.batch or 2)
    if len(args) != 1 or kwargs:
        raise NotRun("it takes more than one argument, which a Model does not hand on")
    return args[0]


def _around(trial: Trial, plan: Plan, layer: Any, takes_training: bool) -> Any:
    """A subclassed Model around the layer, whose `call` takes `training` or knows nothing of it."""

    class Plain(trial.framework.keras.Model):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.layer = layer

        def call(self, inputs: Any) -> Any:
            return self.layer(inputs)

    class Passing(Plain):
        def call(self, inputs: Any, training: bool | None = None) -> Any:
            return super().call(inputs)

    return Passing() if takes_training else Plain()


HOOKS = Hooks(observe=trains_by_default)
