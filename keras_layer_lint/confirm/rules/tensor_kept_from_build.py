"""A tensor that `build` computes from a weight: the weight gets no gradient through it."""

from __future__ import annotations

from keras_layer_lint.confirm.hooks import Hooks
from keras_layer_lint.confirm.oracles import running
from keras_layer_lint.confirm.oracles.trial import NotRun, NotSeen, Trial
from keras_layer_lint.confirm.probe import Claim
from keras_layer_lint.expectation import Effect


def _without_gradient(trial: Trial, claim: Claim) -> str:
    tf = trial.framework.tf
    if tf is None:
        raise NotRun("gradients are taken on TensorFlow only")
    plan = trial.fresh(repaired=True)
    layer = plan.make()
    running.eager(plan, layer)
    held = getattr(layer, claim.expects.attribute, None) if claim.expects.attribute else layer.trainable_weights
    weights = list(held) if isinstance(held, list | tuple) else [held]
    if not weights or weights[0] is None:
        raise NotRun("there is no weight")
    with tf.GradientTape() as tape:
        outputs = running.eager(plan, layer)
        loss = tf.add_n([tf.reduce_sum(leaf) for leaf in tf.nest.flatten(outputs) if leaf.dtype.is_floating])
    gradients = tape.gradient(loss, weights)
    if all(gradient is not None for gradient in gradients):
        raise NotSeen("each weight gets a gradient, by another way too")
    return f"{claim.expects.attribute or 'a weight'} gets no gradient"


def _speaks_of_weight(trial: Trial, claim: Claim) -> bool:
    return claim.says(Effect.NOT_TRAINED)


HOOKS = Hooks(observe=_without_gradient, applies=_speaks_of_weight)
