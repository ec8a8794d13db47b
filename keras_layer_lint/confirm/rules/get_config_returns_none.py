"""`get_config` returns None, on some path: that, and no other error of saving or loading, is what is said."""

from __future__ import annotations

from keras_layer_lint.confirm.hooks import Hooks
from keras_layer_lint.confirm.oracles import objects
from keras_layer_lint.confirm.oracles.reload import error_of, plans_to_save, saved_and_loaded
from keras_layer_lint.confirm.oracles.trial import NotRun, NotSeen, Trial
from keras_layer_lint.confirm.probe import Claim
from keras_layer_lint.confirm.subject import brief


def _returns_none(trial: Trial, claim: Claim) -> str:
    trial.fresh(repaired=True)
    found: Exception = NotRun("the layer cannot be constructed")
    for plan in plans_to_save(trial, claim):
        if error_of(plan.make) is not None:
            continue
        layer = plan.make()
        try:
            config = layer.get_config()
        except Exception as error:
            found = found if isinstance(found, NotSeen) else NotRun(f"get_config raises {brief(error)}")
            continue
        if config is not None:
            found = NotSeen("get_config returns the configuration")
            continue
        trial.show(plan)
        phase, raised = saved_and_loaded(trial, plan, layer)
        return "get_config returns None" if raised is None else f"{phase}: {brief(raised)}"
    raise found


def _is_a_layer(trial: Trial, claim: Claim) -> bool:
    return not objects.place_of(trial.framework, trial.cls)


HOOKS = Hooks(observe=_returns_none, applies=_is_a_layer, refutes_uncalled=True)
