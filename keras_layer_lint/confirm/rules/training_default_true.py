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
    if not framework.same(inference, _predicted(trial, plan, layer, takes_training=True)):
        raise NotRun("in a Model whose `call` takes `training`, predict gives other values than inference mode")
    if framework.same(inference, _predicted(trial, plan, layer, takes_training=False)):
        raise NotSeen("in a Model whose `call` takes no `training`, predict is in inference mode")
    return "in a Model whose `call` takes no `training`, predict gives other values than inference mode"


def _predicted(trial: Trial, plan: Plan, layer: Any, *, takes_training: bool) -> Values:
    """What `predict` gives of a subclassed Model that calls the layer as the plan does."""
    framework = trial.framework
    tree, given = framework.tree, plan.arrays(plan.given.batch or 2)
    arrays = running.model_inputs(framework, plan)

    class Plain(framework.keras.Model):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.layer = layer

        def call(self, inputs: Any) -> Any:
            left = iter(inputs if len(arrays) > 1 else [inputs])
            args, kwargs = tree.map_structure(
                lambda leaf: next(left) if isinstance(leaf, framework.np.ndarray) else leaf, list(given)
            )
            return self.layer(*args, **kwargs)

    class Passing(Plain):
        def call(self, inputs: Any, training: bool | None = None) -> Any:
            return super().call(inputs)

    model = Passing() if takes_training else Plain()
    return framework.values(model.predict_on_batch(arrays if len(arrays) > 1 else arrays[0]))


HOOKS = Hooks(observe=trains_by_default)
