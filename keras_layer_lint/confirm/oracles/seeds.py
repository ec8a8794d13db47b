"""What a traced layer draws: the numbers of one seed again, or others from a state that is not the layer's."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any

from keras_layer_lint.confirm.framework import Framework, Values
from keras_layer_lint.confirm.oracles import running
from keras_layer_lint.confirm.oracles.trial import NotSeen, Trial
from keras_layer_lint.confirm.probe import Claim
from keras_layer_lint.expectation import Effect

if TYPE_CHECKING:
    from keras_layer_lint.confirm.planning.plan import Plan


def seeds(trial: Trial, claim: Claim) -> str:
    """What two calls of the traced layer give."""
    plan = trial.fresh(repaired=True)
    if claim.says(Effect.SAME_NUMBERS):
        return same_draws(trial, claim, plan)
    if trial.framework.same(*_draws(trial, plan)):
        raise NotSeen("two calls give the same values")
    return "two calls give different values, and the variables of the layer stay as they are"


def same_draws(trial: Trial, claim: Claim, plan: Plan) -> str:
    """Two calls of the traced layer draw the same numbers; with other seeds it draws others."""
    framework = trial.framework
    first, second = _draws(trial, plan)
    if not framework.same(first, second):
        raise NotSeen("two calls give different values")
    with _other_seeds(framework):
        others, _ = _draws(trial, plan)
    if framework.same(first, others):
        raise NotSeen("it gives the same values with any seed")
    seed = claim.expects.seed
    of = "" if seed is None else f", those of the seed {seed}"
    return f"two calls give the same values{of}: {first[0].ravel()[:3].tolist()}"


@contextmanager
def _other_seeds(framework: Framework) -> Iterator[None]:
    """Whatever Keras draws, it draws with another seed than it was given."""
    random: Any = import_module(f"keras.src.backend.{framework.backend}.random")
    draw = random.draw_seed
    random.draw_seed = lambda seed: framework.keras.ops.add(draw(seed), 1)
    try:
        yield
    finally:
        random.draw_seed = draw


def _draws(trial: Trial, plan: Plan) -> tuple[Values, Values]:
    """The outputs of two calls in training; it must keep no state."""
    framework = trial.framework
    layer = plan.make()
    running.eager(plan, layer)
    training = {} if "training" in plan.given.named else {"training": True}
    call = running.function(framework, plan, layer, **training)
    before = framework.values([variable.value for variable in layer.variables])
    first, second = framework.values(call()), framework.values(call())
    if not framework.same(before, framework.values([variable.value for variable in layer.variables])):
        raise NotSeen("the layer keeps a state that changes with each call")
    return first, second
