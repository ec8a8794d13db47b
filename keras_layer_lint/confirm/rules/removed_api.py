"""A default that a base of Keras no longer takes: planning gives another value in its place, so it is left out here."""

from __future__ import annotations

import ast
from dataclasses import replace

from keras_layer_lint.confirm.hooks import Hooks
from keras_layer_lint.confirm.oracles.trial import NotSeen, Trial
from keras_layer_lint.confirm.probe import Claim
from keras_layer_lint.confirm.subject import brief


def constructed_by_default(trial: Trial, claim: Claim) -> str:
    """Constructed with the arguments of the plan, but for those that the claim speaks of."""
    plan = trial.fresh()
    call = ast.parse(f"_({plan.arguments}\n)", mode="eval").body
    assert isinstance(call, ast.Call)
    call.keywords = [each for each in call.keywords if each.arg not in claim.expects.arguments]
    left = ", ".join(ast.unparse(part) for part in (*call.args, *call.keywords))
    try:
        replace(plan, arguments=left).make()
    except Exception as error:
        if type(error).__name__ in claim.expects.errors:
            return f"constructed with the default: {brief(error)}"
        raise
    raise NotSeen("constructed with the default without an error")


HOOKS = Hooks(observe=constructed_by_default, applies=lambda trial, claim: bool(claim.expects.arguments))
