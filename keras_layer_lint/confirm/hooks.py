"""How a rule is confirmed where its oracle alone does not do: the modules under `confirm/rules/`, found by a walk."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, TypeAlias

from keras_layer_lint.confirm import rules

if TYPE_CHECKING:
    from keras_layer_lint.confirm.oracles.trial import Trial
    from keras_layer_lint.confirm.planning.inputs import Inputs
    from keras_layer_lint.confirm.probe import Claim

Observe: TypeAlias = "Callable[[Trial, Claim], str]"
"""Runs the layer and returns what was seen of what a claim says; raises NotSeen where it was not, NotRun where it could
not be run."""


def _always(trial: Trial, claim: Claim) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Hooks:
    """What a rule does in its own way, each in place of what its oracle does."""

    observe: Observe | None = None
    """Decides on a claim."""
    applies: Callable[[Trial, Claim], bool] = _always
    """Whether `observe` decides on this claim; else the oracle does."""
    refutes_uncalled: bool = False
    """Whether `observe` refutes a claim on a layer that could be constructed and not called."""
    inputs: Callable[[Inputs], Inputs] | None = None
    """The inputs that a claim speaks of, from those of the plan; such claims are traced by themselves."""
    after_tracing: Callable[[Trial, Claim], None] | None = None
    """Decides on a claim that tracing has left open, or leaves it so."""


_NONE = Hooks()


@cache
def registered() -> dict[str, Hooks]:
    """The hooks by the name of the module."""
    found = {}
    for module in pkgutil.iter_modules(rules.__path__):
        hooks: Hooks = import_module(f"{rules.__name__}.{module.name}").HOOKS
        found[module.name] = hooks
    return found


def hooks_of(claim: Claim) -> Hooks:
    """What the rule of a claim does in its own way."""
    return registered().get(claim.name.replace("-", "_"), _NONE)


def own_observation(trial: Trial, claim: Claim) -> Observe | None:
    """How the rule of a claim decides on it; None where its oracle does."""
    hooks = hooks_of(claim)
    return hooks.observe if hooks.observe is not None and hooks.applies(trial, claim) else None
