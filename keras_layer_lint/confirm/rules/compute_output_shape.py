"""A shape that Keras cannot use: what raises in a functional model, and does not once the method is taken away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from keras_layer_lint.confirm.hooks import Hooks
from keras_layer_lint.confirm.oracles.build import Variant, errors_of, lifecycle
from keras_layer_lint.confirm.oracles.trial import Trial
from keras_layer_lint.confirm.probe import Claim
from keras_layer_lint.confirm.subject import brief

if TYPE_CHECKING:
    from keras_layer_lint.confirm.planning.plan import Plan

_METHOD = "compute_output_shape"


def _is_of_the_method(trial: Trial, claim: Claim, plan: Plan, error: Exception) -> bool:
    method = vars(plan.cls).get(_METHOD)
    if method is None or type(error).__name__ not in claim.expects.errors:
        return False
    delattr(plan.cls, _METHOD)
    try:
        return brief(error) not in map(brief, errors_of(trial, plan))
    finally:
        setattr(plan.cls, _METHOD, method)


_VARIANT = Variant(explains=_is_of_the_method)

HOOKS = Hooks(observe=lambda trial, claim: lifecycle(trial, claim, _VARIANT))
