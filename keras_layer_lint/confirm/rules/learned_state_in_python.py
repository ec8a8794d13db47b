"""What a layer learns by a method of its own and does not save: the method is called, then the layer is saved."""

from __future__ import annotations

from keras_layer_lint.confirm.hooks import Hooks
from keras_layer_lint.confirm.oracles import running
from keras_layer_lint.confirm.oracles.saving import save_and_load
from keras_layer_lint.confirm.oracles.trial import NotRun, NotSeen, Trial
from keras_layer_lint.confirm.probe import Claim
from keras_layer_lint.confirm.subject import brief


def _is_lost(trial: Trial, claim: Claim) -> str:
    """The layer learns from the inputs of the plan; what is loaded computes what it did not compute before."""
    framework = trial.framework
    plan = trial.fresh(repaired=True)
    layer = plan.make()
    inputs = running.model_inputs(framework, plan)
    [method] = claim.expects.arguments
    getattr(layer, method)(inputs[0])
    model = running.model_to_save(framework, plan, layer)
    if model is None:
        raise NotRun("what it takes or returns cannot be the inputs or outputs of a model to save")
    before = framework.values(model(inputs))
    if not framework.same(before, framework.values(model(inputs))):
        raise NotRun("its outputs differ from call to call")
    phase, error, loaded = save_and_load(trial, model)
    if error is not None:
        raise NotRun(f"{phase}: {brief(error)}")
    if framework.same(before, framework.values(loaded(inputs))):
        raise NotSeen("saved and loaded, it computes the same")
    return f"`{method}` was called; saved and loaded, it computes something else"


HOOKS = Hooks(observe=_is_lost)
