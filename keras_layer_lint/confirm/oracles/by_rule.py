"""`train`, `mask`: runs that differ from rule to rule in what is looked at."""

from __future__ import annotations

from collections.abc import Sequence

from keras_layer_lint.confirm.hooks import own_observation
from keras_layer_lint.confirm.oracles.deciding import decide
from keras_layer_lint.confirm.oracles.trial import NotRun, Trial
from keras_layer_lint.confirm.probe import Claim


def run(trial: Trial, claims: Sequence[Claim]) -> None:
    """Each finding on its own, as the module of its rule says."""
    for claim in claims:
        decide(trial, claim, own_observation(trial, claim) or _unknown)


def _unknown(trial: Trial, claim: Claim) -> str:
    raise NotRun(f"nothing says how `{claim.oracle}` shows {claim.name}")
