"""Names of the arguments of `build`: Keras names them in the error, or cannot call `build`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from keras_layer_lint.confirm.hooks import Hooks
from keras_layer_lint.confirm.oracles.build import Variant, lifecycle, speaks_of
from keras_layer_lint.confirm.oracles.trial import Trial
from keras_layer_lint.confirm.probe import Claim

if TYPE_CHECKING:
    from keras_layer_lint.confirm.planning.plan import Plan


def _drop_other_definitions(trial: Trial, claim: Claim, plan: Plan) -> None:
    """Methods that other findings speak of may raise first."""
    for other in trial.probe.claims:
        statement = trial.subject.source.statement(other.line)
        if other != claim and isinstance(statement, ast.FunctionDef) and statement.name in vars(plan.cls):
            delattr(plan.cls, statement.name)


def _names_argument(trial: Trial, claim: Claim, plan: Plan, error: Exception) -> bool:
    statement = trial.subject.source.statement(claim.line)
    if not isinstance(statement, ast.FunctionDef):
        return speaks_of(trial, claim, plan, error)
    names = [name for name in (*claim.expects.arguments, statement.name) if name.endswith("_shape")]
    return any(name in str(error) for name in names) or (
        isinstance(error, TypeError) and f"{statement.name}()" in str(error)
    )


_VARIANT = Variant(prepare=_drop_other_definitions, explains=_names_argument)

HOOKS = Hooks(observe=lambda trial, claim: lifecycle(trial, claim, _VARIANT))
