"""Whether a layer computes something else when it is traced."""

from __future__ import annotations

from typing import TYPE_CHECKING

from keras_layer_lint.confirm.oracles import fitting, running
from keras_layer_lint.confirm.oracles.outputs import difference
from keras_layer_lint.confirm.oracles.rounding import is_of_rounding
from keras_layer_lint.confirm.oracles.trial import Trial
from keras_layer_lint.confirm.subject import brief

if TYPE_CHECKING:
    from keras_layer_lint.confirm.planning.plan import Plan


_ROUNDING = 1e-5
"""Numbers that are nearer to each other, as part of the largest, are not shown where others are."""


def two_values(trial: Trial, plan: Plan) -> str:
    """What a layer gives traced and in eager mode, where that differs; empty where it does not, or at random."""
    framework = trial.framework
    if fitting.is_fitted(framework, plan.cls):
        return ""
    if any(tensor.kind == "masked" for tensor in plan.given.tensors()):
        return ""  # a traced function is given the values without their mask
    layer = plan.make()
    if trial.steps is not None:
        trial.steps.forget()
    eager = framework.values(running.eager(plan, layer))
    if not framework.same(eager, framework.values(running.eager(plan, layer))):
        return ""  # random
    if trial.steps is not None:
        trial.steps.forget()
        running.eager(plan, layer)
    try:
        traced = framework.values(running.traced(framework, plan, layer, unknown_batch=True))
    except Exception as error:
        return f"traced it runs into {brief(error)}"
    if framework.same(eager, traced) or is_of_rounding(framework, plan, layer):
        return ""
    shown = difference(traced, eager, _ROUNDING) or difference(traced, eager, 0)
    return f"other values when traced: {shown}"
