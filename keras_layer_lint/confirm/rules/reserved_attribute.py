"""A name that Keras keeps for itself: what the line breaks may show only later, or only in a saved model."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from keras_layer_lint.confirm.hooks import Hooks
from keras_layer_lint.confirm.oracles.build import Variant, errors_of, lifecycle, speaks_of
from keras_layer_lint.confirm.oracles.saving import loses_weights
from keras_layer_lint.confirm.oracles.trial import Trial
from keras_layer_lint.confirm.probe import Claim

if TYPE_CHECKING:
    from keras_layer_lint.confirm.planning.plan import Plan


def _shows_now_or_later(trial: Trial, claim: Claim, plan: Plan, error: Exception) -> bool:
    """An error at the line; or one elsewhere that is not raised if the line is dropped."""
    if speaks_of(trial, claim, plan, error):
        return True
    if isinstance(trial.subject.source.statement(claim.line), ast.FunctionDef):
        return False
    made = trial.edited({claim: "dropped"})
    return made is not None and not errors_of(trial, made[0])


_VARIANT = Variant(explains=_shows_now_or_later, silent=loses_weights)

HOOKS = Hooks(observe=lambda trial, claim: lifecycle(trial, claim, _VARIANT))
