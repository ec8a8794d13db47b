"""No `get_config`: a Keras that makes none by itself has no configuration of the arguments."""

from __future__ import annotations

from keras_layer_lint.confirm.hooks import Hooks
from keras_layer_lint.confirm.oracles import objects
from keras_layer_lint.confirm.oracles.arguments import owner_of
from keras_layer_lint.confirm.oracles.trial import NotRun, NotSeen, Trial
from keras_layer_lint.confirm.probe import Claim
from keras_layer_lint.keras.methods import BASE_ARGUMENTS


def _is_missing(trial: Trial, claim: Claim) -> str:
    """No class of the project defines a `get_config`, and `__init__` takes more than every layer does."""
    cls = trial.fresh(repaired=True).cls
    own = [base for base in cls.__mro__ if not trial.framework.is_its_own(base)]
    if any("get_config" in vars(base) for base in own):
        raise NotSeen("has a get_config")
    names = [name for name in claim.expects.arguments if name not in BASE_ARGUMENTS and owner_of(cls, name) is not None]
    if not names:
        raise NotRun("`__init__` takes none of the arguments that the finding names")
    return f"`__init__` takes {', '.join(names)}, and no class of the project has a get_config"


def _is_of_another_version(trial: Trial, claim: Claim) -> bool:
    """What Keras does in another version is not seen here: that there is no `get_config` is."""
    return claim.gravity == "note" and not objects.place_of(trial.framework, trial.cls)


HOOKS = Hooks(observe=_is_missing, applies=_is_of_another_version, refutes_uncalled=True)
