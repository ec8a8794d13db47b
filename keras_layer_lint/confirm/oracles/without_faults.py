"""A configuration without the faults of other findings, which may raise before the one that is looked for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from keras_layer_lint.confirm.oracles.arguments import given_values, init_parameters
from keras_layer_lint.confirm.oracles.trial import Trial
from keras_layer_lint.confirm.probe import Claim
from keras_layer_lint.expectation import Effect

if TYPE_CHECKING:
    from keras_layer_lint.confirm.planning.plan import Plan


@contextmanager
def without_other_findings(trial: Trial, claim: Claim, plan: Plan) -> Iterator[str]:
    """Within, `get_config` also returns the arguments that other findings miss, and no key that others call unknown.

    Yields what was changed, for people to read; empty where nothing could be.
    """
    own = set(claim.expects.arguments)
    taken = init_parameters(plan.cls)
    missing = [name for name in _named_by(trial, claim, Effect.MISSING_KEY) if name in taken and name not in own]
    unknown = [name for name in _named_by(trial, claim, Effect.UNKNOWN_KEY) if name not in taken and name not in own]
    given = given_values(plan) if missing else {}
    put_in = {name: given[name] for name in missing if name in given}
    if not put_in and not unknown:
        yield ""
        return
    original = plan.cls.get_config
    had_own = "get_config" in vars(plan.cls)

    def get_config(self: Any) -> Any:
        config = {**original(self), **put_in}
        return {key: value for key, value in config.items() if key not in unknown}

    plan.cls.get_config = get_config
    try:
        changes = [f"with {', '.join(put_in)}" if put_in else "", f"without {', '.join(unknown)}" if unknown else ""]
        yield f"{' and '.join(part for part in changes if part)} in the config"
    finally:
        if had_own:
            plan.cls.get_config = original
        else:
            del plan.cls.get_config


def _named_by(trial: Trial, claim: Claim, effect: Effect) -> list[str]:
    others = [other for other in trial.probe.claims if other != claim and other.says(effect)]
    return [name for other in others for name in other.expects.arguments]
