"""A list that grows in a loop over a tensor: Keras 3 does not get past the loop unless AutoGraph converts it."""

from __future__ import annotations

from keras_layer_lint.confirm.edits import Edit
from keras_layer_lint.confirm.hooks import Hooks
from keras_layer_lint.confirm.oracles import running
from keras_layer_lint.confirm.oracles.blame import blamed
from keras_layer_lint.confirm.oracles.trial import Trial
from keras_layer_lint.confirm.probe import Claim
from keras_layer_lint.confirm.steps import Steps
from keras_layer_lint.confirm.subject import brief
from keras_layer_lint.target import Generation


def _converted(trial: Trial, claim: Claim) -> None:
    """In Keras 3 the loop is the first fault; in a function that AutoGraph converts the list is the next."""
    if trial.framework.generation is not Generation.KERAS3 or trial.framework.tf is None:
        return
    edits: dict[Claim, Edit] = {}
    while True:
        made = trial.edited(edits) if edits else (trial.fresh(), Steps(trial.framework))
        if made is None:
            return
        plan, trial.steps = made
        plan.cls.call = trial.framework.tf.function(plan.cls.call)
        others = [other for other in trial.probe.claims if other not in edits]
        try:
            running.symbolic(plan)
            running.traced(trial.framework, plan)
        except Exception as error:
            found = blamed(trial.framework, trial.subject, [claim, *others], error)
            if found == claim:
                trial.confirm(
                    claim, f"with the loop converted by AutoGraph: {brief(error)}", trial.subject.line_of(error)
                )
            if found is None or found == claim:
                return
            edits[found] = "stand-in"
            continue
        return


HOOKS = Hooks(after_tracing=_converted)
