"""No `get_config`: that which Keras makes by itself holds the arguments only while they are plain values."""

from __future__ import annotations

from keras_layer_lint.confirm.edits import whole
from keras_layer_lint.confirm.hooks import Hooks
from keras_layer_lint.confirm.oracles import objects
from keras_layer_lint.confirm.oracles.arguments import given_in
from keras_layer_lint.confirm.oracles.reload import error_of, saved_the_same
from keras_layer_lint.confirm.oracles.saving import model_with, round_trip
from keras_layer_lint.confirm.oracles.trial import NotRun, NotSeen, Trial
from keras_layer_lint.confirm.probe import Claim
from keras_layer_lint.confirm.subject import brief


def _is_held(trial: Trial, claim: Claim) -> str:
    """The automatic configuration holds the arguments; or it refuses one, which the finding speaks of, too."""
    try:
        return _held(trial, claim)
    except NotRun as error:
        if "non-serializable argument" in str(error):
            return str(error)
        raise


def _held(trial: Trial, claim: Claim) -> str:
    plan = trial.fresh(repaired=True)
    bases = [base for base in plan.cls.__mro__ if base.__module__ == trial.subject.name]
    if any("get_config" in vars(base) for base in bases):
        raise NotSeen("has a get_config")
    layer = plan.make()
    if (raised := error_of(layer.get_config)) is not None:
        raise NotRun(f"get_config: {brief(raised)}")
    missing = sorted(given_in(trial.plan.arguments).keys() - set(layer.get_config()))
    if missing:
        raise NotSeen(f"the automatic get_config does not hold {', '.join(missing)}")
    statement = trial.subject.source.statement(claim.line)
    own = range(0) if statement is None else whole(statement)
    if any(other.line in own for other in trial.probe.claims if other != claim and other.severity == "error"):
        return "the automatic get_config holds the arguments; the class has another fault"
    try:
        model = model_with(trial, plan)
    except Exception:
        if (raised := error_of(lambda: round_trip(trial, plan.make()))) is not None:
            raise NotRun(f"from its configuration: {brief(raised)}") from raised
        return "the automatic get_config holds the arguments, and a layer is made from it"
    return saved_the_same(trial, plan, model)


def _works(trial: Trial, claim: Claim) -> bool:
    return claim.severity == "note" and not objects.place_of(trial.framework, trial.cls)


HOOKS = Hooks(observe=_is_held, applies=_works)
