"""What a fix needs to know, beside what happens."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from keras_layer_lint.checks.outcome import Outcome, Outcomes
from keras_layer_lint.serialization.holding import lacking
from keras_layer_lint.serialization.layer_serialization import Serialization
from keras_layer_lint.serialization.signature import Parameter
from keras_layer_lint.target import Target


def with_lacking(
    outcomes: Outcomes,
    serialization: Serialization,
    parameters: Iterable[Parameter],
    base_keys: frozenset[str] | None = None,
) -> dict[Target, Outcome | None]:
    """The same, and how the config can hold arguments; and what that of the base holds, where there is no other."""
    facts = lacking(serialization, parameters) if any(outcomes.values()) else ()
    keys = None if base_keys is None else tuple(sorted(base_keys))
    return {
        target: outcome and replace(outcome, expects=replace(outcome.expects, lacking=facts, base_keys=keys))
        for target, outcome in outcomes.items()
    }
