"""What every layer takes, such as `name`: it is refused, or changes nothing."""

from __future__ import annotations

from keras_layer_lint.confirm.hooks import Hooks
from keras_layer_lint.confirm.oracles import objects
from keras_layer_lint.confirm.oracles.arguments import rearranged
from keras_layer_lint.confirm.oracles.reload import OF_EVERY_LAYER
from keras_layer_lint.confirm.oracles.trial import NotRun, NotSeen, Trial
from keras_layer_lint.confirm.probe import Claim
from keras_layer_lint.confirm.subject import brief


def _not_taken(trial: Trial, claim: Claim) -> str:
    """Given, it is refused, or the layer has another."""
    trial.fresh(repaired=True)
    seen, taken = [], []
    for name in (name for name in claim.expects.arguments if name in OF_EVERY_LAYER):
        given = OF_EVERY_LAYER[name]
        try:
            layer = rearranged(trial.plan, **{name: repr(given)}).make()
        except (TypeError, ValueError) as refused:
            seen.append(f"given {name}={given!r}: {brief(refused)}")
            continue
        if getattr(layer, name) == given:
            taken.append(name)
        else:
            seen.append(f"given {name}={given!r}, it has {getattr(layer, name)!r}")
    if not seen and not taken:
        raise NotRun("the finding names no argument that every layer takes")
    if not seen:
        raise NotSeen(f"takes {', '.join(taken)}")
    return "; ".join(seen)


def _says_it_cannot_be_set(trial: Trial, claim: Claim) -> bool:
    return claim.gravity == "note" and not objects.place_of(trial.framework, trial.cls)


HOOKS = Hooks(observe=_not_taken, applies=_says_it_cannot_be_set, refutes_uncalled=True)
