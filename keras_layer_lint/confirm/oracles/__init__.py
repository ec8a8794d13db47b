"""The oracles: each runs a layer one way and decides on the findings whose rule names it, whichever they are."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from keras_layer_lint.confirm.oracles import build, by_rule, graph, mixed_precision, purity, reload, xla
from keras_layer_lint.confirm.oracles.trial import Trial
from keras_layer_lint.confirm.probe import Claim
from keras_layer_lint.rule import Oracle

Run = Callable[[Trial, Sequence[Claim]], None]
"""Decides on findings."""

_ORACLES: dict[Oracle, Run] = {
    "graph": graph.run,
    "purity": purity.run,
    "build": build.run,
    "reload": reload.run,
    "train": by_rule.run,
    "mask": by_rule.run,
    "mixed precision": mixed_precision.run,
    "xla": xla.run,
}
ORDER = tuple(_ORACLES)
"""As they are run: what may end the process comes last."""


def oracle(name: Oracle) -> Run:
    """The oracle of a name."""
    return _ORACLES[name]
